package filetree_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"golang.org/x/sys/unix"
)

// Every tree that resolves links asks the same of a guard.
func TestLinkGuardIsAsked(t *testing.T) {
	root := plant(t, map[string]string{
		"etc/real": "real", "home/amy/secret": "secret", "home/amy/out": "->/etc/real",
		"plain": "->etc/real", "file": "->home/amy/secret", "folder": "->/home/amy", "missing": "->home/amy/none",
		"chain": "->home/amy/out", "below": "->etc/real/x",
	})
	denied := errors.New("denied")
	tests := []struct {
		name  string
		asked string // of Read, with * for a link on the way
		enter string // how far Enter is asked when it refuses home/amy
	}{
		{"etc/real", "", ""},
		{"etc/none", "", ""},
		{"plain", "etc/real", "etc etc/real"},
		{"file", "home/amy/secret", "home home/amy"},
		{"folder/secret", "home/amy/secret", "home home/amy"},
		{"folder/secret/x", "home/amy/secret", "home home/amy"},
		{"missing", "home/amy/none", "home home/amy"},
		{"chain", "*home/amy/out etc/real", "home home/amy"},
		{"below", "etc/real", "etc etc/real"},
	}
	byUs, err := filetree.Open(other(dir(t, root)), filetree.Options{Guarded: true})
	must(t, err)
	trees := map[string]filetree.RootedFS{"links resolved by us": byUs}
	for _, way := range ways {
		trees[way.name] = way.make(dir(t, root)).(filetree.RootedFS)
	}
	for kind, f := range trees {
		for _, tt := range tests {
			var asked, entered []string
			g := filetree.GuardLinks(f, &filetree.LinkGuard{Read: func(name string, link bool) error {
				if link {
					name = "*" + name
				}
				asked = append(asked, name)
				return nil
			}})
			_, free := f.Stat(tt.name)
			if _, err := g.Stat(tt.name); fmt.Sprint(err) != fmt.Sprint(free) {
				t.Errorf("%s: %s: got %v, without a guard %v", kind, tt.name, err, free)
			}
			if got := strings.Join(asked, " "); got != tt.asked {
				t.Errorf("%s: %s: asked %q, want %q", kind, tt.name, got, tt.asked)
			}
			g = filetree.GuardLinks(f, &filetree.LinkGuard{Enter: func(name string) error {
				entered = append(entered, name)
				if name == "home/amy" {
					return denied
				}
				return nil
			}})
			_, err := g.Stat(tt.name)
			if refused := slices.Contains(entered, "home/amy"); refused != errors.Is(err, denied) {
				t.Errorf("%s: %s: got %v after %q", kind, tt.name, err, entered)
			}
			if got := strings.Join(entered, " "); got != tt.enter {
				t.Errorf("%s: %s: entered %q, want %q", kind, tt.name, got, tt.enter)
			}
		}
		g := filetree.GuardLinks(f, &filetree.LinkGuard{Read: func(string, bool) error { return fs.ErrNotExist }})
		if _, err := g.Stat("plain"); !errors.Is(err, filetree.ErrChanged) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a name that was reached is called missing: got %v, want %v", kind, err, filetree.ErrChanged)
		}
	}
}

// Both walks ask before they enter a folder, and leave out what is refused.
func TestWalkAsksBeforeItEnters(t *testing.T) {
	root := plant(t, map[string]string{"home/amy/x": "", "home/bob/y": "", "home/l": "->amy", "srv/z": ""})
	var tables []string
	for kind, f := range map[string]filetree.FS{"by descriptors": dir(t, root), "by names": other(dir(t, root))} {
		opened, err := filetree.Open(f, filetree.Options{Guarded: true})
		must(t, err)
		denied := errors.New("denied")
		table, err := filetree.Walk(t.Context(), opened, filetree.WalkOptions{Enter: func(name string) error {
			if name == "." {
				t.Errorf("%s: asked for the root", kind)
			}
			return map[string]error{"home/amy": denied, "srv": fs.ErrNotExist}[name]
		}})
		must(t, err)
		if got, want := names(table), []string{".", "home", "home/bob", "home/bob/y", "home/l"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
		left := table.LeftOut()
		if len(left) != 2 || !errors.Is(left[0], denied) || !errors.Is(left[1], filetree.ErrChanged) || len(table.Errors()) > 0 {
			t.Errorf("%s: got %v, %v", kind, left, table.Errors())
		}
		tables = append(tables, strings.Join(lines(table), "\n")+fmt.Sprint(left))
	}
	if tables[0] != tables[1] {
		t.Errorf("the walks differ:\n%s\n%s", tables[0], tables[1])
	}
}

// A file that vanished has no attributes, and that is no absence of an attribute.
func TestAttributeOfAVanishedFile(t *testing.T) {
	root := plant(t, map[string]string{"f": "x"})
	cfg, err := inventory.Dir(root)
	must(t, err)
	s, tr := judged(t, cfg)
	_, err = s.Stat(t.Context(), "f")
	must(t, err)
	must(t, os.Remove(filepath.Join(root, "f")))
	if _, err := s.Xattr(t.Context(), "f", "security.capability"); !errors.Is(err, filetree.ErrChanged) || len(tr.Failures()) != 1 {
		t.Errorf("got %v, %v", err, tr.Failures())
	}
}

// A tree of somebody else that resolves links itself cannot be led elsewhere between the look
// and the opening.
func TestSwappedFolderIsNotRead(t *testing.T) {
	root := plant(t, map[string]string{"home/amy/f": "secret", "data/f": "open", "spare": "->home/amy"})
	swapped := false
	f := swapping{dir(t, root).(filetree.RootedFS), func(name string) {
		if name == "data/f" && !swapped {
			swapped = true
			must(t, unix.Renameat2(unix.AT_FDCWD, filepath.Join(root, "data"), unix.AT_FDCWD, filepath.Join(root, "spare"), unix.RENAME_EXCHANGE))
		}
	}}
	s := open(t, inventory.Config{FS: f, Exclude: []string{"home/amy"}})
	if b, err := s.ReadFile(t.Context(), "data/f"); err == nil || string(b) == "secret" {
		t.Errorf("got %q, %v", b, err)
	}
}

// swapping calls after behind each Lstat.
type swapping struct {
	filetree.RootedFS
	after func(string)
}

func (s swapping) Lstat(name string) (fs.FileInfo, error) {
	info, err := s.RootedFS.Lstat(name)
	s.after(name)
	return info, err
}
