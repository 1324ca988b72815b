package mounts_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/mounts"
)

func TestVolatile(t *testing.T) {
	const live = "live: true\n-- proc/self/mountinfo --\n22 1 254:0 / / rw - ext4 /dev/vda rw\n"
	for fixture, want := range map[string]string{
		"": "", live: "", "-- var/log/journal dir --\n": "",
		live + "23 22 0:9 / /var/log rw - tmpfs tmpfs rw\n":                                           "tmpfs",
		live + "23 22 0:9 / /var rw - ramfs none rw\n":                                                "ramfs",
		live + "23 22 0:9 / /var rw - tmpfs tmpfs rw\n24 23 254:1 / /var/log rw - ext4 /dev/vdb rw\n": "",
		"-- etc/fstab --\ntmpfs /var/log tmpfs\n":                                                     "tmpfs",
		"-- var/log link=../run/log --\n":                                                             "a folder of run",
		"-- var/log/journal link=/dev/shm --\n":                                                       "a folder of run",
		"-- var/log/journal link=/srv/journal --\n":                                                   "",
	} {
		if got, err := mounts.Volatile.Of(t.Context(), inventorytest.System(t, fixture), "var/log/journal"); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", fixture, got, err, want)
		}
	}
	if got, err := mounts.Volatile.Of(t.Context(), inventorytest.System(t, ""), "run/x"); got != "a folder of run" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for _, fixture := range []string{"live: true\n", "-- etc/fstab error=EIO --\n"} {
		if got, err := mounts.Volatile.Of(t.Context(), inventorytest.System(t, fixture), "var/log"); err == nil {
			t.Errorf("%s: got %q", fixture, got)
		}
	}
}
