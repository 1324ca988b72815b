package sys_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/internal/sys"
)

func openDir(t *testing.T, path string) int {
	t.Helper()
	fd, err := sys.Open(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

// kernels runs a test with what this kernel has, and with what older ones have.
func kernels(t *testing.T, test func(t *testing.T)) {
	t.Run("this kernel", test)
	defer sys.OldKernel()()
	t.Run("an old kernel", test)
}

func TestStat(t *testing.T) {
	root := t.TempDir()
	name := "f\xff\n"
	if err := os.WriteFile(filepath.Join(root, name), []byte("12345"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(name, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	dir := openDir(t, root)
	kernels(t, func(t *testing.T) {
		var a, b sys.Attr
		if err := sys.StatAt(dir, []byte(name+"\x00"), &a); err != nil {
			t.Fatal(err)
		}
		var st unix.Stat_t
		if err := unix.Fstatat(dir, name, &st, 0); err != nil {
			t.Fatal(err)
		}
		want := sys.Attr{Mode: 0o100640, UID: st.Uid, GID: st.Gid, Links: 1, Size: 5, Dev: uint64(st.Dev), Ino: st.Ino}
		if a != want {
			t.Errorf("got %+v, want %+v", a, want)
		}
		if err := sys.StatAt(dir, []byte("link\x00"), &b); err != nil || b.Mode&sys.TypeMask != sys.Link {
			t.Errorf("a link: got %+v, %v", b, err)
		}
		if err := sys.StatFD(dir, &b); err != nil || b.Mode&sys.TypeMask != sys.Dir || b.Dev != a.Dev {
			t.Errorf("an open folder: got %+v, %v", b, err)
		}
		if err := sys.StatAt(dir, []byte("none\x00"), &b); err != unix.ENOENT {
			t.Errorf("got %v, want %v", err, unix.ENOENT)
		}
		if err := sys.StatAt(dir, []byte("none"), &b); err != unix.EINVAL {
			t.Errorf("without a NUL: got %v, want %v", err, unix.EINVAL)
		}
	})
}

func TestXattrAt(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "f")
	if err := os.WriteFile(file, nil, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setxattr(file, "user.a", []byte("value"), 0); err != nil {
		oracle.Lack(t, "no extended attributes here: "+err.Error())
	}
	if err := os.Symlink("f", filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	dir := openDir(t, root)
	kernels(t, func(t *testing.T) {
		buf := make([]byte, 16)
		for _, tt := range []struct {
			name, attr, want string
			err              error
		}{
			{"f", "user.a", "value", nil},
			{"f", "user.b", "", unix.ENODATA},
			{"none", "user.a", "", unix.ENOENT},
		} {
			n, err := sys.XattrAt(dir, []byte(tt.name+"\x00"), []byte(tt.attr+"\x00"), buf)
			if string(buf[:max(n, 0)]) != tt.want || err != tt.err {
				t.Errorf("%s %s: got %q, %v, want %q, %v", tt.name, tt.attr, buf[:n], err, tt.want, tt.err)
			}
		}
		if n, err := sys.XattrAt(dir, []byte("link\x00"), []byte("user.a\x00"), buf); err == nil {
			t.Errorf("a link was followed to %q", buf[:n])
		}
		if _, err := sys.XattrAt(dir, []byte("f\x00"), []byte("user.a\x00"), buf[:1]); err != unix.ERANGE {
			t.Errorf("got %v, want %v", err, unix.ERANGE)
		}
	})
}

func TestDirents(t *testing.T) {
	root := t.TempDir()
	want := []string{"\xff", "a\nb", strings.Repeat("x", 255), "..."}
	for _, name := range want {
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, buf := openDir(t, root), make([]byte, 512)
	var got []string
	for {
		n, err := sys.Getdents(dir, buf)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
		for name, kind, rest := sys.NextDirent(buf[:n]); name != nil; name, kind, rest = sys.NextDirent(rest) {
			got = append(got, strings.TrimSuffix(string(name), "\x00"))
			if mode, ok := sys.DirentMode(kind); ok && mode != 0 {
				t.Errorf("%q: got %v, want a file", name, mode)
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDirentMode(t *testing.T) {
	for kind, want := range map[byte]fs.FileMode{unix.DT_REG: 0, unix.DT_DIR: fs.ModeDir, unix.DT_LNK: fs.ModeSymlink,
		unix.DT_FIFO: fs.ModeNamedPipe, unix.DT_SOCK: fs.ModeSocket, unix.DT_BLK: fs.ModeDevice, unix.DT_CHR: fs.ModeDevice | fs.ModeCharDevice} {
		if got, ok := sys.DirentMode(kind); got != want || !ok {
			t.Errorf("%d: got %v, %v, want %v", kind, got, ok, want)
		}
	}
	for _, kind := range []byte{unix.DT_UNKNOWN, unix.DT_WHT, 255} {
		if got, ok := sys.DirentMode(kind); ok {
			t.Errorf("%d: got %v, want no answer", kind, got)
		}
	}
}

func FuzzNextDirent(f *testing.F) {
	f.Add([]byte("01234567" + "01234567" + "\x18\x00\x08" + "name\x00"))
	f.Add([]byte("01234567" + "01234567" + "\x00\x00\x08" + "name\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for name, _, rest := sys.NextDirent(b); name != nil; name, _, rest = sys.NextDirent(rest) {
			if len(name) < 2 || name[len(name)-1] != 0 || slices.Contains(name[:len(name)-1], 0) {
				t.Fatalf("%q is not one name and a NUL", name)
			}
		}
	})
}

func TestFD(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	raw, err := unix.Dup(int(w.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	fd := sys.NewFD(raw)
	n, err := fd.Use()
	if n != raw || err != nil {
		t.Fatalf("got %d, %v, want %d", n, err, raw)
	}
	if err := fd.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := fd.Use(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("use after closing: got %v", err)
	}
	if err := fd.Close(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closing twice: got %v", err)
	}
	if _, err := unix.Write(raw, []byte("x")); err != nil {
		t.Errorf("closed under its user: %v", err)
	}
	fd.Done()
	if _, err := unix.Write(raw, []byte("x")); err != unix.EBADF {
		t.Errorf("after the last use: got %v, want %v", err, unix.EBADF)
	}
}

func TestFDConcurrently(t *testing.T) {
	for range 200 {
		raw, err := unix.Open("/", unix.O_PATH|unix.O_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		fd := sys.NewFD(raw)
		var users sync.WaitGroup
		for range 4 {
			users.Go(func() {
				for range 10 {
					n, err := fd.Use()
					if err != nil {
						return
					}
					if _, err := sys.Fstat(n); err != nil {
						t.Error(err)
					}
					fd.Done()
				}
			})
		}
		fd.Close()
		users.Wait()
	}
}

func TestReadLinkOfAnyLength(t *testing.T) {
	root := t.TempDir()
	for _, n := range []int{1, 255, 256, 257, 1024, 4095} {
		want := strings.Repeat("x", n)
		os.Remove(filepath.Join(root, "l"))
		if err := os.Symlink(want, filepath.Join(root, "l")); err != nil {
			t.Fatal(err)
		}
		fd, err := sys.OpenPath(openDir(t, root), "l")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := sys.ReadLink(fd); got != want || err != nil {
			t.Errorf("%d bytes: got %d, %v", n, len(got), err)
		}
		unix.Close(fd)
	}
}
