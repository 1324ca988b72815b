//go:build linux

package filetree_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

func TestFileInfo(t *testing.T) {
	root := plant(t, map[string]string{"file": "12345", "dir/": ""})
	must(t, os.Link(filepath.Join(root, "file"), filepath.Join(root, "hard")))
	must(t, unix.Chmod(filepath.Join(root, "file"), 0o6751))
	must(t, unix.Chmod(filepath.Join(root, "dir"), 0o1777))
	var st unix.Stat_t
	must(t, unix.Stat(filepath.Join(root, "file"), &st))
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		info, err := f.Lstat("file")
		must(t, err)
		id := filetree.SysOf(info)
		if info.Mode() != fs.ModeSetuid|fs.ModeSetgid|0o751 || info.Size() != 5 || info.ModTime().UnixNano() != st.Mtim.Nano() {
			t.Errorf("got %v %d %v", info.Mode(), info.Size(), info.ModTime())
		}
		want := filetree.Sys{Has: filetree.HasOwner | filetree.HasMode | filetree.HasInode | filetree.HasTimes | filetree.HasSize,
			UID: st.Uid, GID: st.Gid, Inode: st.Ino, Dev: uint64(st.Dev), Links: 2, ChangeTime: id.ChangeTime}
		if id != want || id.ChangeTime.UnixNano() != st.Ctim.Nano() {
			t.Errorf("got  %+v\nwant %+v", id, want)
		}
		file, err := f.Open("file")
		must(t, err)
		defer file.Close()
		if again, err := file.Stat(); err != nil || filetree.SysOf(again) != id || again.Mode() != info.Mode() || again.Name() != "file" {
			t.Errorf("an open file says %v, %v", again, err)
		}
		if d, err := f.Lstat("dir"); err != nil || d.Mode() != fs.ModeDir|fs.ModeSticky|0o777 {
			t.Errorf("got %v, %v", d, err)
		}
		if r, err := f.Stat("."); err != nil || !r.IsDir() || r.Name() != "." {
			t.Errorf("the root: got %v, %v", r, err)
		}
	})
}

func TestOpenReadsNothingByItself(t *testing.T) {
	root := plant(t, map[string]string{"sparse": "head"})
	must(t, os.Truncate(filepath.Join(root, "sparse"), 4<<30))
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		file, err := f.Open("sparse")
		must(t, err)
		defer file.Close()
		info, err := file.Stat()
		must(t, err)
		if info.Size() != 4<<30 {
			t.Errorf("got %d bytes", info.Size())
		}
		b := make([]byte, 4)
		if _, err := io.ReadFull(file, b); string(b) != "head" || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
		if n, err := file.(io.ReaderAt).ReadAt(b, 4<<30-2); n != 2 || err != io.EOF {
			t.Errorf("at the end: got %d, %v", n, err)
		}
	})
	s := open(t, inventory.Config{FS: dir(t, root)})
	if _, err := s.ReadFile(t.Context(), "sparse"); !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("got %v, want %v", err, inventory.ErrLimit)
	}
}

func TestNamesAreBytes(t *testing.T) {
	want := []string{"\xff\xfe", "a\nb", "line\rfeed", "…", "\\", "con", "x:stream", " ", "-rf", "..."}
	files := map[string]string{}
	for _, n := range want {
		files["d/"+n] = n
	}
	slices.Sort(want)
	everyWay(t, plant(t, files), func(t *testing.T, f filetree.RootedFS) {
		entries, err := fs.ReadDir(f, "d")
		must(t, err)
		var got []string
		for _, e := range entries {
			got = append(got, e.Name())
			if info, err := e.Info(); err != nil || info.Name() != e.Name() {
				t.Errorf("%q: got %v, %v", e.Name(), info, err)
			}
			if b, err := fs.ReadFile(f, "d/"+e.Name()); string(b) != e.Name() {
				t.Errorf("%q: got %q, %v", e.Name(), b, err)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestReadDir(t *testing.T) {
	root := plant(t, map[string]string{"d/f": "", "d/l": "->f", "d/s/": ""})
	must(t, unix.Mkfifo(filepath.Join(root, "d/p"), 0o600))
	f := dir(t, root)
	file, err := f.Open("d")
	must(t, err)
	types := map[string]fs.FileMode{}
	for {
		some, err := file.(fs.ReadDirFile).ReadDir(1)
		if err == io.EOF {
			break
		}
		must(t, err)
		types[some[0].Name()] = some[0].Type()
	}
	want := map[string]fs.FileMode{"f": 0, "l": fs.ModeSymlink, "s": fs.ModeDir, "p": fs.ModeNamedPipe}
	if fmt.Sprint(types) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", types, want)
	}
	if rest, err := file.(fs.ReadDirFile).ReadDir(-1); len(rest) != 0 || err != nil {
		t.Errorf("at the end: got %v, %v", rest, err)
	}
	if n, err := file.Read(make([]byte, 1)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("read of a folder: got %d, %v", n, err)
	}
	must(t, file.Close())
	if _, err := file.(fs.ReadDirFile).ReadDir(1); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after closing: got %v", err)
	}
}

func TestLargeFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 100,000 files")
	}
	const n = 100_000
	root := t.TempDir()
	first := filepath.Join(root, "000000")
	for i := range n {
		must(t, os.Symlink("x", filepath.Join(root, fmt.Sprintf("%06d", i))))
	}
	entries, err := fs.ReadDir(dir(t, root), ".")
	if len(entries) != n || err != nil || filepath.Join(root, entries[0].Name()) != first {
		t.Errorf("got %d entries, %v, want %d", len(entries), err, n)
	}
	limited := filetree.Configure(dir(t, root), false, filetree.Limits{DirEntries: n - 1})
	if got, err := fs.ReadDir(limited, "."); len(got) != 0 || !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("got %d entries, %v, want %v", len(got), err, inventory.ErrLimit)
	}
}

func TestXattr(t *testing.T) {
	root := plant(t, map[string]string{"f": "", "l": "->f"})
	long := strings.Repeat("x", 2000)
	for attr, value := range map[string]string{"user.a": "value", "user.empty": "", "user.long": long} {
		if err := unix.Setxattr(filepath.Join(root, "f"), attr, []byte(value), 0); err != nil {
			t.Skip("no extended attributes here:", err)
		}
	}
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		x := f.(filetree.XattrFS)
		for attr, want := range map[string]string{"user.a": "value", "user.empty": "", "user.long": long} {
			if b, err := x.Xattr("f", attr); string(b) != want || err != nil {
				t.Errorf("%s: got %q, %v", attr, b, err)
			}
		}
		if _, err := x.Xattr("f", "user.none"); !inventory.IsAbsent(err, "f") {
			t.Errorf("got %v, want absence", err)
		}
		if _, err := x.Xattr("none", "user.a"); !inventory.IsAbsent(err, "none") {
			t.Errorf("got %v, want absence", err)
		}
		if _, err := x.Xattr("f", "user.\x00"); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("got %v, want %v", err, fs.ErrInvalid)
		}
		if b, err := x.Xattr("l", "user.a"); err == nil {
			t.Errorf("of a link: got %q, want an error", b)
		}
	})
}
