package filetree

import (
	"io/fs"
	"time"
)

// FS is the file tree of a system. It is small so that a vendor can bring one; bounds,
// tracking and time limits are put around it by inventory.New.
//
// The contract, which inventorytest.TestFS holds an implementation to:
//
//   - Names follow [ValidName]. They are bytes: one that is not UTF-8 is a name
//     like any other, and neither vanishes from its folder nor fails it.
//   - A name that is none is [fs.ErrInvalid].
//   - Open opens regular files and folders only. A FIFO, socket or device is an
//     error that wraps [ErrIrregular], at once and without opening it. A folder
//     is read through [fs.ReadDirFile].
//   - Lstat and ReadLink do not follow a link in the last element. ReadLink of what is no
//     link is an error. Open need not follow links: a tree that is no [RootedFS] is
//     asked for names without links only.
//   - Sys() of each FileInfo is a *[Sys].
//     What Has does not name is not known. A rule that needs it of all files, such as
//     their modes, is unknown if it is not known of one, the root and folders that an
//     archive only implies included: give those what the system would make them with.
//   - Errors are *[fs.PathError] with any Op and the name as it was asked; what is not there
//     wraps [fs.ErrNotExist], what may not be read [fs.ErrPermission].
//   - Methods may be called at the same time from many goroutines.
//
// An FS that also has the methods of [RootedFS] resolves links itself, inside
// its tree. Any other is wrapped in [ResolveLinks]. One that has those of
// [XattrFS] shows extended attributes. One that is an [io.Closer] is closed by
// System.Close.
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

// GuardedFS is a RootedFS that asks a guard about the names its links lead to. GuardLinks
// returns a view of the tree for one read.
type GuardedFS interface {
	RootedFS
	GuardLinks(g *LinkGuard) RootedFS
}

// XattrFS is an FS with extended attributes. Xattr returns the value of one
// attribute of the file itself, a link not followed; an attribute that is not
// there wraps [fs.ErrNotExist].
type XattrFS interface {
	Xattr(name, attr string) ([]byte, error)
}

// Has says which fields of a [Sys] are real. An archive made without owners
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
	HasXattr                 // extended attributes; said of the [Table] of a walk only
)

// Sys is what FileInfo.Sys() returns on every operating system and for every kind
// of image.
type Sys struct {
	Has        Has
	UID, GID   uint32
	Owner      string // the owner's SID, as S-1-5-18
	Group      string // the primary group's SID
	Inode, Dev uint64
	Links      uint64    // hard links to the file
	ChangeTime time.Time // of the inode (ctime), where HasTimes is set
}

// SysOf returns the identity of a file, with nothing known where info has none.
func SysOf(info fs.FileInfo) Sys {
	if s, ok := info.Sys().(*Sys); ok && s != nil {
		return *s
	}
	return Sys{}
}
