//go:build !windows

package inventory

import (
	"runtime"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Host returns the machine that this process runs on: its file tree, live. In a
// container that is the container; see [Dir] for the host around it. On an operating
// system without support it is an error that wraps [errors.ErrUnsupported].
//
// Mounts of other machines and programs are not touched unless [Limits] allow it.
// Without root's rights much cannot be seen, which checks report as unknown.
func Host() (Config, error) {
	f, err := filetree.Host()
	if err != nil {
		return Config{}, err
	}
	return Config{FS: f, Live: true, Platform: Platform{OS: runtime.GOOS}}, nil
}
