package filetree_test

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestWindowsNames(t *testing.T) {
	tests := []struct {
		name string
		want []string // nil is refused
	}{
		{"C:", []string{"C:"}},
		{"c:/Windows/win.ini", []string{"c:", "Windows", "win.ini"}},
		{"Volume{0a1b2c3d-0000-0000-0000-100000000000}/x", []string{"Volume{0a1b2c3d-0000-0000-0000-100000000000}", "x"}},
		{"C:/.hidden/a b", []string{"C:", ".hidden", "a b"}},
		{"C:/console/com/com10/lpt/nul1/xcon", []string{"C:", "console", "com", "com10", "lpt", "nul1", "xcon"}},
		{"C:/\xed\xa0\x80", []string{"C:", "\xed\xa0\x80"}}, // a lone surrogate
		{"C:/ä€😀", []string{"C:", "ä€😀"}},

		{"", nil}, {"/C:", nil}, {"C:/", nil}, {"C:/../x", nil}, {"C:/./x", nil}, {"C:/a\x00b", nil},
		{"C:/x:stream", nil}, {"C:/x::$DATA", nil}, {"C:/D:", nil},
		{`C:/a\b`, nil}, {"C:/a*", nil}, {"C:/a?", nil}, {"C:/a<b", nil}, {"C:/a>b", nil}, {`C:/a"b`, nil}, {"C:/a|b", nil},
		{"C:/a\x01", nil}, {"C:/a\n", nil},
		{"C:/x.", nil}, {"C:/x ", nil}, {"C:/x. ", nil}, {"C:/dir./x", nil}, {"C:/...", nil},
		{"C:/CON", nil}, {"C:/con.txt", nil}, {"C:/Nul.tar.gz", nil}, {"C:/aux .c", nil}, {"C:/PRN", nil},
		{"C:/COM1", nil}, {"C:/com¹.log", nil}, {"C:/LPT9", nil}, {"C:/lpt³", nil}, {"C:/CONIN$", nil}, {"C:/conout$.x", nil}, {"C:/dir/NUL/x", nil},
		{"C:/a\xff", nil},                     // no text
		{"C:/a\xed\xa0\x80\xed\xb0\x80", nil}, // both halves: another spelling of one character
	}
	for _, tt := range tests {
		got, err := filetree.WinElems(tt.name)
		if !slices.Equal(got, tt.want) || (tt.want == nil) != errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: got %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
	for _, name := range []string{"etc/passwd", "C:x", "1:", "CC:", "CON", `C:\a`, "Volume{0a1b2c3d}/x", "x/y:z", "windows\xff"} {
		if got, err := filetree.WinElems(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: got %q, %v", name, got, err)
		}
	}
	if got, err := filetree.WinElems("."); got != nil || err != nil {
		t.Errorf("the root: got %q, %v", got, err)
	}
}

// leads elsewhere and must not count.
func reparse(tag uint32, target string, flags uint32) []byte {
	sub, print := utf16.Encode([]rune(target)), utf16.Encode([]rune("print"))
	le := binary.LittleEndian
	var body []byte
	for _, n := range []int{0, 2 * len(sub), 2 * len(sub), 2 * len(print)} {
		body = le.AppendUint16(body, uint16(n))
	}
	if tag == 0xA000000C {
		body = le.AppendUint32(body, flags)
	}
	for _, u := range append(sub, print...) {
		body = le.AppendUint16(body, u)
	}
	b := le.AppendUint32(nil, tag)
	b = le.AppendUint16(b, uint16(len(body)))
	return append(le.AppendUint16(b, 0), body...)
}

func TestWindowsLinks(t *testing.T) {
	const junction, symlink = 0xA0000003, 0xA000000C
	tests := []struct {
		name   string
		data   []byte
		want   string
		is     error // nil is any
		refuse bool
	}{
		{name: "junction", data: reparse(junction, `\??\C:\Users`, 0), want: "/C:/Users"},
		{name: "junction to a drive", data: reparse(junction, `\??\d:\`, 0), want: "/D:"},
		{name: "mounted volume", data: reparse(junction, `\??\Volume{0a1b2c3d-0000-0000-0000-100000000000}\`, 0),
			want: "/Volume{0a1b2c3d-0000-0000-0000-100000000000}"},
		{name: "absolute symlink", data: reparse(symlink, `\??\C:\a\b c`, 0), want: "/C:/a/b c"},
		{name: "relative symlink", data: reparse(symlink, `..\x\y`, 1), want: "../x/y"},
		{name: "symlink on the same drive", data: reparse(symlink, `\Windows\x`, 1), want: "/E:/Windows/x"},
		{name: "symlink to a share", data: reparse(symlink, `\??\UNC\server\share`, 0), is: inventory.ErrUnavailable, refuse: true},
		{name: "symlink to a pipe", data: reparse(symlink, `\??\pipe\x`, 0), is: filetree.ErrIrregular, refuse: true},
		{name: "symlink to a device", data: reparse(symlink, `\Device\Null`, 0), is: filetree.ErrIrregular, refuse: true},
		{name: "of another kind", data: reparse(0x80000013, `\??\C:\x`, 0), is: filetree.ErrIrregular, refuse: true},
		{name: "slash in a name", data: reparse(symlink, `a/b`, 1), refuse: true},
		{name: "no target", data: reparse(symlink, ``, 1), refuse: true},
		{name: "empty", refuse: true},
		{name: "cut off", data: reparse(symlink, `\??\C:\a`, 0)[:30], refuse: true},
	}
	for _, tt := range tests {
		got, err := filetree.WinLink("E:", tt.data)
		if got != tt.want || (err != nil) != tt.refuse || (tt.is != nil && !errors.Is(err, tt.is)) {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func FuzzWindowsLink(f *testing.F) {
	f.Add(reparse(0xA0000003, `\??\C:\Users`, 0))
	f.Add(reparse(0xA000000C, `..\x`, 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		target, err := filetree.WinLink("C:", b)
		if (target == "") != (err != nil) || strings.Contains(target, `\`) {
			t.Errorf("got %q, %v", target, err)
		}
	})
}

// Targets are such that links resolve inside the tree, whatever their drive.
func TestWindowsLinksResolve(t *testing.T) {
	s := inventorytest.System(t, "-- C:/real/x --\ntext\n-- C:/junction link=/C:/real --\n-- D:/here/up link=../../C:/junction/x --\n")
	for _, name := range []string{"C:/junction/x", "D:/here/up"} {
		if b, err := s.ReadFile(t.Context(), name); string(b) != "text\n" {
			t.Errorf("%s: got %q, %v", name, b, err)
		}
	}
}

func TestWindowsModes(t *testing.T) {
	for _, tt := range []struct {
		attributes, tag uint32
		want            fs.FileMode
	}{
		{0x20, 0, 0},
		{0x21, 0, 0}, // read-only: no permission bits are made up
		{0x10, 0, fs.ModeDir},
		{0x410, 0xA0000003, fs.ModeSymlink},
		{0x420, 0xA000000C, fs.ModeSymlink},
		{0x420, 0x80000013, fs.ModeIrregular},
		{0x410, 0x9000001A, fs.ModeIrregular | fs.ModeDir},
		{0x420, 0x80000023, fs.ModeSocket},
		{0x40, 0, fs.ModeDevice},
		{0x20, 0xA000000C, 0}, // a tag without the attribute is no tag
	} {
		if got := filetree.WinMode(tt.attributes, tt.tag); got != tt.want {
			t.Errorf("%#x %#x: got %v, want %v", tt.attributes, tt.tag, got, tt.want)
		}
	}
	for attributes, want := range map[uint32]bool{0x20: false, 0x1020: true, 0x40020: true, 0x400020: true} {
		if got := filetree.Elsewhere(attributes); got != want {
			t.Errorf("%#x: got %t", attributes, got)
		}
	}
}

func TestWindowsDrives(t *testing.T) {
	for _, tt := range []struct {
		kind  uint32
		allow filetree.MountClass
		want  bool
	}{
		{3, 0, true}, {6, 0, true}, // fixed, in memory
		{4, 0, false}, {4, filetree.MountNetwork, true}, {4, filetree.MountAuto, false},
		{2, 0, false}, {2, filetree.MountAuto, true}, {5, 0, false}, {5, filetree.MountAuto, true}, // removable, CD
		{0, 7, false}, {1, 7, false}, // unknown, no volume
	} {
		if err := filetree.AdmitDrive("X:", tt.kind, tt.allow); (err == nil) != tt.want || err != nil && !errors.Is(err, inventory.ErrUnavailable) {
			t.Errorf("type %d, allowed %d: got %v", tt.kind, tt.allow, err)
		}
	}
	for device, want := range map[string]bool{
		`\Device\HarddiskVolume3`: false, `\??\C:\folder`: false, `\Device\CdRom0`: false,
		`\Device\LanmanRedirector\;Z:0000000000012345\server\share`: true, `\Device\Mup\server\share`: true,
		`\Device\Other\;Z:1\server`: true, `\??\UNC\server\share`: true,
	} {
		if got := filetree.Redirected(device); got != want {
			t.Errorf("%s: got %t", device, got)
		}
	}
}

func TestWindowsTime(t *testing.T) {
	if got := filetree.WinTime(0); !got.IsZero() {
		t.Errorf("got %v", got)
	}
	want := time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	if got := filetree.WinTime(134117966450000006); !got.Equal(want) {
		t.Errorf("got %v, want %v", got.UTC(), want)
	}
	for _, far := range []int64{1, 1<<63 - 1} { // 1601 and the year 30828: no overflow
		if y := filetree.WinTime(far).UTC().Year(); y != 1601 && y != 30828 {
			t.Errorf("%d: got %d", far, y)
		}
	}
}

// The table of a tree has numbers of owners only: a SID is not the user 0.
func TestWindowsOwnersAreNoNumbers(t *testing.T) {
	sid := &filetree.Sys{Has: filetree.HasSID | filetree.HasSize, Owner: "S-1-5-18"}
	m := fstest.MapFS{".": {Mode: fs.ModeDir, Sys: sid}, "a": {Sys: sid}}
	table, err := inventory.Tree.Of(t.Context(), inventorytest.Open(t, inventory.Config{FS: m}))
	if err != nil || table.Len() != 2 || table.Has() != filetree.HasSize {
		t.Errorf("got %d entries with %b, %v", table.Len(), table.Has(), err)
	}
}

// A folder that is a reparse point of another kind is not entered, and was not seen.
func TestWindowsIrregularFoldersAreNotEntered(t *testing.T) {
	m := fstest.MapFS{"a": {}, "d": {Mode: fs.ModeDir | fs.ModeIrregular}, "d/x": {}}
	table, err := inventory.Tree.Of(t.Context(), inventorytest.Open(t, inventory.Config{FS: m}))
	if err != nil {
		t.Fatal(err)
	}
	errs := table.Errors()
	if got := names(table); !slices.Equal(got, []string{".", "a", "d"}) || len(errs) != 1 || !errors.Is(errs[0], filetree.ErrIrregular) {
		t.Errorf("got %q, %v", got, errs)
	}
}
