package file

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Changeable says how others than root can change a file, or what is in a folder: "belongs to
// user 1000", "may be written to by everybody (mode 0777)". It is empty where they cannot. In a
// folder with the sticky bit, such as tmp, they can add, and not change what is root's. There
// is false where there is no such file.
func Changeable(ctx context.Context, sys *inventory.System, name string) (how string, there bool, err error) {
	f, err := files.Follow(ctx, sys, name)
	if inventory.IsAbsent(err, name) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	if !f.Owned() {
		return "", true, fmt.Errorf("the tree does not know mode and owner of %s: %w", name, inventory.ErrUnavailable)
	}
	m := f.Mode
	sticky := m.IsDir() && m&fs.ModeSticky != 0
	switch {
	case f.UID != 0:
		how = fmt.Sprintf("belongs to user %d", f.UID)
	case m.Perm()&0o002 != 0 && !sticky:
		how = fmt.Sprintf("may be written to by everybody (mode %s)", ModeOf(m))
	case m.Perm()&0o020 != 0 && f.GID != 0 && !sticky:
		how = fmt.Sprintf("may be written to by group %d (mode %s)", f.GID, ModeOf(m))
	}
	return how, true, nil
}
