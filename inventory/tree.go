package inventory

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"time"
)

// Tree is every file, folder and link of the system, for questions about the whole
// of it: setuid programs, files that anybody may write, files of nobody. It is read
// in one walk, whoever asks, which has ten times [Limits.FactTime].
//
// On a running Linux host the walk enters mounts of disks and of memory. It does not
// enter mounts that show devices or the kernel, the roots of containers (overlays on
// folders named "merged" or "rootfs"), and, unless [Limits.Mounts] allow it, other
// machines and programs; [FileTable.Mounts] lists them. A file that shows in two places, by a bind mount, is there twice: each name
// is a way to it. Of an image, what lies below proc and sys is left out.
//
// What could not be seen is in [FileTable.Errors], and counts as a failed read of
// all who ask. More than [Limits.TreeEntries], or a folder beyond [Limits.DirEntries]
// or [Limits.TreeDepth], is [ErrLimit] instead of an answer.
var Tree = &Fact[*FileTable]{name: "tree", collect: collectTree, times: 10}

func collectTree(ctx context.Context, s *System) (*FileTable, error) {
	read := Read{OpWalk, "."}
	err := s.before(ctx, read.Op, read.Name)
	var t *FileTable
	if err == nil {
		began := time.Now()
		t, err = walkTree(ctx, s.c.fs, s.Live(), s.c.limits)
		s.c.log.Debug("walk", "entries", t.Len(), "took", time.Since(began), "error", err)
	}
	if err != nil {
		err = pathError(read.Op, read.Name, err)
		s.trail.record(read, err)
		return nil, err
	}
	s.trail.record(read, t.failure())
	return t, nil
}

// treeWalker is a tree of this package that has a faster walk of its own.
type treeWalker interface {
	walkTree(context.Context) (*FileTable, error)
}

func walkTree(ctx context.Context, f FS, live bool, l Limits) (*FileTable, error) {
	if w, ok := f.(treeWalker); ok {
		return w.walkTree(ctx)
	}
	return walkFS(ctx, f, live, l.orDefault())
}

// FileTable is what a walk saw: the entries of a tree, sorted folder by folder. It
// takes less than 40 bytes an entry, and is safe for concurrent use.
type FileTable struct {
	root   treeFolder
	count  int
	has    Has
	errs   []error
	mounts []UnseenMount
}

// Len answers the number of entries, the root among them.
func (t *FileTable) Len() int {
	if t == nil {
		return 0
	}
	return t.count
}

// Has says what is real of all entries: HasOwner, HasMode, HasInode for the number
// of links, HasSize, HasXattr for capabilities.
func (t *FileTable) Has() Has { return t.has }

// All yields the entries: the root first, each folder before what it holds, the names
// in one folder sorted by their bytes.
func (t *FileTable) All() iter.Seq[FileEntry] {
	return func(yield func(FileEntry) bool) { t.root.visit(yield) }
}

// Errors answers what could not be seen, sorted by name: folders that may not be
// read, files without an answer, mounts of the host that are not visible. Each is a
// *[fs.PathError]. A file that went away during the walk is not among them.
func (t *FileTable) Errors() []error { return slices.Clone(t.errs) }

// Mounts answers the mounts that were not entered, sorted by name.
func (t *FileTable) Mounts() []UnseenMount { return slices.Clone(t.mounts) }

// failure is what the walk counts as for those who need to see everything.
func (t *FileTable) failure() error {
	if len(t.errs) == 0 {
		return nil
	}
	return &fs.PathError{Op: OpWalk, Path: ".", Err: fmt.Errorf("%d could not be seen, the first is %w", len(t.errs), t.errs[0])}
}

// UnseenMount is a mount that a walk did not enter. Its mount point is in the table
// only where its Class is zero and it is not below another such mount: all others
// were not even looked at.
type UnseenMount struct {
	Name  string     // of the mount point
	Type  string     // of the file system: proc, nfs4, fuse.sshfs
	Class MountClass // what [Limits.Mounts] would have to allow; zero for all else
}

// tableHas is what a table can say of files.
const tableHas = HasOwner | HasMode | HasInode | HasSize | HasXattr

func newFileTable() *FileTable { return &FileTable{has: tableHas} }

// finish sorts what the workers brought.
func (t *FileTable) finish(writers []*treeWriter) error {
	var limits []error
	for _, w := range writers {
		t.errs = append(t.errs, w.errs...)
		t.mounts = append(t.mounts, w.mounts...)
		limits = append(limits, w.limits...)
		t.count += w.count
		t.has &= w.has
	}
	byText := func(a, b error) int { return strings.Compare(a.Error(), b.Error()) }
	slices.SortFunc(t.errs, func(a, b error) int {
		if c := strings.Compare(errorName(a), errorName(b)); c != 0 {
			return c
		}
		return byText(a, b)
	})
	slices.SortFunc(t.mounts, func(a, b UnseenMount) int { return strings.Compare(a.Name, b.Name) })
	if len(limits) > 0 {
		return slices.MinFunc(limits, byText)
	}
	return nil
}

func errorName(err error) string {
	if pe, ok := err.(*fs.PathError); ok {
		return pe.Path
	}
	return ""
}
