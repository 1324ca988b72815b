// Package files reads what a system has under a name: the owner and permissions of a file, the
// folders on the way to it, the contents of folders, and what a survey of the whole tree finds.
//
// Most of the package are functions that read through the system they are given. They are no facts,
// since the results for the thousands of names that a check may ask for are not worth keeping.
// Errors are those of the reads, so that [inventory.IsAbsent] recognizes a missing name. The
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

// File describes a file, a folder or a link of the tree.
type File struct {
	Name    string       // in the tree, as it was asked for
	Mode    fs.FileMode  // the type and, if they are known, the permission bits
	UID     uint32       // the owner, if it is known
	GID     uint32       // the group, if it is known
	Changed time.Time    // when the content changed last, if that is known
	Has     filetree.Has // which of these the tree knows
}

// Owned reports whether the permission bits, the owner and the group are known.
func (f File) Owned() bool { return f.Has&filetree.HasMode != 0 && f.Has&filetree.HasOwner != 0 }

// Dated reports whether it is known when the content changed last.
func (f File) Dated() bool { return f.Has&filetree.HasTimes != 0 }

// IsLink reports whether the file is a symbolic link.
func (f File) IsLink() bool { return f.Mode&fs.ModeSymlink != 0 }

// Follow returns the file of a name. Symbolic links are followed.
func Follow(ctx context.Context, s *inventory.System, name string) (File, error) {
	info, err := s.Stat(ctx, name)
	return describe(name, info, err)
}

// Look returns the file of a name. A symbolic link is returned itself.
func Look(ctx context.Context, s *inventory.System, name string) (File, error) {
	info, err := s.Lstat(ctx, name)
	return describe(name, info, err)
}

// describe makes a File of what a read returned.
func describe(name string, info fs.FileInfo, err error) (File, error) {
	if err != nil {
		return File{}, err
	}
	id := filetree.SysOf(info)
	return File{Name: name, Mode: info.Mode(), UID: id.UID, GID: id.GID, Changed: info.ModTime(), Has: id.Has}, nil
}

// ReadTarget returns the target of a symbolic link, as it is written in the link.
func ReadTarget(ctx context.Context, s *inventory.System, name string) (string, error) {
	return s.FS(ctx).ReadLink(name)
}

// FindFirst returns the first of some names that exists, or "" if none does. Symbolic links are
// followed.
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

// HasAccessList reports whether a file has an access control list (acl(5)) beside its permission
// bits.
func HasAccessList(ctx context.Context, s *inventory.System, name string) (bool, error) {
	_, err := s.Xattr(ctx, name, "system.posix_acl_access")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
