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
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

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
