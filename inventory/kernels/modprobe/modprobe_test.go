package modprobe_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

func TestParse(t *testing.T) {
	got, err := modprobe.Parse([]byte("# c \\\ninstall hidden /bin/false\ninstall a-b  echo  x\n\tblacklist\tc-d e f\nINSTALL up /bin/false\ninstall lone\n" +
		"install e\\\nf /bin/false\nalias net-pf-[4-5] off\ninstall [a-z /bin/x\nblah x y\ninclude x y\ninstall crlf /bin/false\r\nblacklist open\\"))
	want := []modprobe.Line{
		{Command: "install", Module: "a_b", Rest: " echo  x", Position: inventory.Position{Line: 3}},
		{Command: "blacklist", Module: "c_d", Position: inventory.Position{Line: 4}},
		{Command: "install", Module: "ef", Rest: "/bin/false", Position: inventory.Position{Line: 7}},
		{Command: "alias", Module: "net_pf_[4-5]", Rest: "off", Position: inventory.Position{Line: 9}},
		{Command: "install", Module: "crlf", Rest: "/bin/false\r", Position: inventory.Position{Line: 13}},
		{Command: "blacklist", Module: "open", Position: inventory.Position{Line: 14}, Maybe: true},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	if _, err := modprobe.Parse([]byte("blacklist a\ninstall x /bin/false\x00\n")); err == nil || err.Error() != "line 2: a NUL" {
		t.Errorf("got %v", err)
	}
}

func TestBlocks(t *testing.T) {
	for rest, want := range map[string]bool{
		"/bin/false": true, " /bin/true ": true, "/usr/bin/false # why": true, "/bin/false;modprobe --ignore-install x": false,
		"/bin/false || modprobe -i x": false, "/bin/false\r": false, "false": false, "/bin/falsey": false, "/sbin/modprobe -i x": false,
		"/bin/false\tx": false, "": false,
	} {
		if got := (modprobe.Line{Command: "install", Rest: rest}).Blocks(); got != want {
			t.Errorf("%q: got %v", rest, got)
		}
	}
	if (modprobe.Line{Command: "remove", Rest: "/bin/false"}).Blocks() {
		t.Error("remove blocks")
	}
}

const folders = `
-- etc/modprobe.d/b.conf --
install first /bin/true
install first /bin/load
install all-* /bin/false
-- etc/modprobe.d/hides.conf --
-- lib/modprobe.d/hides.conf --
install hidden /bin/false
-- lib/modprobe.d/a.conf --
install from-lib /bin/false
install first /bin/false
-- etc/modprobe.d/null.conf link=/dev/null --
-- run/modprobe.d/null.conf --
install null /bin/false
-- run/modprobe.d/folder.conf dir --
-- lib/modprobe.d/folder.conf --
install folder /bin/false
-- etc/modprobe.d/none.conf link=nowhere --
-- etc/modprobe.d/not-read --
install unread /bin/false
-- etc/modprobe.d/.dot.conf --
install dot /bin/false
-- usr/lib/modprobe.d/own.conf --
install maybe /bin/false
-- etc/modprobe.d/old.alias --
install old /bin/false
blacklist some-thing
-- usr/local/lib/modprobe.d/both.conf --
install both /bin/false
-- lib/modprobe.d/both.conf --
install both /bin/true
`

func TestFolders(t *testing.T) {
	c, err := modprobe.Fact.Of(t.Context(), inventorytest.System(t, folders))
	if err != nil {
		t.Fatal(err)
	}
	for module, want := range map[string]string{
		"first": "lib/modprobe.d/a.conf:2 ", "all_x": "etc/modprobe.d/b.conf:3 ", "from_lib": "lib/modprobe.d/a.conf:1 ",
		"hidden": "", "null": "", "folder": "lib/modprobe.d/folder.conf:1 ", "unread": "", "dot": "",
		"maybe": "usr/lib/modprobe.d/own.conf:1? ", "old": "etc/modprobe.d/old.alias:1? ",
		"both": "usr/local/lib/modprobe.d/both.conf:1? lib/modprobe.d/both.conf:1? ",
	} {
		got := ""
		for _, l := range c.Installs(module) {
			q := map[bool]string{true: "?"}[l.Maybe]
			got += fmt.Sprintf("%s:%d%s ", l.Source, l.Line, q)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", module, got, want)
		}
	}
	if l, ok := c.Blacklisted("some-thing"); !ok || l.Line != 2 {
		t.Errorf("got %+v, %v", l, ok)
	}
	if _, ok := c.Blacklisted("first"); ok {
		t.Error("a module that is not blacklisted")
	}
}

func TestMergedFoldersAreReadOnce(t *testing.T) {
	c, err := modprobe.Fact.Of(t.Context(), inventorytest.System(t, "-- lib link=usr/lib --\n-- usr/lib/modprobe.d/a.conf --\ninstall x /bin/false\n"))
	if len(c.Lines) != 1 || c.Lines[0].Maybe || err != nil {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestNotKnown(t *testing.T) {
	for name, fixture := range map[string]string{
		"dangling": "-- etc/modprobe.d/a.conf link=nowhere --\n-- lib/modprobe.d/a.conf --\n",
		"busybox":  "-- sbin/modprobe link=/bin/busybox --\n-- etc/modprobe.d/a.conf --\ninstall x /bin/false\n",
		"fifo":     "-- etc/modprobe.d/a.conf fifo --\n", "unreadable": "-- etc/modprobe.d/a.conf error=EACCES --\n",
		"folder": "-- run/modprobe.d dir error=EIO --\n", "nul": "-- etc/modprobe.d/a.conf --\nblacklist x\x00\n",
	} {
		if c, err := modprobe.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %+v", name, c)
		}
	}
}

func TestKernels(t *testing.T) {
	all, err := modprobe.Kernels.Of(t.Context(), inventorytest.System(t, `
-- lib/modules/6.1.0/modules.dep --
kernel/drivers/usb/storage/uas.ko: kernel/drivers/usb/storage/usb-storage.ko
kernel/drivers/usb/storage/usb-storage.ko.xz:
-- lib/modules/6.1.0/modules.builtin --
kernel/fs/ext4/ext4.ko
-- lib/modules/5.10.0/updates/dkms/left --
`))
	want := []modprobe.Modules{{Release: "6.1.0",
		BuiltIn:  map[string]inventory.Position{"ext4": {Source: "lib/modules/6.1.0/modules.builtin", Line: 1}},
		Loadable: map[string]inventory.Position{"uas": {Source: "lib/modules/6.1.0/modules.dep", Line: 1}, "usb_storage": {Source: "lib/modules/6.1.0/modules.dep", Line: 2}}}}
	if d := cmp.Diff(all, want); d != "" || err != nil {
		t.Error(d, err)
	}
	for name, fixture := range map[string]string{
		"no modules.dep": "-- usr/lib/modules/6/modules.builtin --\n", "no lists": "-- lib/modules/6/kernel/a.ko --\n",
		"no modules.builtin": "-- lib/modules/6/modules.dep --\n",
	} {
		if all, err := modprobe.Kernels.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, inventory.ErrUnavailable) {
			t.Errorf("%s: got %+v, %v", name, all, err)
		}
	}
}

func TestLoaded(t *testing.T) {
	const line = "usb_storage 81920 1 uas, Live 0x0000000000000000\n"
	all, err := modprobe.Loaded.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/modules --\n"+line))
	if all["usb_storage"] != (inventory.Position{Source: "proc/modules", Line: 1}) || err != nil {
		t.Errorf("got %+v, %v", all, err)
	}
	if all, err := modprobe.Loaded.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/sys/kernel/osrelease --\n6\n")); len(all) != 0 || err != nil {
		t.Errorf("a kernel without modules: got %+v, %v", all, err)
	}
	if _, err := modprobe.Loaded.Of(t.Context(), inventorytest.System(t, "live: true\n")); err == nil {
		t.Error("no proc at all: got no error")
	}
	if _, err := modprobe.Loaded.Of(t.Context(), inventorytest.System(t, "-- proc/modules --\n"+line)); !errors.Is(err, inventory.ErrNotLive) {
		t.Errorf("an image: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "install a /bin/false", "\ufeffinstall a /bin/false\n", "install a /bin/false\r\n", "blacklist a\\", "\x00",
		"install " + strings.Repeat("a", 1<<20), "install a /bin/false\ninstall a /bin/load\n", "alias a[ b\n", strings.Repeat("\\\n", 1000)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := modprobe.Parse(b)
		if err != nil && all != nil {
			t.Error("lines beside an error")
		}
		for _, l := range all {
			if l.Line < 1 || l.Line > strings.Count(string(b), "\n")+1 || l.Module == "" {
				t.Errorf("%+v", l)
			}
		}
	})
}

func ExampleConfig_Installs() {
	lines, _ := modprobe.Parse([]byte("install usb-storage /bin/false\ninstall usb_storage /sbin/modprobe -i usb-storage\n"))
	for _, l := range (modprobe.Config{Lines: lines}).Installs("usb-storage") {
		fmt.Println(l.Line, l.Blocks())
	}
	// Output: 1 true
}
