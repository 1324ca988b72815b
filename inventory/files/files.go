// Package files tells what a system has under names: whose a file is and who may change it,
// by what way a name leads to it, what is in folders, and what a look at the whole tree finds.
//
// Most of it are functions that read through the system they are given, and no facts: a check
// that asks for thousands of names would have the answers thrown away and read again. Errors
// are those of the reads, so that [inventory.IsAbsent] finds a name that is not there. The
// sources are stat(2), readlink(2), getdents(2) and acl(5).
package files

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// File is what the tree tells of a file, a folder or a link.
type File struct {
	Name    string      // in the tree, as it was asked for
	Mode    fs.FileMode // its kind and, where they are known, the permission bits
	UID     uint32
	GID     uint32
	Changed time.Time    // when its content changed last
	Has     filetree.Has // which of these the tree knows
}

// Owned reports whether the permission bits, the owner and the group are known.
func (f File) Owned() bool { return f.Has&filetree.HasMode != 0 && f.Has&filetree.HasOwner != 0 }

// Dated reports whether it is known when the content changed last.
func (f File) Dated() bool { return f.Has&filetree.HasTimes != 0 }

// IsLink reports whether it is a symbolic link.
func (f File) IsLink() bool { return f.Mode&fs.ModeSymlink != 0 }

// Follow returns what is there by a name, behind links.
func Follow(ctx context.Context, s *inventory.System, name string) (File, error) {
	info, err := s.Stat(ctx, name)
	return describe(name, info, err)
}

// Look returns what is there by a name, a link as itself.
func Look(ctx context.Context, s *inventory.System, name string) (File, error) {
	info, err := s.Lstat(ctx, name)
	return describe(name, info, err)
}

func describe(name string, info fs.FileInfo, err error) (File, error) {
	if err != nil {
		return File{}, err
	}
	id := filetree.SysOf(info)
	return File{Name: name, Mode: info.Mode(), UID: id.UID, GID: id.GID, Changed: info.ModTime(), Has: id.Has}, nil
}

// ReadTarget returns where a link leads, as it stands in the link.
func ReadTarget(ctx context.Context, s *inventory.System, name string) (string, error) {
	return s.FS(ctx).ReadLink(name)
}

// FindFirst returns the first of some names that is there, behind links, and nothing where none is.
func FindFirst(ctx context.Context, s *inventory.System, names ...string) (string, error) {
	for _, name := range names {
		if _, err := s.Stat(ctx, name); err == nil {
			return name, nil
		} else if !inventory.IsAbsent(err, name) {
			return "", err
		}
	}
	return "", nil
}

// HasAccessList reports whether a file has an access control list beside its permission bits,
// acl(5).
func HasAccessList(ctx context.Context, s *inventory.System, name string) (bool, error) {
	_, err := s.Xattr(ctx, name, "system.posix_acl_access")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
