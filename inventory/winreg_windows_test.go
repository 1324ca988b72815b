package inventory_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms/regkey"
)

// scratch is a new key of the current user, to be written to, and its path for the library.
func scratch(t *testing.T) (key registry.Key, path string) {
	t.Helper()
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf(`Software\hardening-test-%d`, os.Getpid())
	path = `HKU\` + user.User.Sid.String() + `\` + name
	key, existed, err := registry.CreateKey(registry.CURRENT_USER, name, registry.ALL_ACCESS)
	if err != nil || existed {
		t.Fatal(existed, err)
	}
	t.Cleanup(func() {
		subs, err := key.ReadSubKeyNames(-1)
		if err != nil {
			t.Error(err)
		}
		key.Close()
		for _, s := range subs {
			if err := registry.DeleteKey(registry.CURRENT_USER, name+`\`+s); err != nil {
				t.Error(err)
			}
		}
		if err := registry.DeleteKey(registry.CURRENT_USER, name); err != nil {
			t.Error(err)
		}
	})
	return key, path
}

// What is read of a key is what was written, and what "reg export" says of it.
func TestWindowsRegistryValues(t *testing.T) {
	key, path := scratch(t)
	for _, err := range []error{
		key.SetStringValue("text", `a "quoted" \ ä`),
		key.SetStringValue("", "default"),
		key.SetStringValue("empty", ""),
		key.SetExpandStringValue("expand", `%SystemRoot%\x`),
		key.SetStringsValue("several", []string{"a", "b", "c"}),
		key.SetDWordValue("number", 0xDEADBEEF),
		key.SetQWordValue("large", 1<<40),
		key.SetBinaryValue("bytes", []byte{0, 1, 2, 0xFF}),
		key.SetBinaryValue("big", make([]byte, 100_000)),
		key.SetDWordValue("Größe", 1),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := host(t).Registry(t.Context()).Values(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(got, func(a, b inventory.Value) int { return strings.Compare(a.Name, b.Name) }) || len(got) != 10 {
		t.Errorf("got %d values", len(got))
	}
	for name, want := range map[string]string{"text": `a "quoted" \ ä`, "": "default", "expand": `%SystemRoot%\x`, "empty": ""} {
		if v, _ := regkey.Lookup(got, name); textOf(v) != want {
			t.Errorf("%s: got %q, want %q", name, textOf(v), want)
		}
	}
	v, _ := regkey.Lookup(got, "NUMBER")
	if n, ok := v.Integer(); n != 0xDEADBEEF || !ok {
		t.Errorf("got %d, %t", n, ok)
	}
	want, err := inventorytest.System(t, "-- @registry --\n"+exported(t, path)).Registry(t.Context()).Values(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("(-got +reg export):\n%s", d)
	}
}

func textOf(v inventory.Value) string {
	s, _ := v.Text()
	return s
}

// exported is what reg.exe says of a key, its long root made short.
func exported(t *testing.T, path string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "out.reg")
	oracle.Try(t, nil, "reg", "export", path, file, "/y")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
	}
	return strings.TrimPrefix(strings.ReplaceAll(string(utf16.Decode(units)), "\r\n", "\n"), "\ufeff")
}

func TestWindowsRegistryKeys(t *testing.T) {
	key, path := scratch(t)
	want := []string{"B", "a", "c/d", "ä"}
	for _, name := range want {
		k, _, err := registry.CreateKey(key, name, registry.ALL_ACCESS)
		if err != nil {
			t.Fatal(err)
		}
		k.Close()
	}
	reg := host(t).Registry(t.Context())
	if got, err := reg.Keys(path); !slices.Equal(got, want) || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := reg.Keys(path + `\B`); len(got) != 0 || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := reg.Values(path + `\C/D`); len(got) != 0 || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	none := path + `\none`
	if _, err := reg.Values(none); !inventory.IsAbsent(err, none) {
		t.Errorf("got %v", err)
	}
	if _, err := reg.Keys(none); !inventory.IsAbsent(err, none) {
		t.Errorf("got %v", err)
	}
	for _, bad := range []string{`HKCU\Software`, path + `\`, path + `\\a`, "HKLM\\a\x00"} {
		if _, err := reg.Keys(bad); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
	for _, root := range []string{"HKLM", "HKU", "HKCR"} {
		if got, err := reg.Keys(root); len(got) == 0 || err != nil {
			t.Errorf("%s: got %q, %v", root, got, err)
		}
	}
}

func TestWindowsPlatform(t *testing.T) {
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	p := cfg.Platform
	if p.OS != "windows" || p.ID != "windows" || p.Name == "" || strings.Count(p.Version, ".") < 2 {
		t.Errorf("got %+v", p)
	}
	cfg.Platform = inventory.Platform{}
	if got, err := inventorytest.Open(t, cfg).Platform(t.Context()); cmp.Diff(got, p) != "" || err != nil {
		t.Errorf("read anew: got %+v, %v, want %+v", got, err, p)
	}
}

func TestWindowsProbes(t *testing.T) {
	s := host(t)
	if _, err := s.Probe(t.Context(), "windows/nothing"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if doc, err := s.Probe(t.Context(), "windows/services"); err != nil || !strings.Contains(strings.ToLower(string(doc)), `{"name":"rpcss","state":"running"}`) {
		t.Errorf("got %s, %v", doc, err)
	}
}

func host(t *testing.T) *inventory.System {
	t.Helper()
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	return inventorytest.Open(t, cfg)
}
