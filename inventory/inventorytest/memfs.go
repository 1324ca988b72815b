package inventorytest

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// memFS is a file tree in memory. It does not resolve links; inventory.New does.
type memFS struct{ nodes map[string]*node }

type node struct {
	name  string // the last element
	mode  fs.FileMode
	sys   filetree.Sys
	mtime time.Time
	data  []byte
	size  int64 // at least len(data)
	link  string
	attrs map[string][]byte
	err   error // of each attempt to read it
	names []string
}

func newMemFS() *memFS {
	m := &memFS{nodes: map[string]*node{}}
	m.put(".", &node{mode: fs.ModeDir | 0o755})
	return m
}

// put places n and the folders on the way to it.
func (m *memFS) put(name string, n *node) {
	n.name = path.Base(name)
	n.sys.Has |= filetree.HasOwner | filetree.HasMode | filetree.HasInode | filetree.HasTimes | filetree.HasSize
	if old := m.nodes[name]; old != nil {
		n.names, n.sys.Inode = old.names, old.sys.Inode
		m.nodes[name] = n
		return
	}
	n.sys.Inode, n.sys.Links = uint64(len(m.nodes)+1), 1
	m.nodes[name] = n
	if name == "." {
		return
	}
	dir := path.Dir(name)
	if m.nodes[dir] == nil {
		m.put(dir, &node{mode: fs.ModeDir | 0o755})
	}
	parent := m.nodes[dir]
	parent.names = append(parent.names, n.name)
	slices.Sort(parent.names)
}

func (m *memFS) get(op, name string) (*node, error) {
	if !filetree.ValidName(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n := m.nodes[name]
	if n == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

func (m *memFS) Open(name string) (fs.File, error) {
	n, err := m.get("open", name)
	if err != nil {
		return nil, err
	}
	if n.err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: n.err}
	}
	if t := n.mode.Type(); t != 0 && t != fs.ModeDir {
		return nil, &fs.PathError{Op: "open", Path: name, Err: filetree.ErrIrregular}
	}
	return &openNode{m: m, name: name, n: n, r: bytes.NewReader(n.data)}, nil
}

func (m *memFS) Lstat(name string) (fs.FileInfo, error) {
	n, err := m.get("lstat", name)
	if err != nil {
		return nil, err
	}
	return info{n}, nil
}

func (m *memFS) ReadLink(name string) (string, error) {
	n, err := m.get("readlink", name)
	if err == nil && n.mode&fs.ModeSymlink == 0 {
		err = &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return "", err
	}
	return n.link, nil
}

func (m *memFS) Xattr(name, attr string) ([]byte, error) {
	n, err := m.get("xattr", name)
	if err != nil {
		return nil, err
	}
	if v, ok := n.attrs[attr]; ok {
		return v, nil
	}
	return nil, &fs.PathError{Op: "xattr", Path: name, Err: fmt.Errorf("%s: %w", attr, fs.ErrNotExist)}
}

// openNode is an open file or folder.
type openNode struct {
	m    *memFS
	name string
	n    *node
	r    *bytes.Reader
	at   int
}

func (o *openNode) Stat() (fs.FileInfo, error) { return info{o.n}, nil }
func (o *openNode) Close() error               { return nil }

func (o *openNode) Read(p []byte) (int, error) {
	if o.n.mode.IsDir() {
		return 0, &fs.PathError{Op: "read", Path: o.name, Err: fs.ErrInvalid}
	}
	return o.r.Read(p)
}

func (o *openNode) ReadDir(n int) ([]fs.DirEntry, error) {
	if !o.n.mode.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: o.name, Err: fs.ErrInvalid}
	}
	rest := o.n.names[o.at:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		rest = rest[:min(n, len(rest))]
	}
	o.at += len(rest)
	all := make([]fs.DirEntry, 0, len(rest))
	for _, name := range rest {
		all = append(all, fs.FileInfoToDirEntry(info{o.m.nodes[strings.TrimPrefix(o.name+"/"+name, "./")]}))
	}
	return all, nil
}

type info struct{ n *node }

func (i info) Name() string       { return i.n.name }
func (i info) Size() int64        { return max(i.n.size, int64(len(i.n.data))) }
func (i info) Mode() fs.FileMode  { return i.n.mode }
func (i info) ModTime() time.Time { return i.n.mtime }
func (i info) IsDir() bool        { return i.n.mode.IsDir() }
func (i info) Sys() any           { s := i.n.sys; return &s }

// Empty returns a tree without any file.
func Empty() filetree.FS { return newMemFS() }
