package inventory

import "github.com/hardening-sdk/hardening/inventory/filetree"

// Dir returns the system whose root is a folder: an unbooted tree, such as a mounted
// image. Links are resolved inside it.
//
// On Linux, with [Config].Live set before [New], it is a running host that is seen from
// inside a container, such as "/host": its proc/self is then that of its first process, and
// what is mounted on the host but not visible in the container is unavailable. The
// container needs the host's /proc below the folder.
func Dir(root string) (Config, error) {
	f, err := filetree.Dir(root)
	if err != nil {
		return Config{}, err
	}
	return Config{FS: f}, nil
}
