package inventorytest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// TestFS holds a file tree to the contract of [filetree.FS], and returns everything in
// which it breaks it. It walks the whole tree, twice at once; want are names that have to
// be found. A tree that changes meanwhile breaks the contract by that.
func TestFS(fsys filetree.FS, want ...string) error {
	var first, second fsTester
	var both sync.WaitGroup
	for _, t := range []*fsTester{&first, &second} {
		t.fsys, t.found = fsys, map[string]bool{}
		both.Go(func() { t.folder(".", 0) })
	}
	both.Wait()
	first.names()
	for _, name := range want {
		if !first.found[name] {
			first.errorf("%s is not found", name)
		}
	}
	if len(first.found) != len(second.found) {
		first.errorf("two walks at once found %d and %d names", len(first.found), len(second.found))
	}
	return errors.Join(first.errs...)
}

type fsTester struct {
	fsys  filetree.FS
	found map[string]bool
	errs  []error
}

// maxTestDepth bounds the walk in a tree that breaks the contract by a loop.
const maxTestDepth = 1000

func (t *fsTester) errorf(format string, args ...any) {
	t.errs = append(t.errs, fmt.Errorf(format, args...))
}

// names asks for what has to be refused, and for what is not there.
func (t *fsTester) names() {
	for _, name := range []string{"", "/", "/etc", "etc/", "./etc", "..", "a/../b", "a//b", "a\x00b"} {
		t.refuses(name, fs.ErrInvalid)
	}
	t.refuses("no/such/name", fs.ErrNotExist)
}

func (t *fsTester) refuses(name string, want error) {
	_, open := t.fsys.Open(name)
	_, lstat := t.fsys.Lstat(name)
	_, link := t.fsys.ReadLink(name)
	for call, err := range map[string]error{"Open": open, "Lstat": lstat, "ReadLink": link} {
		var pe *fs.PathError
		if !errors.Is(err, want) || !errors.As(err, &pe) || pe.Path != name {
			t.errorf("%s of %q: got %v, want a *fs.PathError of that name with %v", call, name, err, want)
		}
	}
}

// folder walks one folder and all below.
func (t *fsTester) folder(name string, depth int) {
	if depth > maxTestDepth {
		t.errorf("%.50s...: deeper than %d", name, maxTestDepth)
		return
	}
	whole, err := t.list(name, -1)
	if err != nil {
		if !errors.Is(err, fs.ErrPermission) {
			t.errorf("%s: %v", name, err)
		}
		return
	}
	steps, err := t.list(name, 3)
	if err != nil || !slices.Equal(namesOf(whole), namesOf(steps)) {
		t.errorf("%s: read whole and three at a time, it has %d and %d entries, %v", name, len(whole), len(steps), err)
	}
	for _, e := range whole {
		t.entry(name, e, depth)
	}
}

// list reads a folder n entries at a time.
func (t *fsTester) list(name string, n int) ([]fs.DirEntry, error) {
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errors.New("an open folder is no fs.ReadDirFile")
	}
	var all []fs.DirEntry
	for {
		some, err := dir.ReadDir(n)
		all = append(all, some...)
		if n <= 0 || errors.Is(err, io.EOF) {
			slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
			if errors.Is(err, io.EOF) && n > 0 {
				err = nil
			}
			return all, err
		}
		if err != nil || len(some) == 0 || len(some) > n {
			return nil, fmt.Errorf("ReadDir(%d) returns %d entries and %v", n, len(some), err)
		}
	}
}

func namesOf(all []fs.DirEntry) []string {
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Name()
	}
	return names
}

func (t *fsTester) entry(dir string, e fs.DirEntry, depth int) {
	name := e.Name()
	if dir != "." {
		name = dir + "/" + name
	}
	if !filetree.ValidName(name) || strings.Contains(e.Name(), "/") {
		t.errorf("%s: the entry %q is no name", dir, e.Name())
		return
	}
	if t.found[name] {
		t.errorf("%s: is listed twice", name)
		return
	}
	t.found[name] = true
	info, err := t.fsys.Lstat(name)
	if err != nil {
		t.errorf("%s: is listed, and Lstat says %v", name, err)
		return
	}
	if info.Mode().Type() != e.Type() {
		t.errorf("%s: is listed as %v, and Lstat says %v", name, e.Type(), info.Mode().Type())
	}
	if info.Name() != e.Name() {
		t.errorf("%s: its FileInfo has the name %q", name, info.Name())
	}
	if s, ok := info.Sys().(*filetree.Sys); !ok || s == nil {
		t.errorf("%s: Sys() is %T, want *filetree.Sys", name, info.Sys())
	}
	if again, err := e.Info(); err != nil || again.Mode() != info.Mode() {
		t.errorf("%s: Info() of its entry returns %v and %v", name, again, err)
	}
	t.kind(name, info, depth)
}

// kind asks what has to hold of each kind of file.
func (t *fsTester) kind(name string, info fs.FileInfo, depth int) {
	target, err := t.fsys.ReadLink(name)
	if isLink := info.Mode()&fs.ModeSymlink != 0; isLink != (err == nil && target != "") {
		t.errorf("%s: ReadLink returns %q and %v", name, target, err)
	}
	switch info.Mode().Type() {
	case fs.ModeSymlink:
	case fs.ModeDir:
		t.folder(name, depth+1)
	case 0:
		t.regular(name, info)
	default:
		if f, err := t.fsys.Open(name); !errors.Is(err, filetree.ErrIrregular) {
			if err == nil {
				f.Close()
			}
			t.errorf("%s: Open of no regular file returns %v, want ErrIrregular", name, err)
		}
	}
}

func (t *fsTester) regular(name string, info fs.FileInfo) {
	f, err := t.fsys.Open(name)
	if err != nil {
		if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, inventory.ErrUnavailable) {
			t.errorf("%s: Open returns %v", name, err)
		}
		return
	}
	defer f.Close()
	n, err := io.Copy(io.Discard, f)
	if err != nil {
		t.errorf("%s: reading it returns %v", name, err)
	}
	if filetree.SysOf(info).Has&filetree.HasSize != 0 && n != info.Size() {
		t.errorf("%s: has %d bytes, and its FileInfo says %d", name, n, info.Size())
	}
}
