//go:build !linux && !darwin && !freebsd

package sys

import "io/fs"

// Nonblock makes an open that would wait not do so, where there is such a flag.
const Nonblock = 0

// Identify reads the identity of a file of the os package. It is always false: how
// this operating system tells it is not read here.
func Identify(fs.FileInfo) (Identity, bool) { return Identity{}, false }
