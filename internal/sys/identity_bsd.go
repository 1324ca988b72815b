//go:build darwin || freebsd

package sys

import (
	"io/fs"
	"syscall"
	"time"
)

// Nonblock makes an open that would wait not do so.
const Nonblock = syscall.O_NONBLOCK

// Identify reads the identity of a file of the os package. It is false where that
// has none.
func Identify(info fs.FileInfo) (Identity, bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Identity{}, false
	}
	return Identity{
		UID: st.Uid, GID: st.Gid,
		Inode: uint64(st.Ino), Dev: uint64(st.Dev), Links: uint64(st.Nlink),
		ChangeTime: time.Unix(st.Ctimespec.Unix()),
	}, true
}
