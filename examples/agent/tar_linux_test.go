package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// tarFS is a file tree over a tar archive, as a vendor would write one. It resolves no links;
// the library does that around it.
type tarFS struct {
	archive io.ReaderAt
	nodes   map[string]*tarNode
}

type tarNode struct {
	name   string // the last element
	header *tar.Header
	offset int64 // of the content in the archive
	kids   []string
}

// newTarFS indexes an archive.
func newTarFS(f *os.File) (*tarFS, error) {
	t := &tarFS{f, map[string]*tarNode{}}
	r := tar.NewReader(f)
	for {
		h, err := r.Next()
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		name := path.Clean(strings.TrimPrefix(h.Name, "./"))
		offset, err := f.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		if h.Typeflag == tar.TypeLink {
			to := t.nodes[path.Clean(h.Linkname)]
			h, offset = to.header, to.offset
		}
		t.nodes[name] = &tarNode{path.Base(name), h, offset, nil}
		if up := t.nodes[path.Dir(name)]; name != "." {
			up.kids = append(up.kids, path.Base(name))
		}
	}
}

func (t *tarFS) get(op, name string) (*tarNode, error) {
	if !filetree.ValidName(name) {
		return nil, filetree.PathError(op, name, fs.ErrInvalid)
	}
	n := t.nodes[name]
	if n == nil {
		return nil, filetree.PathError(op, name, fs.ErrNotExist)
	}
	return n, nil
}

func (t *tarFS) Lstat(name string) (fs.FileInfo, error) {
	n, err := t.get("lstat", name)
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (t *tarFS) ReadLink(name string) (string, error) {
	n, err := t.get("readlink", name)
	if err == nil && n.header.Typeflag != tar.TypeSymlink {
		err = filetree.PathError("readlink", name, fs.ErrInvalid)
	}
	if err != nil {
		return "", err
	}
	return n.header.Linkname, nil
}

func (t *tarFS) Open(name string) (fs.File, error) {
	n, err := t.get("open", name)
	if err != nil {
		return nil, err
	}
	if m := n.Mode(); !m.IsRegular() && !m.IsDir() {
		return nil, filetree.PathError("open", name, filetree.ErrIrregular)
	}
	return &tarFile{SectionReader: io.NewSectionReader(t.archive, n.offset, n.header.Size), t: t, name: name, n: n}, nil
}

// Xattr finds attributes where GNU tar and Go write them.
func (t *tarFS) Xattr(name, attr string) ([]byte, error) {
	n, err := t.get("xattr", name)
	if err != nil {
		return nil, err
	}
	v, ok := n.header.PAXRecords["SCHILY.xattr."+attr]
	if !ok {
		return nil, filetree.PathError("xattr", name, fs.ErrNotExist)
	}
	return []byte(v), nil
}

func (n *tarNode) Name() string       { return n.name }
func (n *tarNode) Size() int64        { return n.header.Size }
func (n *tarNode) Mode() fs.FileMode  { return n.header.FileInfo().Mode() }
func (n *tarNode) ModTime() time.Time { return n.header.ModTime }
func (n *tarNode) IsDir() bool        { return n.Mode().IsDir() }
func (n *tarNode) Sys() any {
	return &filetree.Sys{Has: filetree.HasOwner | filetree.HasMode | filetree.HasSize,
		UID: uint32(n.header.Uid), GID: uint32(n.header.Gid)}
}

type tarFile struct {
	*io.SectionReader
	t    *tarFS
	name string
	n    *tarNode
	at   int
}

func (f *tarFile) Stat() (fs.FileInfo, error) { return f.n, nil }
func (f *tarFile) Close() error               { return nil }

func (f *tarFile) ReadDir(n int) ([]fs.DirEntry, error) {
	if !f.n.IsDir() {
		return nil, filetree.PathError("readdir", f.name, fs.ErrInvalid)
	}
	rest := f.n.kids[f.at:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		rest = rest[:min(n, len(rest))]
	}
	f.at += len(rest)
	all := make([]fs.DirEntry, len(rest))
	for i, kid := range rest {
		all[i] = fs.FileInfoToDirEntry(f.t.nodes[filetree.Join(f.name, kid)])
	}
	return all, nil
}

// pack writes a tree into an archive.
func pack(t *testing.T, root string) *tarFS {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "tree.tar"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	w := tar.NewWriter(f)
	err = filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return add(w, root, p, e)
	})
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	tree, err := newTarFS(f)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func add(w *tar.Writer, root, p string, e fs.DirEntry) error {
	info, err := e.Info()
	if err != nil || info.Mode()&fs.ModeSocket != 0 {
		return err
	}
	target, _ := os.Readlink(p)
	h, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return err
	}
	if h.Name, err = filepath.Rel(root, p); err != nil {
		return err
	}
	value := make([]byte, 256)
	if n, err := unix.Lgetxattr(p, "security.capability", value); err == nil {
		h.PAXRecords = map[string]string{"SCHILY.xattr.security.capability": string(value[:n])}
		h.Format = tar.FormatPAX
	}
	if err := w.WriteHeader(h); err != nil || !info.Mode().IsRegular() {
		return err
	}
	f, err := os.Open(p)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// verdicts judges a system by all rules.
func verdicts(t *testing.T, cfg inventory.Config, rules []check.Compiled) []string {
	t.Helper()
	out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), rules, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, o := range out {
		all = append(all, fmt.Sprintf("%s %s %q %v %d", o.Rule.ID, o.Result.Status, o.Result.Message, o.Result.Evidence, o.Result.Omitted))
	}
	return all
}

// An archive is judged as the folder that it was made of.
func TestArchiveIsJudgedLikeItsFolder(t *testing.T) {
	a := start(t, io.Discard)
	roots := map[string]func(*testing.T) string{"small": plant}
	for _, suite := range oracle.Suites {
		roots[suite] = func(t *testing.T) string { return oracle.Tree(t, suite) }
	}
	for name, root := range roots {
		t.Run(name, func(t *testing.T) {
			folder, err := inventory.Dir(root(t))
			if err != nil {
				t.Fatal(err)
			}
			tree := pack(t, root(t))
			if err := inventorytest.TestFS(tree, "etc/passwd"); err != nil {
				t.Error(err)
			}
			now := time.Now()
			folder.Now = now
			want, got := verdicts(t, folder, a.rules), verdicts(t, inventory.Config{FS: tree, Now: now}, a.rules)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("of the archive: %s\nof the folder: %s", got[i], want[i])
				}
			}
			if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, " pass ") }) {
				t.Error("nothing passes")
			}
		})
	}
}
