package filetree_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/hardening-sdk/hardening/internal/wtf8"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func host(t *testing.T) *inventory.System {
	t.Helper()
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	return inventorytest.Open(t, cfg)
}

// treeName is the name in the tree of a path of Windows.
func treeName(path string) string { return strings.ReplaceAll(path, `\`, "/") }

// folder is a new folder with some files, by its path and its name in the tree.
func folder(t *testing.T, files ...string) (path, name string) {
	t.Helper()
	p, err := windows.UTF16FromString(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	long := make([]uint16, 1000) // what is listed is never the short form of a name
	n, err := windows.GetLongPathName(&p[0], &long[0], uint32(len(long)))
	if err != nil {
		t.Fatal(err)
	}
	path = windows.UTF16ToString(long[:n])
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(path, f), []byte(f), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return path, treeName(path)
}

func TestWindowsRootListsDrives(t *testing.T) {
	s := host(t)
	all, err := s.ReadDir(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(e fs.DirEntry) bool { return e.Name() == "C:" })
	if i < 0 || !all[i].IsDir() {
		t.Fatalf("got %v, want C: among them", all)
	}
	if info, err := all[i].Info(); err != nil || !info.IsDir() {
		t.Errorf("C: got %v, %v", info, err)
	}
	if info, err := s.Stat(t.Context(), "."); err != nil || !info.IsDir() {
		t.Errorf("got %v, %v", info, err)
	}
}

func TestWindowsReadsFiles(t *testing.T) {
	s := host(t)
	path, name := folder(t, "a.txt", "B.txt")
	windowsDir, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(windowsDir + `\win.ini`)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.ReadFile(t.Context(), treeName(windowsDir)+"/win.ini"); !bytes.Equal(got, want) || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	for _, n := range []string{name + "/a.txt", strings.ToUpper(name) + "/A.TXT", "c" + name[1:] + "/a.txt"} {
		if got, err := s.ReadFile(t.Context(), n); string(got) != "a.txt" || err != nil {
			t.Errorf("%s: got %q, %v", n, got, err)
		}
	}
	all, err := s.ReadDir(t.Context(), name)
	if err != nil || len(all) != 2 || all[0].Name() != "B.txt" || all[1].Name() != "a.txt" {
		t.Errorf("got %v, %v", all, err)
	}
	if info, err := all[1].Info(); err != nil || info.Size() != 5 || filetree.SysOf(info).Has != filetree.HasSize|filetree.HasTimes {
		t.Errorf("got %+v, %v", info, err)
	}
	real, err := os.Stat(path + `\a.txt`)
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.Stat(t.Context(), name+"/a.txt")
	if err != nil || info.Size() != 5 || info.Mode() != 0 || info.Name() != "a.txt" || !info.ModTime().Equal(real.ModTime()) {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestWindowsIdentity(t *testing.T) {
	s := host(t)
	path, name := folder(t, "a", "b")
	if err := os.Link(path+`\a`, path+`\c`); err != nil {
		t.Fatal(err)
	}
	of := func(elem string) filetree.Sys {
		info, err := s.Lstat(t.Context(), name+"/"+elem)
		if err != nil {
			t.Fatal(err)
		}
		return filetree.SysOf(info)
	}
	a, b, c := of("a"), of("b"), of("c")
	if a.Has != filetree.HasSID|filetree.HasInode|filetree.HasTimes|filetree.HasSize {
		t.Errorf("got %b", a.Has)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	// An administrator's files belong to the group of administrators, unless a policy says otherwise.
	if owners := []string{user.User.Sid.String(), "S-1-5-32-544"}; !slices.Contains(owners, a.Owner) || !strings.HasPrefix(a.Group, "S-1-") {
		t.Errorf("got owner %s and group %s, want one of %q", a.Owner, a.Group, owners)
	}
	if a.Inode != c.Inode || a.Inode == b.Inode || a.Links != 2 || b.Links != 1 || a.Dev != b.Dev || a.ChangeTime.IsZero() {
		t.Errorf("got %+v, %+v, %+v", a, b, c)
	}
}

func TestWindowsAbsence(t *testing.T) {
	s := host(t)
	_, name := folder(t, "file")
	for _, n := range []string{name + "/none", name + "/none/x", name + "/file/x", "etc/passwd", "Volume{00000000-0000-0000-0000-0000000000ff}/x"} {
		if _, err := s.ReadFile(t.Context(), n); !inventory.IsAbsent(err, n) {
			t.Errorf("%s: got %v", n, err)
		}
	}
	for _, n := range []string{name + "/file:stream", name + "/file::$DATA", name + "/NUL", name + "/file.", name + "/file ", name + "/fil?", name + `\file`, "../x"} {
		if _, err := s.Lstat(t.Context(), n); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%s: got %v", n, err)
		}
	}
	if b, err := s.ReadFile(t.Context(), name); err == nil {
		t.Errorf("a folder: got %q", b)
	}
	if all, err := s.ReadDir(t.Context(), name+"/file"); err == nil {
		t.Errorf("a file: got %v", all)
	}
}

// Whatever Windows takes for a device is refused; GetFullPathName is who decides there.
func TestWindowsDevicesAreThoseOfWindows(t *testing.T) {
	for _, name := range []string{"con", "PRN", "aux", "NUL", "nul.txt", "NUL .txt", "com1", "COM9.x", "lpt1", "LPT9.tar.gz",
		"com", "com10", "console", "xnul", "nul1", "a.nul", "lpt", "file"} {
		p, err := windows.UTF16PtrFromString(name)
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]uint16, 1000)
		n, err := windows.GetFullPathName(p, uint32(len(buf)), &buf[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		full := windows.UTF16ToString(buf[:n])
		_, err = filetree.WinElems("C:/" + name)
		if device := strings.HasPrefix(full, `\\.\`); device && err == nil {
			t.Errorf("%s: Windows makes it %s, and it is not refused", name, full)
		}
	}
}

// The conversions of names are those of the syscall package.
func TestWindowsTextIsThatOfSyscall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		units := make([]uint16, 1+r.IntN(6))
		for i := range units {
			units[i] = []uint16{'a', 0xE4, 0xD7FF, uint16(0xD800 + r.IntN(0x400)), uint16(0xDC00 + r.IntN(0x400)), 0xE000, 0xFFFD}[r.IntN(7)]
		}
		want := syscall.UTF16ToString(units)
		if got := wtf8.Text(units); got != want {
			t.Fatalf("%x: got %q, want %q", units, got, want)
		}
	}
}

func TestWindowsFilesInUse(t *testing.T) {
	s := host(t)
	path, name := folder(t, "locked", "shared")
	for elem, share := range map[string]uint32{"locked": 0, "shared": windows.FILE_SHARE_READ} {
		p, err := windows.UTF16PtrFromString(path + `\` + elem)
		if err != nil {
			t.Fatal(err)
		}
		h, err := windows.CreateFile(p, windows.GENERIC_READ|windows.GENERIC_WRITE, share, nil, windows.OPEN_EXISTING, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer windows.CloseHandle(h)
		if _, err := s.Lstat(t.Context(), name+"/"+elem); err != nil {
			t.Errorf("%s: looking opens nothing, got %v", elem, err)
		}
		b, err := s.ReadFile(t.Context(), name+"/"+elem)
		if share == 0 && !errors.Is(err, inventory.ErrUnavailable) || share != 0 && (err != nil || string(b) != elem) {
			t.Errorf("%s: got %q, %v", elem, b, err)
		}
	}
}

// Reading takes part in nothing: a file that is open here can be renamed and deleted.
func TestWindowsKeepsNothingFromOthers(t *testing.T) {
	s := host(t)
	path, name := folder(t, "a", "b")
	f, err := s.FS(t.Context()).Open(name + "/a")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+`\a`, path+`\c`); err != nil {
		t.Error(err)
	}
	if err := os.Remove(path + `\c`); err != nil {
		t.Error(err)
	}
	if b, err := io.ReadAll(f); string(b) != "a" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.Read(make([]byte, 1)); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closed: got %v", err)
	}
}

func TestWindowsLongAndStrangeNames(t *testing.T) {
	s := host(t)
	path, name := folder(t)
	deep, deepName := `\\?\`+path, name
	for range 6 {
		elem := strings.Repeat("long", 20)
		deep, deepName = deep+`\`+elem, deepName+"/"+elem
		if err := os.Mkdir(deep, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(deep+`\ä€😀`, []byte("deep"), 0o644); err != nil {
		t.Fatal(err)
	}
	if b, err := s.ReadFile(t.Context(), deepName+"/ä€😀"); string(b) != "deep" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	for _, elem := range []string{"con", "dot.", "\xed\xa0\x80"} {
		t.Run(elem, func(t *testing.T) {
			if err := os.WriteFile(`\\?\`+path+`\`+elem, nil, 0o644); err != nil {
				t.Skip("this Windows makes no such file:", err)
			}
			all, err := s.ReadDir(t.Context(), name)
			if err != nil || !slices.ContainsFunc(all, func(e fs.DirEntry) bool { return e.Name() == elem }) {
				t.Errorf("got %v, %v, want it listed", all, err)
			}
		})
	}
}

// Many at once, in pieces, and after closing.
func TestWindowsFoldersInPieces(t *testing.T) {
	var files []string
	for i := range 600 {
		files = append(files, strings.Repeat("n", 1+i%60)+string(rune('a'+i%26))+strings.Repeat("m", i/100))
	}
	slices.Sort(files)
	files = slices.Compact(files)
	_, name := folder(t, files...)
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	f, err := cfg.FS.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var got []string
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				some, err := f.(fs.ReadDirFile).ReadDir(7)
				mu.Lock()
				for _, e := range some {
					got = append(got, e.Name())
				}
				mu.Unlock()
				if err != nil {
					if err != io.EOF {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	if !slices.Equal(got, files) {
		t.Errorf("got %d names, want %d", len(got), len(files))
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.(fs.ReadDirFile).ReadDir(1); err == nil {
		t.Error("a closed folder lists")
	}
	s, err := inventory.New(inventory.Config{FS: cfg.FS, Limits: inventory.Limits{DirEntries: 10}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ReadDir(t.Context(), name); !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("got %v", err)
	}
}

// narrowed lists no more of a tree than one folder, what is below it, and the way to it.
type narrowed struct {
	filetree.FS
	dir string
}

func (n narrowed) Open(name string) (fs.File, error) {
	f, err := n.FS.Open(name)
	if dir, ok := f.(fs.ReadDirFile); ok && err == nil && (name == "." || strings.HasPrefix(n.dir, name+"/")) {
		return &narrowedDir{ReadDirFile: dir, n: n, name: name}, nil
	}
	return f, err
}

type narrowedDir struct {
	fs.ReadDirFile
	n    narrowed
	name string
}

func (d *narrowedDir) ReadDir(n int) ([]fs.DirEntry, error) {
	all, err := d.ReadDirFile.ReadDir(n)
	for len(all) > 0 && err == nil {
		i := slices.IndexFunc(all, func(e fs.DirEntry) bool {
			return strings.HasPrefix(d.n.dir+"/", strings.TrimPrefix(d.name+"/"+e.Name()+"/", "./"))
		})
		if i >= 0 {
			return all[i : i+1], nil
		}
		if n <= 0 {
			return nil, nil
		}
		all, err = d.ReadDirFile.ReadDir(n)
	}
	return nil, err
}

func TestWindowsTree(t *testing.T) {
	path, name := folder(t, "a", "b")
	if err := os.MkdirAll(path+`\x\y`, 0o755); err != nil {
		t.Fatal(err)
	}
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	cfg.FS = narrowed{cfg.FS, name}
	if err := inventorytest.TestFS(cfg.FS, name+"/a", name+"/x/y"); err != nil {
		t.Error(err)
	}
	table, err := inventory.Tree.Of(t.Context(), inventorytest.Open(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	all := names(table)
	want := []string{name, name + "/a", name + "/b", name + "/x", name + "/x/y"}
	if i := slices.Index(all, name); i < 0 || !slices.Equal(all[i:], want) || len(table.Errors()) > 0 {
		t.Errorf("got %q, %v, want %q at the end", all, table.Errors(), want)
	}
	if has := table.Has(); has != filetree.HasSize {
		t.Errorf("got %b", has)
	}
}
