package systemd

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// kind is what a name in the tree is.
type kind uint8

const (
	absent kind = iota
	regular
	folder
	link
	device // a character device, which systemd takes for a mask
	other  // what systemd cannot open or does not expect
)

// node is a regular file that was read.
type node struct {
	file  *File
	empty bool
	err   error // of the syntax
}

// tree is the part of the system that the unit files are in. While it is filled it
// reads what it is asked for, once; after that it answers from what it has.
type tree struct {
	fs    filetree.FS     // nil when filled
	err   error           // the first read that failed otherwise than by absence
	kinds map[string]kind // by path
	lists map[string]listing
	links map[string]string // what a link says
	nodes map[string]*node
	named map[string][]string // folders of the search path such as cron.service.d, by name

	later int8     // whether systemd is later than 252: 0 not asked, 1 yes, -1 no
	split bool     // lib is a folder of its own
	dirs  []string // of the search path, those that are there
}

// listing is what is in a folder, in the order of names.
type listing struct {
	there   bool
	entries []entry
}

// entry is a name in a folder.
type entry struct {
	name string
	kind kind
}

func newTree(fsys filetree.FS) *tree {
	return &tree{fs: fsys, kinds: map[string]kind{}, lists: map[string]listing{},
		links: map[string]string{}, nodes: map[string]*node{}, named: map[string][]string{}}
}

// freeze ends the reading.
func (t *tree) freeze() { t.fs = nil }

// reading reports whether more can be read.
func (t *tree) reading() bool { return t.fs != nil && t.err == nil }

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

// list answers the names in a folder, none where there is no folder.
func (t *tree) list(dir string) []entry {
	if l, ok := t.lists[dir]; ok || !t.reading() {
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
		} // else the folder does not say
		l.entries = append(l.entries, entry{e.Name(), t.kind(path)})
	}
	t.lists[dir] = l
	return l.entries
}

// kind answers what a path is, the last link not followed.
func (t *tree) kind(path string) kind {
	k, ok := t.kinds[path]
	if ok || !t.reading() {
		return k
	}
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

// target answers what a link says.
func (t *tree) target(path string) string {
	if s, ok := t.links[path]; ok || !t.reading() {
		return s
	}
	s, err := t.fs.ReadLink(path)
	if err != nil {
		t.err = err
	}
	t.links[path] = s
	return s
}

// node answers a regular file, read and parsed.
func (t *tree) node(path string) *node {
	n := t.nodes[path]
	switch {
	case n != nil:
		return n
	case !t.reading():
		return &node{file: &File{}, err: errUnread}
	}
	b, err := fs.ReadFile(t.fs, path)
	if err != nil {
		t.err = err
	}
	n = &node{empty: len(b) == 0}
	n.file, n.err = Parse(b)
	t.nodes[path] = n
	return n
}

var (
	errLoop   = errors.New("too many levels of links")
	errUnread = errors.New("not read")
	errBroken = errors.New("a link leads through a folder that is not there")
)

// maxLinks is how many links one name may lead through, as in Linux.
const maxLinks = 40

// resolve answers the path, free of links, "." and "..", that a path in the tree
// stands for; it need not exist. The last element is followed only where follow is
// set.
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
		if !follow && last(todo) {
			return next, nil
		}
		switch t.kind(next) {
		case folder:
		case link:
			if n++; n > maxLinks {
				return "", errLoop
			}
			s := t.target(next)
			todo = append(strings.Split(s, "/"), todo...)
			if strings.HasPrefix(s, "/") {
				at = "."
			}
			continue
		case absent:
			if slices.Contains(todo, "..") {
				return "", errBroken
			}
		default:
			if !last(todo) {
				return "", errBroken
			}
		}
		at = next
	}
	return at, nil
}

// last reports whether nothing but slashes is left of a path.
func last(todo []string) bool {
	for _, e := range todo {
		if e != "" && e != "." {
			return false
		}
	}
	return true
}

// destination answers where one link leads, its last element not followed.
func (t *tree) destination(path string) (string, error) {
	s := t.target(path)
	if !strings.HasPrefix(s, "/") {
		s = parent(path) + "/" + s
	}
	return t.resolve(s, false)
}

// final answers the path and kind that a path leads to, through links of any number.
// The null device is one wherever a tree has no devices.
func (t *tree) final(path string) (string, kind, error) {
	real, err := t.resolve(path, true)
	if err != nil {
		return "", absent, err
	}
	if real == null {
		return real, device, nil
	}
	return real, t.kind(real), nil
}
