package filetree_test

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

func TestWindowsSymlinksResolve(t *testing.T) {
	s := host(t)
	path, name := folder(t, "file")
	if err := os.Mkdir(path+`\dir`, 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"abs": path + `\file`, `dir\up`: `..\file`} {
		if err := os.Symlink(target, path+`\`+link); err != nil {
			t.Skip("this Windows makes no links:", err)
		}
		if _, err := os.Lstat(path + `\` + link); err != nil {
			t.Skip("this Windows only says that it makes links:", err)
		}
		n := name + "/" + treeName(link)
		if b, err := s.ReadFile(t.Context(), n); string(b) != "file" || err != nil {
			t.Errorf("%s: got %q, %v", n, b, err)
		}
		if info, err := s.Lstat(t.Context(), n); err != nil || info.Mode() != fs.ModeSymlink {
			t.Errorf("%s: got %v, %v", n, info, err)
		}
	}
	got, err := s.FS(t.Context()).ReadLink(name + "/abs")
	if want := "/" + name + "/file"; !strings.EqualFold(got, want) || err != nil {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// junction makes an empty folder a junction.
func junction(t *testing.T, path, target string) {
	t.Helper()
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := windows.CreateFile(p, windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(h)
	// The print name has to end with a NUL, as the substitute name has.
	b := reparse(windows.IO_REPARSE_TAG_MOUNT_POINT, `\??\`+target+"\x00", 0)
	binary.LittleEndian.PutUint16(b[10:], binary.LittleEndian.Uint16(b[10:])-2)
	b = append(b, 0, 0)
	binary.LittleEndian.PutUint16(b[4:], binary.LittleEndian.Uint16(b[4:])+2)
	var n uint32
	if err := windows.DeviceIoControl(h, windows.FSCTL_SET_REPARSE_POINT, &b[0], uint32(len(b)), nil, 0, &n, nil); err != nil {
		t.Skip("this Windows makes no junctions:", err)
	}
}

func TestWindowsJunctionsResolve(t *testing.T) {
	s := host(t)
	path, name := folder(t)
	if err := os.Mkdir(path+`\dir`, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+`\dir\file`, []byte("file"), 0o644); err != nil {
		t.Fatal(err)
	}
	junction(t, path+`\to`, path+`\dir`)
	if b, err := s.ReadFile(t.Context(), name+"/to/file"); string(b) != "file" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if info, err := s.Lstat(t.Context(), name+"/to"); err != nil || info.Mode() != fs.ModeSymlink {
		t.Errorf("got %v, %v", info, err)
	}
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cfg.FS.Open(name + "/to/file"); !errors.Is(err, filetree.ErrChanged) {
		t.Errorf("a link on the way that nobody resolved: got %v", err)
	}
}
