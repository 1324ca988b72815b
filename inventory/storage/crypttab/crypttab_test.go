package crypttab_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/storage/crypttab"
)

func TestParse(t *testing.T) {
	got, err := crypttab.Parse([]byte("# <target name> <source device> <key file> <options>\n\nvda5_crypt UUID=aaaa none luks,discard\r\n\tswap /dev/vda3 /dev/urandom swap"))
	want := []crypttab.Entry{{Name: "vda5_crypt", Device: "UUID=aaaa", Position: inventory.Position{Line: 3}}, {Name: "swap", Device: "/dev/vda3", Position: inventory.Position{Line: 4}}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, err := crypttab.Parse([]byte("a b\nalone\n")); got != nil || err == nil || err.Error() != "line 2: one field, want 2 to 4" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFact(t *testing.T) {
	all, err := crypttab.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/crypttab --\na b\n"))
	if err != nil || len(all) != 1 || all[0].Place() != "etc/crypttab:1" {
		t.Errorf("got %+v, %v", all, err)
	}
	if all, err := crypttab.Fact.Of(t.Context(), inventorytest.System(t, "")); len(all) != 0 || err != nil {
		t.Errorf("got %v, %v", all, err)
	}
	if all, err := crypttab.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/crypttab error=EIO --\n")); err == nil {
		t.Errorf("got %v", all)
	}
}

// block is a device in the form of sysfs.
func block(name, folder, uuid string, slaves ...string) string {
	s := fmt.Sprintf("-- sys/class/block/%s link=../../devices/%s --\n-- sys/devices/%s/slaves dir --\n", name, folder, folder)
	if uuid != "" {
		s += fmt.Sprintf("-- sys/devices/%s/dm/uuid --\n%s\n", folder, uuid)
	}
	for _, slave := range slaves {
		s += fmt.Sprintf("-- sys/devices/%s/slaves/%s dir --\n", folder, slave)
	}
	return s
}

func TestEncrypted(t *testing.T) {
	s := inventorytest.System(t, "live: true\n"+
		block("vda", "vda", "")+block("vdb", "vdb", "")+
		block("dm-0", "dm-0", "CRYPT-LUKS2-aa-x", "vda")+block("dm-1", "dm-1", "CRYPT-PLAIN-x", "vdb")+block("dm-2", "dm-2", "CRYPT-VERITY-aa-x", "vda")+
		block("dm-3", "dm-3", "LVM-x", "dm-0", "dm-1")+block("dm-4", "dm-4", "LVM-x", "dm-0", "vdb")+block("md0", "md0", "", "dm-0")+
		"-- sys/class/block/md0p1 link=../../devices/md0/md0p1 --\n-- sys/devices/md0/md0p1/partition --\n1\n"+
		"-- sys/class/block/vda1 link=../../devices/vda/vda1 --\n-- sys/devices/vda/vda1/partition --\n1\n"+
		block("dm-5", "dm-5", "", "dm-6")+block("dm-6", "dm-6", "", "dm-5")+block("dm-7", "dm-7", "", "gone")+block("loop0", "loop0", "")+
		"-- sys/dev/block/254:0 link=../../devices/dm-0 --\n")
	for device, want := range map[string]bool{"vda": false, "vda1": false, "dm-0": true, "dm-1": true, "dm-2": false, "dm-3": true, "dm-4": false, "md0": true, "md0p1": true} {
		if got, err := crypttab.Encrypted.Of(t.Context(), s, device); got != want || err != nil {
			t.Errorf("%s: got %v, %v", device, got, err)
		}
	}
	for _, device := range []string{"none", "dm-5", "dm-7", "loop0", "../x", ""} {
		if got, err := crypttab.Encrypted.Of(t.Context(), s, device); got || !errors.Is(err, inventory.ErrUnavailable) {
			t.Errorf("%s: got %v, %v", device, got, err)
		}
	}
	if name, err := crypttab.Device.Of(t.Context(), s, "254:0"); name != "dm-0" || err != nil {
		t.Errorf("got %q, %v", name, err)
	}
	if name, err := crypttab.Device.Of(t.Context(), s, "0:20"); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("got %q, %v", name, err)
	}
	if got, err := crypttab.Encrypted.Of(t.Context(), inventorytest.System(t, block("dm-0", "dm-0", "CRYPT-LUKS2-aa-x")), "dm-0"); got || err == nil {
		t.Errorf("an image: got %v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "a b", "\ufeffa b\r\n", "a b\\", "\x00 \x00", strings.Repeat("x", 1<<20), "a b\na c\n", "# a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := crypttab.Parse(b)
		if err != nil && all != nil {
			t.Error("entries beside an error")
		}
		for _, e := range all {
			if e.Name == "" || e.Device == "" || e.Line < 1 {
				t.Errorf("%+v", e)
			}
		}
	})
}

func ExampleParse() {
	entries, _ := crypttab.Parse([]byte("vda5_crypt UUID=0123 /root/key luks\n"))
	fmt.Printf("%+v\n", entries)
	// Output: [{Position:{Source: Line:1} Name:vda5_crypt Device:UUID=0123}]
}
