//go:build !linux && !windows

package filetree

import (
	"errors"
	"fmt"
	"runtime"
)

// Host returns the tree of the machine that this process runs on. On this operating system
// it is an error that wraps [errors.ErrUnsupported].
func Host() (FS, error) {
	return nil, fmt.Errorf("%w: the running host is not examined on %s, only folders and images are",
		errors.ErrUnsupported, runtime.GOOS)
}
