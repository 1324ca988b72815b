package inventory_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestRegistryPaths(t *testing.T) {
	for path, want := range map[string][2]string{
		"HKLM": {"HKLM", ""}, `hklm\SOFTWARE\a b`: {"HKLM", `SOFTWARE\a b`}, `HKU\S-1-5-18`: {"HKU", "S-1-5-18"}, `HKCR\.txt`: {"HKCR", ".txt"},
		`HKLM\a/b`: {"HKLM", "a/b"},
	} {
		root, rest, err := inventory.SplitRegistry(path)
		if [2]string{root, rest} != want || err != nil {
			t.Errorf("%s: got %q, %q, %v", path, root, rest, err)
		}
	}
	for _, path := range []string{"", `\HKLM`, `HKLM\`, `HKLM\\a`, `HKLM\a\`, `HKLM\a\\b`, "HKLM\\a\x00b", `HKCU\a`, `HKEY_LOCAL_MACHINE\a`, "HKLM/a"} {
		if root, rest, err := inventory.SplitRegistry(path); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: got %q, %q, %v", path, root, rest, err)
		}
	}
}

func TestPlatformOfTheRegistry(t *testing.T) {
	const key = "-- @registry --\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n"
	server := inventory.Platform{OS: "windows", ID: "windows", Version: "10.0.20348.2700", Name: "Windows Server 2022 Standard 21H2"}
	const of2022 = key + `"ProductName"="Windows Server 2022 Standard"` + "\n" + `"displayversion"="21H2"` + "\n" + `"CurrentBuild"="20348"` + "\n" +
		`"CurrentVersion"="6.3"` + "\n" + `"CurrentMajorVersionNumber"=dword:0000000a` + "\n" + `"CurrentMinorVersionNumber"=dword:00000000` + "\n" +
		`"UBR"=dword:00000a8c` + "\n" + `"InstallationType"="Server Core"` + "\n"
	for name, tt := range map[string]struct {
		fixture string
		want    inventory.Platform
	}{
		"found":   {of2022, server},
		"stated":  {"os: windows\n" + of2022, server},
		"old":     {key + `"ProductName"="Windows Server 2012 R2 Standard"` + "\n" + `"CurrentBuild"="9600"` + "\n" + `"CurrentVersion"="6.3"` + "\n", inventory.Platform{OS: "windows", ID: "windows", Version: "6.3.9600", Name: "Windows Server 2012 R2 Standard"}},
		"eleven":  {key + `"ProductName"="Windows 10 Pro"` + "\n" + `"DisplayVersion"="23H2"` + "\n" + `"CurrentBuild"="22631"` + "\n" + `"CurrentVersion"="6.3"` + "\n" + `"InstallationType"="Client"` + "\n", inventory.Platform{OS: "windows", ID: "windows", Version: "6.3.22631", Name: "Windows 11 Pro 23H2"}},
		"ten":     {key + `"ProductName"="Windows 10 Pro"` + "\n" + `"CurrentBuild"="19045"` + "\n" + `"CurrentVersion"="6.3"` + "\n" + `"InstallationType"="Client"` + "\n", inventory.Platform{OS: "windows", ID: "windows", Version: "6.3.19045", Name: "Windows 10 Pro"}},
		"empty":   {key, inventory.Platform{OS: "windows", ID: "windows"}},
		"no key":  {"-- @registry --\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\n", inventory.Platform{}},
		"linux":   {"os: linux\n" + of2022 + "-- etc/os-release --\nID=debian\n", inventory.Platform{OS: "linux", ID: "debian"}},
		"neither": {"-- @registry --\n-- etc/os-release --\nID=debian\n", inventory.Platform{OS: "linux", ID: "debian"}},
	} {
		got, err := inventorytest.System(t, tt.fixture).Platform(t.Context())
		if fmt.Sprint(got.OS, got.ID, got.Version, "/", got.Name) != fmt.Sprint(tt.want.OS, tt.want.ID, tt.want.Version, "/", tt.want.Name) || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, tt.want)
		}
	}
	cfg := inventorytest.Config(t, of2022)
	denied := inventorytest.Fault{Read: inventory.Read{Op: inventory.OpValues, Name: `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`}, Kind: inventorytest.Denied}
	if got, err := inventorytest.Open(t, inventorytest.Inject(cfg, denied)).Platform(t.Context()); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("denied: got %+v, %v", got, err)
	}
}
