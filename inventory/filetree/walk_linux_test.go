package filetree_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// forest makes a tree of about n files below root, of all kinds that anybody can make.
func forest(t testing.TB, root string, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	dirs := []string{root}
	for i := range n {
		p := filepath.Join(dirs[r.IntN(len(dirs))], fmt.Sprintf("%c%x", 'a'+r.IntN(26), i))
		switch kind := r.IntN(40); {
		case kind < 4:
			must(t, os.Mkdir(p, 0o755))
			dirs = append(dirs, p)
		case kind < 6:
			must(t, os.Symlink("/etc/passwd", p))
		case kind == 6:
			must(t, unix.Mkfifo(p, 0o600))
		case kind == 7:
			must(t, os.WriteFile(p+"\xff\n", make([]byte, r.IntN(5000)), 0o600))
		default:
			must(t, os.WriteFile(p, make([]byte, r.IntN(300)), 0o644))
			must(t, unix.Chmod(p, uint32(r.IntN(0o10000))|0o400))
			if r.IntN(20) == 0 {
				must(t, os.Link(p, p+"-linked"))
			}
			if os.Geteuid() == 0 {
				must(t, os.Lchown(p, r.IntN(3)*1000, r.IntN(100_000)))
			}
		}
	}
}

// plainly returns what filepath.WalkDir sees, in the form of lines.
func plainly(t testing.TB, root string) []string {
	t.Helper()
	var all []string
	must(t, filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var st unix.Stat_t
		if err := unix.Lstat(p, &st); err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, p)
		caps := make([]byte, 100)
		n := 0
		if st.Mode&0o111 != 0 && info.Mode().IsRegular() {
			n, _ = unix.Lgetxattr(p, "security.capability", caps)
		}
		all = append(all, fmt.Sprintf("%q %v %d:%d %d %d %x", name, info.Mode(), st.Uid, st.Gid, st.Nlink, st.Size, caps[:max(n, 0)]))
		return nil
	}))
	return all
}

// otherFS hides the walk that a tree of this package has.
type otherFS struct {
	filetree.RootedFS
	filetree.XattrFS
}

func other(f filetree.FS) filetree.FS {
	return otherFS{f.(filetree.RootedFS), f.(filetree.XattrFS)}
}

func differ(t *testing.T, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("entry %d:\ngot  %s\nwant %s", i, got[i], want[i])
			break
		}
	}
	t.Errorf("got %d entries, want %d", len(got), len(want))
}

func TestTreeIsWhatAPlainWalkSees(t *testing.T) {
	root := t.TempDir()
	forest(t, root, 5000)
	ping := filepath.Join(root, "ping")
	must(t, os.WriteFile(ping, nil, 0o755))
	if os.Geteuid() == 0 { // cap_net_raw=ep, as setcap(8) writes it
		v := []byte{1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
		if err := unix.Setxattr(ping, "security.capability", v, 0); err != nil {
			t.Log("no capabilities here:", err)
		}
	}
	want := plainly(t, root)
	for procs := 1; procs <= 4; procs++ {
		old := runtime.GOMAXPROCS(procs)
		for kind, f := range map[string]filetree.FS{"by descriptors": dir(t, root), "by names": other(dir(t, root))} {
			table, err := treeOf(t, inventory.Config{FS: f})
			must(t, err)
			t.Run(fmt.Sprint(kind, " with ", procs), func(t *testing.T) {
				differ(t, lines(table), want)
				if table.Len() != len(want) || len(table.Errors()) != 0 {
					t.Errorf("got %d entries and %v", table.Len(), table.Errors())
				}
			})
		}
		runtime.GOMAXPROCS(old)
	}
}

func TestTreeIsWhatFindSees(t *testing.T) {
	oracle.Need(t, "find")
	root := t.TempDir()
	forest(t, root, 3000)
	out := oracle.Run(t, "find", root, "-mindepth", "1", "-perm", "/6000", "-printf", `%P\0`)
	want := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	slices.Sort(want)
	table, err := treeOf(t, inventory.Config{FS: dir(t, root)})
	must(t, err)
	var got []string
	for e := range table.All() {
		if e.Mode()&(fs.ModeSetuid|fs.ModeSetgid) != 0 {
			got = append(got, e.Name())
		}
	}
	slices.Sort(got)
	differ(t, got, want)
	if len(want) < 100 {
		t.Errorf("only %d files to compare", len(want))
	}
}

func TestTreeLimitsOnLinux(t *testing.T) {
	files := map[string]string{}
	for i := range 20 {
		files[fmt.Sprintf("a/b/c/%02d", i)] = ""
	}
	root := plant(t, files)
	const entries = 1 + 3 + 20
	for name, tt := range map[string]struct {
		limits inventory.Limits
		want   string
	}{
		"all fit": {inventory.Limits{TreeEntries: entries, TreeDepth: 3, DirEntries: 20}, ""},
		"entries": {inventory.Limits{TreeEntries: entries - 1}, "more than 23 entries"},
		"depth":   {inventory.Limits{TreeDepth: 2}, "a/b/c: limit exceeded: more than 2 nested folders"},
		"folder":  {inventory.Limits{DirEntries: 19}, "a/b/c: limit exceeded: more than 19 entries"},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := treeOf(t, inventory.Config{FS: dir(t, root), Limits: tt.limits})
			if tt.want == "" {
				if err != nil || table.Len() != entries {
					t.Errorf("got %d entries, %v, want %d", table.Len(), err, entries)
				}
				return
			}
			if table != nil || !errors.Is(err, inventory.ErrLimit) || !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("got %v, %v, want %q", table, err, tt.want)
			}
		})
	}
}

func TestTreeOfAnImageLeavesOutProcAndSys(t *testing.T) {
	root := plant(t, map[string]string{"proc/stale": "", "sys/stale": "", "etc/proc/kept": ""})
	table, err := treeOf(t, inventory.Config{FS: dir(t, root)})
	must(t, err)
	if got, want := names(table), []string{".", "etc", "etc/proc", "etc/proc/kept", "proc", "sys"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTreeNamesUnreadableFolders(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	root := plant(t, map[string]string{"closed/x": "", "names/x": "", "open/x": ""})
	must(t, os.Chmod(filepath.Join(root, "closed"), 0o300))
	must(t, os.Chmod(filepath.Join(root, "names"), 0o400))
	defer os.Chmod(filepath.Join(root, "closed"), 0o700)
	defer os.Chmod(filepath.Join(root, "names"), 0o700)
	for kind, f := range map[string]filetree.FS{"by descriptors": dir(t, root), "by names": other(dir(t, root))} {
		s, tr := judged(t, inventory.Config{FS: f})
		table, err := inventory.Tree.Of(t.Context(), s)
		must(t, err)
		if got, want := names(table), []string{".", "closed", "names", "open", "open/x"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
		var failed []string
		for _, err := range table.Errors() {
			if !errors.Is(err, fs.ErrPermission) {
				t.Errorf("%s: got %v, want %v", kind, err, fs.ErrPermission)
			}
			failed = append(failed, err.(*fs.PathError).Path)
		}
		if want := []string{"closed", "names/x"}; !slices.Equal(failed, want) {
			t.Errorf("%s: got %q, want %q", kind, failed, want)
		}
		if len(tr.Failures()) != 1 {
			t.Errorf("%s: got %v, want the walk to have failed", kind, tr.Failures())
		}
	}
}

// openFiles counts the descriptors of this process.
func openFiles(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(all)
}

func TestTreeClosesWhatItOpened(t *testing.T) {
	root := t.TempDir()
	forest(t, root, 3000)
	canceled, cancel := context.WithCancel(t.Context())
	for name, tt := range map[string]struct {
		ctx    context.Context
		limits inventory.Limits
	}{
		"whole":    {t.Context(), inventory.Limits{}},
		"limited":  {t.Context(), inventory.Limits{TreeEntries: 1000}},
		"canceled": {canceled, inventory.Limits{}},
	} {
		s := open(t, inventory.Config{FS: dir(t, root), Limits: tt.limits})
		before := openFiles(t)
		if name == "canceled" {
			cancel()
		}
		_, err := inventory.Tree.Of(tt.ctx, s)
		if (err == nil) != (name == "whole") {
			t.Errorf("%s: got %v", name, err)
		}
		if after := openFiles(t); after > before {
			t.Errorf("%s: %d descriptors before, %d after", name, before, after)
		}
		must(t, s.Close())
	}
	cancel()
}

// Files and folders come, go, and change places with links to the outside while the
// walk is under way. It ends without an error, and in the tree.
func TestTreeWhileItChanges(t *testing.T) {
	outside := plant(t, map[string]string{"outside": "", "d/outside": ""})
	root := t.TempDir()
	forest(t, root, 500)
	must(t, os.MkdirAll(filepath.Join(root, "swap/d/inside"), 0o755))
	must(t, os.Symlink(outside, filepath.Join(root, "swap/l")))
	swap := func() error {
		return unix.Renameat2(unix.AT_FDCWD, filepath.Join(root, "swap/d"), unix.AT_FDCWD, filepath.Join(root, "swap/l"), unix.RENAME_EXCHANGE)
	}
	come := filepath.Join(root, "come/and/go")
	stop := meanwhile(t, func() error {
		return errors.Join(swap(), os.MkdirAll(come, 0o755), os.WriteFile(come+"/x", nil, 0o644), os.RemoveAll(filepath.Join(root, "come")))
	})
	defer stop()
	for range 200 {
		table, err := treeOf(t, inventory.Config{FS: dir(t, root)})
		must(t, err)
		for e := range table.All() {
			if name := e.Name(); strings.Contains(name, "outside") {
				t.Fatalf("%s is not in the tree", name)
			}
		}
		for _, err := range table.Errors() {
			if !errors.Is(err, filetree.ErrChanged) || !strings.HasPrefix(err.(*fs.PathError).Path, "swap/") {
				t.Fatal(err)
			}
		}
	}
}

func BenchmarkTree(b *testing.B) {
	root := b.TempDir()
	forest(b, root, 20_000)
	b.Run("Tree", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			table, err := treeOf(b, inventory.Config{FS: dir(b, root)})
			if err != nil || table.Len() < 20_000 {
				b.Fatal(table.Len(), err)
			}
		}
	})
	b.Run("WalkDir", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			must(b, filepath.WalkDir(root, func(_ string, e fs.DirEntry, err error) error {
				if err == nil {
					_, err = e.Info()
				}
				n++
				return err
			}))
			if n < 20_000 {
				b.Fatal(n)
			}
		}
	})
}
