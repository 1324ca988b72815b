package inventory

import "time"

// Limits bounds what one scan may take. The zero value is the defaults; a
// negative number means none at all is allowed, never "no limit".
type Limits struct {
	// FileSize is the most bytes of one file that are read. A larger file is
	// refused whole. Default 32 MiB.
	FileSize int64
	// DirEntries is the most entries of one folder. Default 1,000,000.
	DirEntries int
	// TreeEntries is the most files, folders and links that the walk of the
	// whole tree records. Default 10,000,000, about 500 MB.
	TreeEntries int
	// TreeDepth is the most nested folders that the walk enters. Default 512.
	TreeDepth int
	// LinkDepth is the most links that one name may lead through. Default 40,
	// as in Linux (path_resolution(7)).
	LinkDepth int
	// KeyedEntries is the most answers that one [Keyed] fact keeps. Default 1024.
	KeyedEntries int
	// FactTime is the longest that one fact may take. Default one minute; the
	// walk of the tree has ten times that.
	FactTime time.Duration
	// Mounts says which mounts of a live host may be touched although asking
	// them can hang or connect. Default none.
	Mounts MountClass
}

// MountClass is a set of kinds of mounts that are left alone unless allowed.
type MountClass uint8

// The kinds of mounts whose reading can hang, connect or mount.
const (
	MountNetwork MountClass = 1 << iota // NFS, CIFS, Ceph, 9p and their like; drives of other machines on Windows
	MountFUSE                           // a program answers each read
	MountAuto                           // autofs: looking mounts something; removable drives on Windows
)

const (
	defaultFileSize     = 32 << 20
	defaultDirEntries   = 1_000_000
	defaultTreeEntries  = 10_000_000
	defaultTreeDepth    = 512
	defaultLinkDepth    = 40
	defaultKeyedEntries = 1024
	defaultFactTime     = time.Minute
)

// orDefault answers l with each zero field replaced by its default.
func (l Limits) orDefault() Limits {
	set := func(p *int, d int) {
		if *p == 0 {
			*p = d
		}
	}
	set(&l.DirEntries, defaultDirEntries)
	set(&l.TreeEntries, defaultTreeEntries)
	set(&l.TreeDepth, defaultTreeDepth)
	set(&l.LinkDepth, defaultLinkDepth)
	set(&l.KeyedEntries, defaultKeyedEntries)
	if l.FileSize == 0 {
		l.FileSize = defaultFileSize
	}
	if l.FactTime == 0 {
		l.FactTime = defaultFactTime
	}
	return l
}
