package inventory

import "runtime"

// Host answers the machine that this process runs on: its file tree, live. In a
// container that is the container; see [Dir] for the host around it.
//
// Mounts of other machines and programs are not touched unless [Limits] allow it.
// Without root's rights much cannot be seen, which checks report as unknown.
func Host() (Config, error) {
	f, err := newLinuxFS("/", true)
	if err != nil {
		return Config{}, err
	}
	return Config{FS: f, Live: true, Platform: Platform{OS: runtime.GOOS}}, nil
}
