package inventory

import (
	"io/fs"
	"strings"
	"time"
)

// FS is the file tree of a system. It is small so that a vendor can bring one;
// bounds, tracking and time limits are put around it by [New].
//
// The contract, which checktest.TestFS holds an implementation to:
//
//   - Names follow [ValidName]. They are bytes: one that is not UTF-8 is a name
//     like any other, and neither vanishes from its folder nor fails it.
//   - Open opens regular files and folders only. A FIFO, socket or device is an
//     error that wraps [ErrIrregular], at once and without opening it. A folder
//     is read through [fs.ReadDirFile].
//   - Lstat and ReadLink do not follow a link in the last element.
//   - Each FileInfo answers Sys() with a *[FileSys].
//   - Errors are *[fs.PathError] with the name as it was asked; what is not there
//     wraps [fs.ErrNotExist], what may not be read [fs.ErrPermission].
//   - Methods may be called at the same time from many goroutines.
//
// An FS that also has the methods of [RootedFS] resolves links itself, inside
// its tree. Any other is wrapped in [ResolveLinks]. One that has those of
// [XattrFS] shows extended attributes. One that is an [io.Closer] is closed by
// [System.Close].
type FS = fs.ReadLinkFS

// RootedFS is an FS that resolves links in names itself and never leaves its
// tree: an absolute link starts at the root of the tree, and ".." at the root is
// the root.
type RootedFS interface {
	FS
	// Stat is Lstat, but follows a link in the last element.
	fs.StatFS
	// Rooted declares the promise; it does nothing.
	Rooted()
}

// XattrFS is an FS with extended attributes. Xattr answers the value of one
// attribute of the file itself, a link not followed; an attribute that is not
// there wraps [fs.ErrNotExist].
type XattrFS interface {
	Xattr(name, attr string) ([]byte, error)
}

// ValidName reports whether name is a name in an [FS]: "." for the root, else
// elements separated by one slash each, of any bytes but NUL and slash, none of
// them empty, "." or "..". Unlike [fs.ValidPath] it does not ask for UTF-8, which
// names on real disks need not be. An FS may refuse more, as Windows does for
// "C:/CON" or "C:/x:stream".
func ValidName(name string) bool {
	if name == "." {
		return true
	}
	if strings.IndexByte(name, 0) >= 0 {
		return false
	}
	for {
		elem, rest, more := strings.Cut(name, "/")
		if elem == "" || elem == "." || elem == ".." {
			return false
		}
		if !more {
			return true
		}
		name = rest
	}
}

// Has says which fields of a [FileSys] are real. An archive made without owners
// has none, however its zero fields read.
type Has uint8

// The parts of a file's identity that a tree may or may not know.
const (
	HasOwner Has = 1 << iota // UID and GID
	HasMode                  // the permission bits of FileInfo.Mode
	HasInode                 // Inode, Dev and Links
	HasTimes                 // FileInfo.ModTime and ChangeTime
	HasSize                  // FileInfo.Size; pseudo files state none
	HasSID                   // Owner and Group, on Windows
	HasXattr                 // extended attributes; said of the table of a walk only
)

// FileSys is what FileInfo.Sys() answers on every operating system and for every
// kind of image.
type FileSys struct {
	Has        Has
	UID, GID   uint32
	Owner      string // the owner's SID, as S-1-5-18
	Group      string // the primary group's SID
	Inode, Dev uint64
	Links      uint64    // hard links to the file
	ChangeTime time.Time // of the inode (ctime), where HasTimes is set
}

// SysOf returns the identity of a file, with nothing known where info has none.
func SysOf(info fs.FileInfo) FileSys {
	if s, ok := info.Sys().(*FileSys); ok && s != nil {
		return *s
	}
	return FileSys{}
}
