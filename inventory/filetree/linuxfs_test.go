//go:build linux

package filetree_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// plant makes files below a new folder. A text that starts with "->" is a link, a
// name that ends in a slash a folder.
func plant(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		p := filepath.Join(root, name)
		must(t, os.MkdirAll(filepath.Dir(p), 0o755))
		target, link := strings.CutPrefix(text, "->")
		switch {
		case link:
			must(t, os.Symlink(target, p))
		case strings.HasSuffix(name, "/"):
			must(t, os.MkdirAll(p, 0o755))
		default:
			must(t, os.WriteFile(p, []byte(text), 0o644))
		}
	}
	return root
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dir(t testing.TB, root string) filetree.FS {
	t.Helper()
	cfg, err := inventory.Dir(root)
	must(t, err)
	return cfg.FS
}

// ways are the ways in which a tree can be looked at; all have to agree.
var ways = []struct {
	name string
	make func(filetree.FS) filetree.FS
}{
	{"openat2", func(f filetree.FS) filetree.FS { return f }},
	{"walk", filetree.WithoutOpenat2},
	{"no procfs", filetree.WithoutProc},
}

func everyWay(t *testing.T, root string, test func(*testing.T, filetree.RootedFS)) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			f := way.make(dir(t, root))
			test(t, f.(filetree.RootedFS))
			must(t, f.(io.Closer).Close())
		})
	}
}

func TestDirResolvesLinksInside(t *testing.T) {
	outside := plant(t, map[string]string{"secret": "outside"})
	root := plant(t, map[string]string{
		"etc/real": "real", "usr/bin/sh": "shell", "secret": "inside",
		"abs": "->/etc/real", "rel": "->etc/real", "etc/rel": "->real", "bin": "->usr/bin",
		"up":        "->../../../../../../../../secret",
		"etc/up":    "->../../../secret",
		"out":       "->" + outside + "/secret",
		"twice":     "->abs",
		"slashes":   "->.//etc///./real",
		"back":      "->bin/../../etc/real", // ".." of usr/bin, where the link led
		"halfback":  "->bin/../etc/real",
		"loop":      "->loop2",
		"loop2":     "->/loop",
		"self":      "->self",
		"dangling":  "->nowhere",
		"asdir":     "->etc/real/",
		"asdot":     "->etc/real/.",
		"dirslash":  "->etc/",
		"rootlink":  "->/",
		"deep/a/b/": "",
		"deep/l":    "->a/b/../../../etc/real",
	})
	tests := []struct {
		name, want string
		err        error
	}{
		{name: "etc/real", want: "real"},
		{name: "abs", want: "real"},
		{name: "rel", want: "real"},
		{name: "etc/rel", want: "real"},
		{name: "bin/sh", want: "shell"},
		{name: "up", want: "inside"},
		{name: "etc/up", want: "inside"},
		{name: "out", err: fs.ErrNotExist},
		{name: "twice", want: "real"},
		{name: "slashes", want: "real"},
		{name: "back", want: "real"},
		{name: "halfback", err: fs.ErrNotExist},
		{name: "deep/l", want: "real"},
		{name: "dirslash/real", want: "real"},
		{name: "rootlink/etc/rel", want: "real"},
		{name: "rootlink/rootlink/abs", want: "real"},
		{name: "loop", err: syscall.ELOOP},
		{name: "self", err: syscall.ELOOP},
		{name: "self/x", err: syscall.ELOOP},
		{name: "dangling", err: fs.ErrNotExist},
		{name: "asdir", err: fs.ErrNotExist},
		{name: "asdot", err: fs.ErrNotExist},
		{name: "etc/real/x", err: fs.ErrNotExist},
		{name: "abs/x", err: syscall.ENOTDIR},
		{name: "etc/nope/x", err: fs.ErrNotExist},
		{name: "../secret", err: fs.ErrInvalid},
		{name: "/etc/real", err: fs.ErrInvalid},
		{name: "etc/real\x00", err: fs.ErrInvalid},
		{name: strings.Repeat("x", 300), err: syscall.ENAMETOOLONG},
	}
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		for _, tt := range tests {
			t.Run(tt.name[:min(len(tt.name), 30)], func(t *testing.T) {
				b, err := fs.ReadFile(f, tt.name)
				if string(b) != tt.want || !errors.Is(err, tt.err) {
					t.Errorf("got %q, %v, want %q, %v", b, err, tt.want, tt.err)
				}
				if _, serr := f.Stat(tt.name); !errors.Is(serr, tt.err) {
					t.Errorf("stat: got %v, want %v", serr, tt.err)
				}
				var pe *fs.PathError
				if err != nil && (!errors.As(err, &pe) || pe.Path != tt.name || pe.Op != "open") {
					t.Errorf("got %#v, want a PathError of open with the name as asked", err)
				}
			})
		}
	})
}

func TestDirKeepsTheTextOfNotADirectory(t *testing.T) {
	everyWay(t, plant(t, map[string]string{"file": ""}), func(t *testing.T, f filetree.RootedFS) {
		_, err := f.Lstat("file/x")
		if !errors.Is(err, fs.ErrNotExist) || !inventory.IsAbsent(err, "file/x") || !strings.Contains(err.Error(), "not a directory") {
			t.Errorf("got %v, want absence that says: not a directory", err)
		}
	})
}

func TestDirDoesNotFollowTheLastElement(t *testing.T) {
	root := plant(t, map[string]string{"d/file": "text", "d/link": "->file", "l": "->d"})
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		for _, name := range []string{"d/link", "l/link"} {
			info, err := f.Lstat(name)
			if err != nil || info.Mode().Type() != fs.ModeSymlink || info.Name() != "link" {
				t.Errorf("lstat %s: got %v, %v", name, info, err)
			}
			if target, err := f.ReadLink(name); target != "file" || err != nil {
				t.Errorf("readlink %s: got %q, %v", name, target, err)
			}
		}
		if _, err := f.ReadLink("d/file"); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("readlink of a file: got %v, want %v", err, fs.ErrInvalid)
		}
		if info, err := f.Stat("l"); err != nil || !info.IsDir() {
			t.Errorf("stat: got %v, %v, want a folder", info, err)
		}
	})
}

func TestLinkDepth(t *testing.T) {
	files := map[string]string{"l0": "text"}
	for i := 1; i <= 50; i++ {
		files[fmt.Sprintf("l%d", i)] = fmt.Sprintf("->l%d", i-1)
	}
	root := plant(t, files)
	for _, way := range ways {
		for _, tt := range []struct{ limit, links int }{{0, 40}, {3, 3}, {-1, 0}, {45, 45}} {
			t.Run(fmt.Sprint(way.name, " ", tt.limit), func(t *testing.T) {
				f := way.make(filetree.Configure(dir(t, root), false, filetree.Limits{LinkDepth: tt.limit}))
				if b, err := fs.ReadFile(f, fmt.Sprintf("l%d", tt.links)); string(b) != "text" {
					t.Errorf("%d links: %v", tt.links, err)
				}
				if _, err := fs.ReadFile(f, fmt.Sprintf("l%d", tt.links+1)); !errors.Is(err, syscall.ELOOP) {
					t.Errorf("%d links: got %v, want %v", tt.links+1, err, syscall.ELOOP)
				}
			})
		}
	}
}

func TestIrregularFilesAreNotOpened(t *testing.T) {
	root := plant(t, map[string]string{"etc/": "", "link": "->etc/passwd"})
	fifo := filepath.Join(root, "etc/passwd")
	must(t, unix.Mkfifo(fifo, 0o644))
	sock, err := net.Listen("unix", filepath.Join(root, "sock"))
	must(t, err)
	defer sock.Close()
	kinds := map[string]string{"etc/passwd": "a named pipe", "link": "a named pipe", "sock": "a socket"}
	if os.Geteuid() == 0 {
		must(t, unix.Mknod(filepath.Join(root, "dev"), unix.S_IFCHR|0o600, int(unix.Mkdev(10, 130)))) // watchdog
		must(t, unix.Mknod(filepath.Join(root, "disk"), unix.S_IFBLK|0o600, int(unix.Mkdev(8, 0))))
		kinds["dev"], kinds["disk"] = "a device", "a device"
	}
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		for name, kind := range kinds {
			_, err := f.Open(name)
			if !errors.Is(err, filetree.ErrIrregular) || !errors.Is(err, inventory.ErrUnavailable) || !strings.Contains(err.Error(), kind) {
				t.Errorf("%s: got %v, want %s", name, err, kind)
			}
			if info, err := f.Stat(name); err != nil || info.Mode().IsRegular() {
				t.Errorf("%s: got %v, %v, want a look without opening", name, info, err)
			}
		}
	})
}

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

func TestDirNeedsAFolder(t *testing.T) {
	root := plant(t, map[string]string{"file": ""})
	if _, err := inventory.Dir(filepath.Join(root, "file")); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("got %v, want %v", err, syscall.ENOTDIR)
	}
	if _, err := inventory.Dir(filepath.Join(root, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}

func TestClosedTree(t *testing.T) {
	root := plant(t, map[string]string{"f": "text"})
	cfg, err := inventory.Dir(root)
	must(t, err)
	one, two := open(t, cfg), open(t, cfg)
	file, err := one.FS(t.Context()).Open("f")
	must(t, err)
	must(t, one.Close())
	if _, err := one.Stat(t.Context(), "f"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("got %v, want %v", err, fs.ErrClosed)
	}
	if b, err := io.ReadAll(file); string(b) != "text" || err != nil {
		t.Errorf("a file that is open: got %q, %v", b, err)
	}
	if b, err := two.ReadFile(t.Context(), "f"); string(b) != "text" || err != nil {
		t.Errorf("another system of the same Config: got %q, %v", b, err)
	}
	must(t, two.Close())
}

func TestDirIsAnFS(t *testing.T) {
	root := plant(t, map[string]string{"a/b/c": "text", "a/d": "", "e": "more"})
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		if err := fstest.TestFS(f, "a/b/c", "a/d", "e"); err != nil {
			t.Error(err)
		}
	})
}

func TestUnreadableIsPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	root := plant(t, map[string]string{"f": "", "d/x": ""})
	must(t, os.Chmod(filepath.Join(root, "f"), 0))
	must(t, os.Chmod(filepath.Join(root, "d"), 0))
	defer os.Chmod(filepath.Join(root, "d"), 0o755)
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		for _, name := range []string{"f", "d", "d/x"} {
			if _, err := f.Open(name); !errors.Is(err, fs.ErrPermission) {
				t.Errorf("%s: got %v, want %v", name, err, fs.ErrPermission)
			}
		}
	})
}
