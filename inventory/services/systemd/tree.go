package systemd

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// kind tells what a name in the tree is.
type kind uint8

const (
	absent kind = iota
	regular
	folder
	link
	device // a character device, which systemd treats as a mask
	other  // anything that systemd cannot open or does not expect
)

// node is a regular file that was read.
type node struct {
	file    *File
	install []Assignment // those of [Install]
	empty   bool
	err     error // a *SyntaxError, or nil
}

// tree is the part of the system that holds the unit files. It reads everything once. When it is
// frozen it returns what it has and reads no more.
type tree struct {
	fs    filetree.FS     // nil when frozen
	err   error           // the first failed read, other than of a missing file
	kinds map[string]kind // by path
	lists map[string]listing
	links map[string]string // targets of links, as written
	nodes map[string]*node
	named map[string][]string // maps the names of folders in the search path, such as cron.service.d, to their paths

	left    budget.Budget     // for what files have in common: words, drop-ins and names of units
	lines   int               // of all files
	dropIns map[string]DropIn // by path

	later int8     // whether systemd is later than 252: 0 not known yet, 1 yes, -1 no
	split bool     // lib is a folder of its own
	dirs  []string // the folders of the search path that exist
}

// listing holds the entries of a folder, sorted by name.
type listing struct {
	there   bool // the folder exists
	entries []entry
}

// entry is a name in a folder.
type entry struct {
	name string
	kind kind
}

// newTree returns a tree that reads from fsys.
func newTree(fsys filetree.FS) *tree {
	return &tree{fs: fsys, kinds: map[string]kind{}, lists: map[string]listing{},
		dropIns: map[string]DropIn{}, links: map[string]string{}, nodes: map[string]*node{}, named: map[string][]string{}}
}

// freeze ends the reading.
func (t *tree) freeze() { t.fs = nil }

// maxLines is how many lines all files have together.
const maxLines = 5 * budget.MaxItems

// take counts what units are made of, at a path. It counts nothing in a frozen tree, which makes one
// unit at a time.
func (t *tree) take(path string, n int) {
	if !t.canRead() {
		return
	}
	if err := t.left.Items(n); err != nil {
		t.err = fmt.Errorf("%s: %w", path, err)
	}
}

// canRead reports whether the tree may still read.
func (t *tree) canRead() bool { return t.fs != nil && t.err == nil }

// kindOf returns the kind of a mode.
func kindOf(m fs.FileMode) kind {
	switch {
	case m.IsRegular():
		return regular
	case m.IsDir():
		return folder
	case m&fs.ModeSymlink != 0:
		return link
	case m&fs.ModeDevice != 0:
		return device
	}
	return other
}

// list returns the entries of a folder. A missing folder has none.
func (t *tree) list(dir string) []entry {
	if l, ok := t.lists[dir]; ok || !t.canRead() {
		return l.entries
	}
	all, err := fs.ReadDir(t.fs, dir)
	if err != nil {
		if !inventory.IsAbsent(err, dir) {
			t.err = err
		}
		t.lists[dir] = listing{}
		return nil
	}
	l := listing{there: true, entries: make([]entry, 0, len(all))}
	for _, e := range all {
		path := dir + "/" + e.Name()
		if e.Type()&fs.ModeIrregular == 0 {
			t.kinds[path] = kindOf(e.Type())
			// An entry without a known type is looked up by stat.
		} // the folder does not know all types
		l.entries = append(l.entries, entry{e.Name(), t.stat(path)})
	}
	t.lists[dir] = l
	return l.entries
}

// stat returns what a path is. A link as the last element is not followed.
func (t *tree) stat(path string) kind {
	k, ok := t.kinds[path]
	if ok || !t.canRead() {
		return k
	}
	// Nothing exists below a missing folder, or beside the entries of a listed one.
	up := parent(path)
	if k, ok := t.kinds[up]; ok && k == absent {
		return absent
	}
	if _, ok := t.lists[up]; ok {
		return absent
	}
	info, err := t.fs.Lstat(path)
	switch {
	case err == nil:
		k = kindOf(info.Mode())
	case !inventory.IsAbsent(err, path):
		t.err = err
	}
	t.kinds[path] = k
	return k
}

// readLink returns the target of a link as written.
func (t *tree) readLink(path string) string {
	if s, ok := t.links[path]; ok || !t.canRead() {
		return s
	}
	s, err := t.fs.ReadLink(path)
	if err != nil {
		t.err = err
	}
	t.links[path] = s
	return s
}

// readNode returns a regular file, read and parsed.
func (t *tree) readNode(path string) *node {
	n := t.nodes[path]
	switch {
	case n != nil:
		return n
	case !t.canRead():
		return &node{file: &File{}, err: errUnread}
	}
	b, err := fs.ReadFile(t.fs, path)
	if err != nil {
		t.err = err
	}
	n = &node{empty: len(b) == 0}
	n.file, n.err = Parse(b)
	if t.lines += 1 + len(n.file.Assignments) + len(n.file.Warnings); t.lines > maxLines && n.err == nil {
		n.err = fmt.Errorf("%w: more than %d lines of units", budget.ErrLimit, maxLines)
	}
	if errors.Is(n.err, budget.ErrLimit) && t.err == nil {
		t.err = fmt.Errorf("%s: %w", path, n.err)
	}
	for _, a := range n.file.Assignments {
		if a.Section == "Install" {
			n.install = append(n.install, a)
		}
	}
	t.nodes[path] = n
	return n
}

var (
	errLoop   = errors.New("too many levels of links")
	errUnread = errors.New("not read")
	errBroken = errors.New("a link leads through a folder that is not there")
)

// maxLinks is how many links a name may lead through, as in Linux.
const maxLinks = 40

// resolve returns the path without links, "." and "..", that a path in the tree stands for. It need
// not exist. A link as the last element is followed only if follow is set.
func (t *tree) resolve(path string, follow bool) (string, error) {
	at := "."
	todo := strings.Split(path, "/")
	for n := 0; len(todo) > 0; {
		elem := todo[0]
		todo = todo[1:]
		switch elem {
		case "", ".":
			continue
		case "..":
			at = parent(at)
			continue
		}
		next := elem
		if at != "." {
			next = at + "/" + elem
		}
		if !follow && isLast(todo) {
			return next, nil
		}
		k := t.stat(next)
		if k != link {
			if isBroken(k, todo) {
				return "", errBroken
			}
			at = next
			continue
		}
		// The target of a link takes its place, from the root if it is absolute.
		if n++; n > maxLinks {
			return "", errLoop
		}
		s := t.readLink(next)
		todo = append(strings.Split(s, "/"), todo...)
		if strings.HasPrefix(s, "/") {
			at = "."
		}
	}
	return at, nil
}

// isBroken reports whether the rest of a path cannot follow an element of kind k.
func isBroken(k kind, todo []string) bool {
	switch k {
	case folder:
		return false
	case absent:
		return slices.Contains(todo, "..")
	}
	return !isLast(todo)
}

// isLast reports whether only slashes are left of a path.
func isLast(todo []string) bool {
	for _, e := range todo {
		if e != "" && e != "." {
			return false
		}
	}
	return true
}

// resolveLink returns where one link leads. A link as the last element of its target is not
// followed.
func (t *tree) resolveLink(path string) (string, error) {
	s := t.readLink(path)
	if !strings.HasPrefix(s, "/") {
		s = parent(path) + "/" + s
	}
	return t.resolve(s, false)
}

// resolveAll returns the path and kind that a path leads to, through any number of links. dev/null
// is a device even where a tree has no devices.
func (t *tree) resolveAll(path string) (string, kind, error) {
	real, err := t.resolve(path, true)
	if err != nil {
		return "", absent, err
	}
	if real == null {
		return real, device, nil
	}
	return real, t.stat(real), nil
}
