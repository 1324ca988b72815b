package file_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestGuard(t *testing.T) {
	const list = "02000000" + "01000700ffffffff" + "02000600e8030000" + "04000500ffffffff" + "10000700ffffffff" + "20000500ffffffff"
	for name, c := range map[string]struct{ fixture, want string }{
		"good":                {"-- srv/a mode=0755 --\n", ""},
		"its owner":           {"-- srv/a owner=1000:0 --\n", "/srv/a belongs to user 1000"},
		"everybody":           {"-- srv/a mode=0666 --\n", "/srv/a may be written to by everybody (mode 0666)"},
		"a group":             {"-- srv/a mode=0664 owner=0:50 --\n", "/srv/a may be written to by group 50 (mode 0664)"},
		"the group of root":   {"-- srv/a mode=0664 --\n", ""},
		"which is shared":     {"-- srv/a mode=0664 --\n-- etc/group --\nroot:x:0:anna\n", "/srv/a may be written to by group 0, which has others in it (mode 0664)"},
		"a list":              {"-- srv/a mode=0775 xattr.system.posix_acl_access=" + list + " --\n", "/srv/a may be written to by user 1000 by its access control list"},
		"a folder":            {"-- srv dir mode=0777 --\n-- srv/a --\n", "/srv may be written to by everybody (mode 0777)"},
		"sticky":              {"-- srv dir mode=1777 --\n-- srv/a --\n", ""},
		"sticky, of another":  {"-- srv dir mode=1777 owner=7:7 --\n-- srv/a --\n", "/srv belongs to user 7"},
		"missing":             {"-- srv dir --\n", ""},
		"missing, and open":   {"-- srv dir mode=1777 --\n", "/srv/a does not exist, and everybody (mode 1777) can make it in /srv"},
		"a folder is missing": {"-- srv dir mode=0777 --\n", "/srv may be written to by everybody (mode 0777)"},
		"a link":              {"-- srv/a link=/opt/b --\n-- opt dir owner=9:9 --\n-- opt/b --\n", "/opt belongs to user 9"},
		"a link of another":   {"-- srv dir mode=1777 --\n-- srv/a link=/b owner=9:9 --\n-- b --\n", "/srv/a is a link of user 9"},
		"the root":            {"-- . dir owner=9:9 --\n-- srv/a --\n", "/ belongs to user 9"},
		"a device":            {"-- srv/a link=/dev/null --\n-- dev/null mode=0666 --\n", "/dev/null may be written to by everybody (mode 0666)"},
	} {
		got, _, err := new(file.Guard).Change(t.Context(), inventorytest.System(t, c.fixture), "srv/a")
		if got != c.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
		}
	}
}
