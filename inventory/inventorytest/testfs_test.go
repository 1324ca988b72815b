package inventorytest_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestFixturesKeepTheContract(t *testing.T) {
	cfg := inventorytest.Config(t, "-- etc/passwd mode=0640 owner=1:2 --\nx\n-- etc/l link=passwd --\n-- run/f fifo --\n-- \"a\\xffb\\n\" --\n-- d/e/f dir --\n-- dev/x device --\n-- run/s socket --\n")
	if err := inventorytest.TestFS(cfg.FS, "etc/passwd", "a\xffb\n", "d/e/f"); err != nil {
		t.Error(err)
	}
	if err := inventorytest.TestFS(filetree.ResolveLinks(cfg.FS), "etc/l"); err != nil {
		t.Error(err)
	}
	if err := inventorytest.TestFS(cfg.FS, "etc/shadow"); err == nil || !strings.Contains(err.Error(), "etc/shadow is not found") {
		t.Errorf("a name that is not there: got %v", err)
	}
}

func TestDirKeepsTheContract(t *testing.T) {
	root := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(root, "a/b/c"), 0o755), os.WriteFile(filepath.Join(root, "a/f"), []byte("text"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		if err := errors.Join(os.Symlink("/a/f", filepath.Join(root, "l")), os.WriteFile(filepath.Join(root, "a/x\xff\n"), nil, 0o600)); err != nil {
			t.Log("no such names here:", err)
		}
	}
	cfg, err := inventory.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := cfg.FS.(io.Closer); ok {
		defer c.Close()
	}
	if _, ok := cfg.FS.(filetree.RootedFS); !ok {
		t.Skipf("GOOS %s: the tree is completed by New", runtime.GOOS)
	}
	if err := inventorytest.TestFS(cfg.FS, "a/b/c", "a/f"); err != nil {
		t.Error(err)
	}
}

// What stands in for a vendor's tree breaks one promise each.
func TestTestFSFindsBreaches(t *testing.T) {
	good := inventorytest.Config(t, "-- etc/passwd --\nroot\n").FS
	for name, c := range map[string]struct {
		fsys filetree.FS
		want string
	}{
		"no FileSys":            {fstest.MapFS{"a": &fstest.MapFile{}}, "want *filetree.Sys"},
		"errors without a path": {pathless{good}, "want a *fs.PathError of that name"},
		"a size that is wrong":  {halved{good}, "and its FileInfo says"},
		"a fifo that opens":     {opening{inventorytest.Config(t, "-- f fifo --\n").FS}, "want ErrIrregular"},
		"a name twice":          {doubled{good}, "is listed twice"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := inventorytest.TestFS(c.fsys); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
}

type pathless struct{ filetree.FS }

func (p pathless) Lstat(name string) (fs.FileInfo, error) {
	info, err := p.FS.Lstat(name)
	if err != nil {
		err = fs.ErrNotExist
	}
	return info, err
}

type halved struct{ filetree.FS }

func (h halved) Open(name string) (fs.File, error) {
	f, err := h.FS.Open(name)
	if err != nil || name != "etc/passwd" {
		return f, err
	}
	return halfFile{f}, nil
}

type halfFile struct{ fs.File }

func (halfFile) Read([]byte) (int, error) { return 0, io.EOF }

type opening struct{ filetree.FS }

func (o opening) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	if errors.Is(err, filetree.ErrIrregular) {
		return o.FS.Open(".")
	}
	return f, err
}

type doubled struct{ filetree.FS }

func (d doubled) Open(name string) (fs.File, error) {
	f, err := d.FS.Open(name)
	if dir, ok := f.(fs.ReadDirFile); ok && name == "etc" {
		return doubleDir{dir}, err
	}
	return f, err
}

type doubleDir struct{ fs.ReadDirFile }

func (d doubleDir) ReadDir(n int) ([]fs.DirEntry, error) {
	all, err := d.ReadDirFile.ReadDir(n)
	return append(all, all...), err
}
