package storage_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/storage"
)

const (
	live  = "live: true\n-- proc/self/mountinfo --\n22 1 253:0 / / rw - ext4 /dev/vda rw\n"
	plain = "-- sys/dev/block/253:0 link=../../devices/vda --\n-- sys/class/block/vda link=../../devices/vda --\n-- sys/devices/vda/slaves dir --\n"
	crypt = plain + "-- sys/devices/vda/dm/uuid --\nCRYPT-LUKS2-x\n"
	swaps = live + "-- proc/sys/kernel/ostype --\nLinux\n-- proc/swaps --\nFilename Type Size Used Priority\n"
	btrfs = "live: true\n-- proc/self/mountinfo --\n22 1 0:9 / / rw - btrfs /dev/vda rw\n-- sys/fs/btrfs/a/devices/vda link=../../../../devices/vda --\n"
	units = "-- usr/lib/systemd/system/srv.mount --\n[Mount]\nWhere=/srv\nWhat=/dev/sdb\nType=xfs\n-- usr/lib/systemd/system/a.swap --\n[Swap]\n"
)

// asked is a fact that is true, false or an error.
type asked struct {
	of   func(*inventory.System) (bool, error)
	want bool
	err  error
}

func judge(t *testing.T, all map[string]asked) {
	t.Helper()
	for fixture, c := range all {
		got, err := c.of(inventorytest.System(t, fixture))
		if got != c.want || !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: got %v, %v, want %v, %v", fixture, got, err, c.want, c.err)
		}
	}
}

func TestMounted(t *testing.T) {
	of := func(s *inventory.System) (bool, error) { return storage.Mounted.Of(t.Context(), s, ".") }
	judge(t, map[string]asked{
		live + plain: {of: of}, live + crypt: {of: of, want: true}, live: {of: of, err: inventory.ErrUnavailable}, "": {of: of, err: inventory.ErrAbsent},
		btrfs + plain: {of: of}, btrfs + crypt: {of: of, want: true},
		btrfs + crypt + "-- sys/fs/btrfs/a/devices/vdb link=../../../../devices/vdb --\n-- sys/class/block/vdb link=../../devices/vdb --\n-- sys/devices/vdb/slaves dir --\n": {of: of},
		"live: true\n-- proc/self/mountinfo --\n22 1 0:9 / / rw - btrfs /dev/vda rw\n":                                                                                        {of: of, err: inventory.ErrUnavailable},
		"live: true\n-- proc/self/mountinfo --\n22 1 0:9 / / rw - zfs tank rw\n":                                                                                              {of: of, err: inventory.ErrUnavailable},
		"-- etc/fstab --\n/dev/sda1 / ext4\n": {of: of}, "-- etc/fstab --\nLABEL=1 / ext4\n": {of: of, err: inventory.ErrNotLive},
		"-- etc/fstab --\n/dev/mapper/a / ext4\n-- etc/crypttab --\na UUID=1\n": {of: of, want: true},
	})
}

func TestUnits(t *testing.T) {
	want := []storage.Unit{{Path: "usr/lib/systemd/system/srv.mount", Target: "/srv", Type: "xfs", Device: "/dev/sdb", Position: inventory.Position{Source: "usr/lib/systemd/system/srv.mount", Line: 3}}}
	for fixture, want := range map[string][]storage.Unit{"": nil, "live: true\n" + units: nil, units: want} {
		got, err := storage.Units.Of(t.Context(), inventorytest.System(t, fixture))
		if d := cmp.Diff(got, want); d != "" || err != nil {
			t.Errorf("%s: %s, %v", fixture, d, err)
		}
	}
	if got, err := storage.Units.Of(t.Context(), inventorytest.System(t, "-- usr/lib/systemd/system error=EIO --\n")); err == nil {
		t.Errorf("got %v", got)
	}
}

func TestPlanned(t *testing.T) {
	s := inventorytest.System(t, "-- etc/crypttab --\na UUID=1\n")
	for device, want := range map[string]bool{"/dev/mapper/a": true, "PARTUUID=1": false, "/dev/nvme0n1p3": false, "/dev/mmcblk0": false} {
		if got, err := storage.Planned.Of(t.Context(), s, device); got != want || err != nil {
			t.Errorf("%s: got %v, %v", device, got, err)
		}
	}
	if got, err := storage.Planned.Of(t.Context(), s, "/dev/mapper/b"); !errors.Is(err, inventory.ErrNotLive) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFact(t *testing.T) {
	const root = "-- etc/fstab --\n/dev/sda1 / ext4\nUUID=1 none swap\n"
	for fixture, want := range map[string]storage.Swapping{
		"": {Never: true}, live + "-- proc/sys/kernel/ostype --\n": {Live: true, Never: true}, swaps: {Live: true},
		swaps + "/dev/vda partition 1 0 -2\n": {Live: true, Swaps: []storage.Swap{{Name: "/dev/vda", Type: "partition", Position: inventory.Position{Source: "proc/swaps", Line: 2}}}},
		root:                                  {Whole: true, Swaps: []storage.Swap{{Name: "UUID=1", Position: inventory.Position{Source: "etc/fstab", Line: 2}}}},
		"-- etc/fstab --\ntmpfs /tmp tmpfs\n" + units: {Units: []string{"usr/lib/systemd/system/a.swap"}},
	} {
		got, err := storage.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if d := cmp.Diff(got, want); d != "" || err != nil {
			t.Errorf("%s: %s, %v", fixture, d, err)
		}
	}
	for _, fixture := range []string{live, "-- etc/fstab error=EIO --\n", root + "-- usr/lib/systemd/system error=EIO --\n"} {
		if got, err := storage.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %+v", fixture, got)
		}
	}
}

func TestEncryptedSwap(t *testing.T) {
	of := func(w storage.Swap) func(*inventory.System) (bool, error) {
		return func(s *inventory.System) (bool, error) { return storage.EncryptedSwap.Of(t.Context(), s, w) }
	}
	device, file := of(storage.Swap{Name: "/dev/vda", Type: "partition"}), of(storage.Swap{Name: "/swap", Type: "file"})
	zram := of(storage.Swap{Name: "/dev/zram0", Type: "partition"})
	judge(t, map[string]asked{
		live + plain: {of: device}, live + crypt: {of: device, want: true}, live: {of: device, err: inventory.ErrUnavailable},
		"": {of: of(storage.Swap{Name: "UUID=1"}), err: inventory.ErrNotLive}, "-- etc/fstab --\n": {of: of(storage.Swap{Name: "/dev/sda2"})},
	})
	judge(t, map[string]asked{live + plain: {of: file}, live + crypt: {of: file, want: true}, "live: true\n-- proc/self/mountinfo --\n": {of: file, err: inventory.ErrUnavailable}})
	judge(t, map[string]asked{
		live: {of: zram, want: true}, "": {of: zram, want: true},
		live + "-- sys/class/block/zram0/backing_dev --\nnone\n":     {of: zram, want: true},
		live + "-- sys/class/block/zram0/backing_dev --\n/dev/vda\n": {of: zram, err: inventory.ErrUnavailable},
	})
	judge(t, map[string]asked{live: {of: of(storage.Swap{Name: `/a\040b`, Type: "file"}), err: inventory.ErrUnavailable}})
}
