package filetree

import (
	"context"
	"io/fs"
	"iter"
	"slices"
	"strings"
)

// WalkOptions says how [Walk] goes. The zero value walks an image with the default limits.
type WalkOptions struct {
	// Live says that the tree shows the proc and sys of a running system. Of an image
	// what lies below proc and sys is left out.
	Live bool
	// Limits bounds the walk.
	Limits Limits
	// Enter, where set, is asked before a folder other than the root is looked at, or an
	// entry that may be one, where the file system does not list its type. A
	// folder for which it returns an error is left out with all below it: see
	// [Table.LeftOut]. It may be called at the same time from several goroutines.
	Enter func(name string) error
}

// Walk reads every file, folder and link of a tree that [Open] returned, without following
// links, in as many as four goroutines, none of which outlives it.
//
// On a running Linux host it enters mounts of disks and of memory. It does not enter mounts
// that show devices or the kernel, the roots of containers (overlays on folders named
// "merged" or "rootfs"), and, unless [Limits] allow it, other machines and programs;
// [Table.Mounts] lists them. A file that shows in two places, by a bind mount, is there
// twice: each name is a way to it.
//
// More than [Limits].TreeEntries, or a folder beyond DirEntries or TreeDepth, is [ErrLimit]
// and no table. A folder that cannot be read is in [Table.Errors].
func Walk(ctx context.Context, f RootedFS, o WalkOptions) (*Table, error) {
	o.Limits = o.Limits.OrDefault()
	if w, ok := f.(walker); ok {
		return w.walkTree(ctx, o.Enter)
	}
	return walkFS(ctx, f, o)
}

// walker is a tree of this package that has a faster walk of its own.
type walker interface {
	walkTree(ctx context.Context, enter func(string) error) (*Table, error)
}

// Table is what a walk saw: the entries of a tree, sorted folder by folder. It
// takes less than 40 bytes an entry, and is safe for concurrent use.
type Table struct {
	root   treeFolder
	count  int
	has    Has
	errs   []error
	left   []error
	mounts []UnseenMount
}

// Len returns the number of entries, the root among them.
func (t *Table) Len() int {
	if t == nil {
		return 0
	}
	return t.count
}

// Has says what is real of all entries: HasOwner, HasMode, HasInode for the number
// of links, HasSize, HasXattr for capabilities.
func (t *Table) Has() Has { return t.has }

// All yields the entries: the root first, each folder before what it holds, the names
// in one folder sorted by their bytes.
func (t *Table) All() iter.Seq[Entry] {
	return func(yield func(Entry) bool) { t.root.visit(yield) }
}

// Errors returns what could not be seen, sorted by name: folders that may not be
// read, files that could not be looked at, mounts of the host that are not visible. Each is a
// *[fs.PathError]. A file that went away during the walk is not among them.
func (t *Table) Errors() []error { return slices.Clone(t.errs) }

// Mounts returns the mounts that were not entered, sorted by name.
func (t *Table) Mounts() []UnseenMount { return slices.Clone(t.mounts) }

// LeftOut returns the folders that [WalkOptions].Enter refused, sorted by name: each is a
// *[fs.PathError] with the name and the error of Enter. They and what is below them are not
// in the table.
func (t *Table) LeftOut() []error { return slices.Clone(t.left) }

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

func newTable() *Table { return &Table{has: tableHas} }

// finish sorts what the workers brought.
func (t *Table) finish(writers []*treeWriter) error {
	var limits []error
	for _, w := range writers {
		t.errs = append(t.errs, w.errs...)
		t.left = append(t.left, w.left...)
		t.mounts = append(t.mounts, w.mounts...)
		limits = append(limits, w.limits...)
		t.count += w.count
		t.has &= w.has
	}
	byText := func(a, b error) int { return strings.Compare(a.Error(), b.Error()) }
	byName := func(a, b error) int {
		if c := strings.Compare(errorName(a), errorName(b)); c != 0 {
			return c
		}
		return byText(a, b)
	}
	slices.SortFunc(t.errs, byName)
	slices.SortFunc(t.left, byName)
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
