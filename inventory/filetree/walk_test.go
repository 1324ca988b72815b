package filetree_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// lines returns a table as text, one entry a line.
func lines(t *filetree.Table) []string {
	var all []string
	for e := range t.All() {
		all = append(all, fmt.Sprintf("%q %v %d:%d %d %d %x", e.Name(), e.Mode(), e.UID(), e.GID(), e.Links(), e.Size(), e.Capabilities()))
	}
	return all
}

func names(t *filetree.Table) []string {
	var all []string
	for e := range t.All() {
		all = append(all, e.Name())
	}
	return all
}

// treeOf walks through a System, as checks do.
func treeOf(t testing.TB, cfg inventory.Config) (*filetree.Table, error) {
	t.Helper()
	s, err := inventory.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return inventory.Tree.Of(t.Context(), s)
}

// owned gives the files of a tree owners, which fstest.MapFS has not.
type owned struct{ fstest.MapFS }

type ownedInfo struct{ fs.FileInfo }

func (i ownedInfo) Sys() any {
	n := uint32(len(i.Name()))
	return &filetree.Sys{Has: filetree.HasOwner | filetree.HasMode | filetree.HasInode | filetree.HasSize,
		UID: n, GID: n << 20, Links: uint64(n) + 1}
}

func (o owned) Lstat(name string) (fs.FileInfo, error) {
	info, err := o.MapFS.Lstat(name)
	return ownedInfo{info}, err
}

func (o owned) Open(name string) (fs.File, error) {
	f, err := o.MapFS.Open(name)
	if d, ok := f.(fs.ReadDirFile); ok {
		return ownedDir{d}, err
	}
	return f, err
}

type ownedDir struct{ fs.ReadDirFile }

func (d ownedDir) ReadDir(n int) ([]fs.DirEntry, error) {
	all, err := d.ReadDirFile.ReadDir(n)
	for i, e := range all {
		info, _ := e.Info()
		all[i] = fs.FileInfoToDirEntry(ownedInfo{info})
	}
	return all, err
}

func (o owned) Xattr(name, attr string) ([]byte, error) {
	if attr == "security.capability" && strings.HasSuffix(name, "ping") {
		return []byte("capability of ping"), nil
	}
	return nil, &fs.PathError{Op: "xattr", Path: name, Err: fs.ErrNotExist}
}

func TestTreeOfAnyFS(t *testing.T) {
	tree := owned{fstest.MapFS{
		"bin/ping":      {Data: []byte("12345"), Mode: 0o755},
		"bin/ping.txt":  {Mode: 0o644},
		"bin/su":        {Mode: fs.ModeSetuid | fs.ModeSetgid | 0o755},
		"a-b":           {Mode: 0o600},
		"a/b":           {Mode: 0o600},
		"a/l":           {Data: []byte("b"), Mode: fs.ModeSymlink | 0o777},
		"tmp":           {Mode: fs.ModeDir | fs.ModeSticky | 0o777},
		"dev/fifo":      {Mode: fs.ModeNamedPipe | 0o600},
		"dev/null":      {Mode: fs.ModeDevice | fs.ModeCharDevice | 0o666},
		"\xff\n":        {Mode: 0o600},
		"proc/stale":    {Mode: 0o600},
		"usr/proc/kept": {Mode: 0o600},
	}}
	table, err := treeOf(t, inventory.Config{FS: tree})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`"." dr-xr-xr-x 1:1048576 2 0 `,
		`"a" dr-xr-xr-x 1:1048576 2 0 `,
		`"a/b" -rw------- 1:1048576 2 0 `,
		`"a/l" Lrwxrwxrwx 1:1048576 2 1 `,
		`"a-b" -rw------- 3:3145728 4 0 `,
		`"bin" dr-xr-xr-x 3:3145728 4 0 `,
		`"bin/ping" -rwxr-xr-x 4:4194304 5 5 6361706162696c697479206f662070696e67`,
		`"bin/ping.txt" -rw-r--r-- 8:8388608 9 0 `,
		`"bin/su" ugrwxr-xr-x 2:2097152 3 0 `,
		`"dev" dr-xr-xr-x 3:3145728 4 0 `,
		`"dev/fifo" prw------- 4:4194304 5 0 `,
		`"dev/null" Dcrw-rw-rw- 4:4194304 5 0 `,
		`"proc" dr-xr-xr-x 4:4194304 5 0 `,
		`"tmp" dtrwxrwxrwx 3:3145728 4 0 `,
		`"usr" dr-xr-xr-x 3:3145728 4 0 `,
		`"usr/proc" dr-xr-xr-x 4:4194304 5 0 `,
		`"usr/proc/kept" -rw------- 4:4194304 5 0 `,
		`"\xff\n" -rw------- 2:2097152 3 0 `,
	}
	if got := lines(table); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if table.Len() != len(want) || len(table.Errors()) != 0 || len(table.Mounts()) != 0 {
		t.Errorf("got %d entries, %v, %v", table.Len(), table.Errors(), table.Mounts())
	}
	if all := filetree.HasOwner | filetree.HasMode | filetree.HasInode | filetree.HasSize | filetree.HasXattr; table.Has() != all {
		t.Errorf("got %b, want %b", table.Has(), all)
	}
}

func TestTreeSaysWhatIsReal(t *testing.T) {
	table, err := treeOf(t, files(map[string]string{"a": ""}))
	if err != nil || table.Has() != 0 {
		t.Errorf("got %v, %v, want nothing known of files without identity", table.Has(), err)
	}
}

func TestTreeStopsWhereItsReaderDoes(t *testing.T) {
	table, err := treeOf(t, files(map[string]string{"a/b": "", "c/d": ""}))
	if err != nil {
		t.Fatal(err)
	}
	for n := range table.Len() {
		seen := 0
		for range table.All() {
			if seen++; seen > n {
				break
			}
		}
		if seen != n+1 {
			t.Errorf("got %d entries, want %d", seen, n+1)
		}
	}
}

func TestTreeLimits(t *testing.T) {
	tree := map[string]string{}
	for i := range 20 {
		tree[fmt.Sprintf("a/b/c/%02d", i)] = ""
	}
	const entries = 1 + 3 + 20
	tests := []struct {
		name   string
		limits inventory.Limits
		want   string
	}{
		{"all fit", inventory.Limits{TreeEntries: entries, TreeDepth: 3, DirEntries: 20}, ""},
		{"entries", inventory.Limits{TreeEntries: entries - 1}, "more than 23 entries"},
		{"depth", inventory.Limits{TreeDepth: 2}, "a/b/c: limit exceeded: more than 2 nested folders"},
		{"no depth", inventory.Limits{TreeDepth: -1}, ".: limit exceeded: more than -1 nested folders"},
		{"folder", inventory.Limits{DirEntries: 19}, "a/b/c: limit exceeded: more than 19 entries"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := files(tree)
			cfg.Limits = tt.limits
			table, err := treeOf(t, cfg)
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

// faulty fails where it is told to.
type faulty struct {
	fstest.MapFS
	open  map[string]error
	extra map[string][]fs.DirEntry
	panic string
}

func (f faulty) Open(name string) (fs.File, error) {
	if name == f.panic {
		panic("of a vendor's tree")
	}
	if err := f.open[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	file, err := f.MapFS.Open(name)
	if d, ok := file.(fs.ReadDirFile); ok && f.extra[name] != nil {
		return &extraDir{d, f.extra[name]}, err
	}
	return file, err
}

type extraDir struct {
	fs.ReadDirFile
	extra []fs.DirEntry
}

func (d *extraDir) ReadDir(n int) ([]fs.DirEntry, error) {
	extra := d.extra
	d.extra = nil
	all, err := d.ReadDirFile.ReadDir(n)
	return append(all, extra...), err
}

type brokenEntry struct {
	fs.DirEntry
	name string
	err  error
}

func (e brokenEntry) Name() string               { return e.name }
func (e brokenEntry) Info() (fs.FileInfo, error) { return nil, e.err }

func TestTreeGoesOnOverWhatItCannotSee(t *testing.T) {
	eio := errors.New("input/output error")
	cfg := inventory.Config{FS: faulty{
		MapFS: fstest.MapFS{"a/x": {}, "b/x": {}, "gone/x": {}, "z": {}},
		open:  map[string]error{"a": fs.ErrPermission, "gone": fs.ErrNotExist},
		extra: map[string][]fs.DirEntry{"b": {
			brokenEntry{name: "up/../../x"}, brokenEntry{name: ".."}, brokenEntry{name: "x", err: eio},
			brokenEntry{name: "y", err: eio}, brokenEntry{name: "went", err: fs.ErrNotExist},
		}},
	}}
	s, tr := judged(t, cfg)
	table, err := inventory.Tree.Of(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(table), []string{".", "a", "b", "b/x", "z"}; !slices.Equal(got, want) || table.Len() != len(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var got []string
	for _, err := range table.Errors() {
		var pe *fs.PathError
		if !errors.As(err, &pe) {
			t.Errorf("%v is no PathError", err)
		}
		got = append(got, err.Error())
	}
	want := []string{
		"readdir a: " + fs.ErrPermission.Error(),
		"readdir b/..: invalid argument",
		"readdir b/up/../../x: invalid argument",
		"readdir b/x: listed twice",
		"lstat b/y: input/output error",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	failures := tr.Failures()
	if len(failures) != 1 || failures[0].Read != (trail.Read{Op: filetree.OpWalk, Name: "."}) ||
		!errors.Is(failures[0].Err, fs.ErrPermission) || !strings.Contains(failures[0].Err.Error(), "5 could not be seen") {
		t.Errorf("got %v, want one failed walk", failures)
	}
}

func TestTreeIsOneReadThatCanBeIntercepted(t *testing.T) {
	cfg := files(map[string]string{"a/b": ""})
	s := open(t, cfg)
	if _, err := inventory.Tree.Of(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.Reads()); got != "[walk .]" {
		t.Errorf("got %s", got)
	}
	denied := errors.New("denied")
	cfg.Intercept = func(_ context.Context, r inventory.Read) error { return denied }
	s, tr := judged(t, cfg)
	if _, err := inventory.Tree.Of(t.Context(), s); !errors.Is(err, denied) || len(tr.Failures()) == 0 {
		t.Errorf("got %v, %v, want %v", err, tr.Failures(), denied)
	}
}

func TestTreeOutlivesAPanic(t *testing.T) {
	cfg := inventory.Config{FS: faulty{MapFS: fstest.MapFS{"a/x": {}, "b/x": {}}, panic: "b"}}
	if _, err := treeOf(t, cfg); !errors.Is(err, inventory.ErrPanic) {
		t.Errorf("got %v, want %v", err, inventory.ErrPanic)
	}
}

// slowFS takes its time, and says when it was asked first.
type slowFS struct {
	fstest.MapFS
	asked chan struct{}
}

func (f slowFS) Open(name string) (fs.File, error) {
	select {
	case f.asked <- struct{}{}:
	default:
	}
	time.Sleep(time.Millisecond)
	return f.MapFS.Open(name)
}

func TestTreeHeedsItsContext(t *testing.T) {
	tree := slowFS{fstest.MapFS{}, make(chan struct{}, 1)}
	for i := range 20_000 {
		tree.MapFS[fmt.Sprintf("%d/x", i)] = &fstest.MapFile{}
	}
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	go func() { <-tree.asked; cancel(why) }()
	s := open(t, inventory.Config{FS: tree})
	if _, err := inventory.Tree.Of(ctx, s); !errors.Is(err, context.Canceled) || !strings.Contains(fmt.Sprint(err), why.Error()) {
		t.Errorf("got %v, want %v", err, why)
	}
	for i := 0; runtime.NumGoroutine() > before+1 && i < 1000; i++ {
		time.Sleep(time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before+1 {
		t.Errorf("%d goroutines are left", n-before)
	}
}

func TestTreeIsTheSameWhateverTheScheduling(t *testing.T) {
	tree := map[string]string{}
	for i := range 500 {
		tree[fmt.Sprintf("%d/%d/%d", i%7, i%31, i)] = ""
	}
	var first []string
	for procs := 1; procs <= 4; procs++ {
		old := runtime.GOMAXPROCS(procs)
		table, err := treeOf(t, files(tree))
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		got := lines(table)
		if procs == 1 {
			first = got
		}
		if !slices.Equal(got, first) {
			t.Errorf("with %d processors another table", procs)
		}
	}
}
