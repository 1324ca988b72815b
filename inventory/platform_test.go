package inventory_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// An os-release that tells nothing tells nothing, also of another system than the tree's.
func TestOSReleaseThatTellsNothing(t *testing.T) {
	none := inventory.Platform{}
	for name, c := range map[string]struct {
		fixture string
		want    inventory.Platform
		bad     bool
	}{
		"debian":                   {"-- etc/os-release --\nID=debian\n", inventory.Platform{OS: "linux", ID: "debian"}, false},
		"in capitals":              {"-- etc/os-release --\nID=Debian\n", inventory.Platform{OS: "linux", ID: "debian"}, false},
		"no ID":                    {"-- etc/os-release --\nNAME=x\nVERSION_ID=1\n", none, false},
		"an empty ID":              {"-- etc/os-release --\nID=\n", none, false},
		"an ID of words":           {"-- etc/os-release --\nID=\"a b\"\n", none, false},
		"garbage":                  {"-- etc/os-release --\n\x1f\x8b\xff{]\n", none, false},
		"NUL bytes":                {"-- etc/os-release --\n\x00\x00\x00\n", none, true},
		"UTF-16":                   {"-- etc/os-release --\nI\x00D\x00=\x00d\x00\n", none, true},
		"freebsd, no such tree":    {"-- etc/os-release --\nID=freebsd\n", none, false},
		"freebsd":                  {"-- etc/os-release --\nID=freebsd\nVERSION_ID=14.1\n-- bin/freebsd-version --\n", inventory.Platform{OS: "freebsd", ID: "freebsd", Version: "14.1"}, false},
		"freebsd on a Linux host":  {"os: linux\n-- etc/os-release --\nID=freebsd\n-- bin/freebsd-version --\n", inventory.Platform{OS: "linux"}, false},
		"windows in a tree":        {"-- etc/os-release --\nID=windows\n", none, false},
		"what the man page allows": {"-- etc/os-release --\nID=opensuse-leap_15.6\n", inventory.Platform{OS: "linux", ID: "opensuse-leap_15.6"}, false},
	} {
		p, err := inventorytest.System(t, c.fixture).Platform(t.Context())
		if (err != nil) != c.bad || p.OS != c.want.OS || p.ID != c.want.ID || p.Version != c.want.Version {
			t.Errorf("%s: got %+v, %v, want %+v", name, p, err, c.want)
		}
	}
}
