//go:build !linux && !windows

package inventory

import (
	"errors"
	"fmt"
	"runtime"
)

// Host answers the machine that this process runs on. On this operating system it
// is an error that wraps [errors.ErrUnsupported].
func Host() (Config, error) {
	return Config{}, fmt.Errorf("%w: the running host is not examined on %s, only folders and images are",
		errors.ErrUnsupported, runtime.GOOS)
}
