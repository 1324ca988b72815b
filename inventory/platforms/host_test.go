package platforms_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms"
)

const (
	windows = "os: windows\n-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\"
	linux   = "-- etc/os-release --\nID=debian\n"
	running = "live: true\n-- proc/sys/kernel/osrelease --\n6.1.0\n-- proc/sys/kernel/hostname --\nward-4\n"
)

func TestHost(t *testing.T) {
	for fixture, want := range map[string]platforms.Host{
		"": {}, "-- etc/hostname --\nward-3\n": {Name: "ward-3"}, "-- etc/hostname --\n# a comment\n\n ward-3.example.org \nmore\n": {Name: "ward-3.example.org"}, linux + "-- etc/hostname --\nward-3\n": {Name: "ward-3"},
		running + linux + "-- etc/hostname --\nward-3\n": {Name: "ward-4", Kernel: "6.1.0"},
		running: {Name: "ward-4", Kernel: "6.1.0"},
		"os: freebsd\nlive: true\n-- etc/hostname --\nward-5\n":                   {Name: "ward-5"},
		windows + "ComputerName\\ComputerName]\n\"ComputerName\"=\"WARD-6\"\n":    {Name: "WARD-6"},
		windows + "Lsa]\n\"A\"=\"b\"\n":                                           {},
		"-- etc/os-release error=EIO --\n-- etc/hostname --\nward-3\n":            {Name: "ward-3"},
		windows + "ComputerName\\ComputerName]\n\"ComputerName\"=dword:0000001\n": {},
	} {
		if got, err := platforms.Fact.Of(t.Context(), inventorytest.System(t, fixture)); got != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", fixture, got, err, want)
		}
	}
	for _, fixture := range []string{"-- etc/hostname error=EACCES --\n", "-- etc/hostname --\nroot:$6$s$SECRET:1::::::\n", "-- etc/hostname --\na b\n", "live: true\n" + linux, "os: windows\n"} {
		if got, err := platforms.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %+v", fixture, got)
		}
	}
}
