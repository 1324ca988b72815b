package fstab_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
)

func TestParse(t *testing.T) {
	got, err := fstab.Parse([]byte("# comment\nUUID=1 / ext4 errors=remount-ro 0 1\n\ntmpfs\t/tmp/ tmpfs nodev,nosuid,noexec\n/dev/sdb1 /mnt/my\\040disk ext4 defaults\nUUID=2 none swap sw 0 0\n/dev/sdc1 //srv/./x xfs"))
	want := []fstab.Entry{
		{Device: "UUID=1", Target: ".", Type: "ext4", Options: []string{"errors=remount-ro"}, Pass: 1, Position: inventory.Position{Line: 2}},
		{Device: "tmpfs", Target: "tmp", Type: "tmpfs", Options: []string{"nodev", "nosuid", "noexec"}, Position: inventory.Position{Line: 4}},
		{Device: "/dev/sdb1", Target: "mnt/my disk", Type: "ext4", Options: []string{"defaults"}, Position: inventory.Position{Line: 5}},
		{Device: "UUID=2", Type: "swap", Options: []string{"sw"}, Position: inventory.Position{Line: 6}},
		{Device: "/dev/sdc1", Target: "srv/x", Type: "xfs", Options: []string{"defaults"}, Position: inventory.Position{Line: 7}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, err := fstab.Parse([]byte("a /\nb /b ext4 rw x 1\n")); got != nil || !strings.Contains(fmt.Sprint(err), "line 1: 2 fields") || !strings.Contains(fmt.Sprint(err), "line 2: field 5") {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFact(t *testing.T) {
	got, err := fstab.Fact.Of(t.Context(), inventorytest.System(t, ""))
	if len(got) != 0 || err != nil {
		t.Errorf("no file: got %v, %v", got, err)
	}
	if _, err := fstab.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/fstab error=EIO --\n")); err == nil {
		t.Error("unreadable: got no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("tmpfs /tmp tmpfs nodev 0 0\n\\040 \\1 \\777 # \x00\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := fstab.Parse(b)
		if err != nil && all != nil {
			t.Fatal("entries beside an error")
		}
	})
}

func ExampleParse() {
	all, err := fstab.Parse([]byte("tmpfs /tmp tmpfs nodev,nosuid 0 0\n"))
	fmt.Println(all[0].Target, all[0].Has("nodev"), all[0].Has("noexec"), err)
	// Output: tmp true false <nil>
}
