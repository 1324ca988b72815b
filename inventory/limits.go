package inventory

import (
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Limits bounds what one scan may take. The zero value is the defaults; a
// negative number means none at all is allowed, never "no limit".
type Limits struct {
	// FileSize is the most bytes of one file that are read. A larger file is
	// refused whole. Default 32 MiB.
	FileSize int64
	// TextSize is the same for files that people write and programs read whole: those
	// below etc, home, root and the folders of units, but for the account databases.
	// Default 4 MiB, or FileSize where that is less.
	TextSize int64
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
	// KeyedEntries is the most values that one [Keyed] fact keeps. Default 1024.
	KeyedEntries int
	// FactTime is the longest that one fact may take. Default one minute; the
	// walk of the tree has ten times that.
	FactTime time.Duration
	// Mounts says which mounts of a live host may be touched although asking
	// them can hang or connect. Default none.
	Mounts filetree.MountClass
}

const (
	defaultFileSize     = 32 << 20
	defaultTextSize     = 4 << 20
	defaultKeyedEntries = 1024
	defaultFactTime     = time.Minute
)

// orDefault returns l with each zero field replaced by its default.
func (l Limits) orDefault() Limits {
	t := l.tree().OrDefault()
	l.DirEntries, l.TreeEntries, l.TreeDepth, l.LinkDepth = t.DirEntries, t.TreeEntries, t.TreeDepth, t.LinkDepth
	if l.KeyedEntries == 0 {
		l.KeyedEntries = defaultKeyedEntries
	}
	if l.FileSize == 0 {
		l.FileSize = defaultFileSize
	}
	if l.TextSize == 0 {
		l.TextSize = min(defaultTextSize, l.FileSize)
	}
	if l.FactTime == 0 {
		l.FactTime = defaultFactTime
	}
	return l
}

// of returns the most bytes that are read of the file with a name.
func (l Limits) of(name string) int64 {
	if written(name) {
		return min(l.TextSize, l.FileSize)
	}
	return l.FileSize
}

// written reports whether people write the file with a name, rather than a program.
func written(name string) bool {
	dir, rest, _ := strings.Cut(name, "/")
	switch dir {
	case "home", "root":
		return true
	case "etc":
		switch strings.TrimSuffix(rest, "-") {
		case "passwd", "shadow", "group", "gshadow":
			return false
		}
		return true
	case "lib", "run", "usr":
		return strings.Contains(name, "/systemd/")
	}
	return false
}

// tree returns the limits of the file tree.
func (l Limits) tree() filetree.Limits {
	return filetree.Limits{DirEntries: l.DirEntries, TreeEntries: l.TreeEntries, TreeDepth: l.TreeDepth,
		LinkDepth: l.LinkDepth, Mounts: l.Mounts}
}
