package file

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Changeable says how others than root can change a file, or what is in a folder: "belongs to
// user 1000", "may be written to by everybody (mode 0777)". It is empty where they cannot. In a
// folder with the sticky bit, such as tmp, they can add, and not change what is root's. There
// is false where there is no such file.
func Changeable(ctx context.Context, sys *inventory.System, name string) (how string, there bool, err error) {
	info, err := sys.Stat(ctx, name)
	if inventory.IsAbsent(err, name) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	id := filetree.SysOf(info)
	if id.Has&filetree.HasMode == 0 || id.Has&filetree.HasOwner == 0 {
		return "", true, fmt.Errorf("the tree does not know mode and owner of %s: %w", name, inventory.ErrUnavailable)
	}
	m := info.Mode()
	sticky := m.IsDir() && m&fs.ModeSticky != 0
	switch {
	case id.UID != 0:
		how = fmt.Sprintf("belongs to user %d", id.UID)
	case m.Perm()&0o002 != 0 && !sticky:
		how = fmt.Sprintf("may be written to by everybody (mode %s)", ModeOf(m))
	case m.Perm()&0o020 != 0 && id.GID != 0 && !sticky:
		how = fmt.Sprintf("may be written to by group %d (mode %s)", id.GID, ModeOf(m))
	}
	return how, true, nil
}
