package mounts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/mounts"
)

const mountinfo = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro
30 22 0:26 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw,size=1024k
31 22 254:1 / /srv/my\040data rw - xfs /dev/vdb rw
32 22 0:27 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw
`

func TestFact(t *testing.T) {
	got, err := mounts.Fact.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/self/mountinfo --\n"+mountinfo+"-- etc/fstab --\n/dev/x / ext4\n"))
	src := "proc/self/mountinfo"
	want := []mounts.Mount{
		{Target: ".", Device: "/dev/vda", Number: "254:0", Type: "ext4", Options: []string{"rw", "relatime", "rw", "errors=remount-ro"}, Position: inventory.Position{Source: src, Line: 1}},
		{Target: "tmp", Device: "tmpfs", Number: "0:26", Type: "tmpfs", Options: []string{"rw", "nosuid", "nodev", "rw", "size=1024k"}, Position: inventory.Position{Source: src, Line: 2}},
		{Target: "srv/my data", Device: "/dev/vdb", Number: "254:1", Type: "xfs", Options: []string{"rw", "rw"}, Position: inventory.Position{Source: src, Line: 3}},
		{Target: "tmp", Device: "tmpfs", Number: "0:27", Type: "tmpfs", Options: []string{"rw", "nosuid", "nodev", "noexec", "rw"}, Position: inventory.Position{Source: src, Line: 4}},
	}
	if d := cmp.Diff(got.Mounts, want); d != "" || err != nil || !got.Complete {
		t.Fatal(d, err)
	}
	if m, ok := got.At("tmp"); !ok || !m.Has("noexec") {
		t.Errorf("of two the last hides the first: got %+v", m)
	}
	if _, ok := got.At("srv"); ok {
		t.Error("a folder above a mount is none")
	}
	if _, err := mounts.Fact.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/self/mountinfo --\n22 1\n")); err == nil {
		t.Error("a line that is no mount: got no error")
	}
}

func TestImageHasWhatFstabMountsAtBoot(t *testing.T) {
	got, err := mounts.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/fstab --\ntmpfs /tmp tmpfs nodev\n/dev/sda none swap sw\n/dev/cdrom /mnt iso9660 noauto\n"))
	want := []mounts.Mount{{Target: "tmp", Device: "tmpfs", Type: "tmpfs", Options: []string{"nodev"}, Position: inventory.Position{Source: "etc/fstab", Line: 1}}}
	if d := cmp.Diff(got.Mounts, want); d != "" || err != nil || got.Complete {
		t.Error(d, err)
	}
}

func TestHas(t *testing.T) {
	for options, want := range map[string]bool{
		"noexec": true, "rw,noexec": true, "noexec,exec": false, "exec,noexec": true, "noexec,defaults": false, "defaults,noexec": true,
		"user": true, "user,exec": false, "users,rw": true, "owner": false, "exec": false, "": false,
	} {
		if got := (mounts.Mount{Options: strings.Split(options, ",")}).Has("noexec"); got != want {
			t.Errorf("%s: got noexec %v, want %v", options, got, want)
		}
	}
}

func ExampleTable_At() {
	all, _ := mounts.Parse([]byte("30 22 0:26 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw\n"))
	m, ok := mounts.Table{Mounts: all}.At("tmp")
	fmt.Println(m.Type, m.Has("nosuid"), m.Has("noexec"), ok)
	// Output: tmpfs true false true
}
