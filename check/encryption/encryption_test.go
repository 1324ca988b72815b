package encryption_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/encryption"
)

const (
	live  = "live: true\n-- proc/self/mountinfo --\n22 1 253:0 / / rw - ext4 /dev/vda rw\n"
	plain = "-- sys/dev/block/253:0 link=../../devices/vda --\n-- sys/class/block/vda link=../../devices/vda --\n-- sys/devices/vda/slaves dir --\n"
	crypt = plain + "-- sys/devices/vda/dm/uuid --\nCRYPT-LUKS2-x\n"
)

func TestVolumes(t *testing.T) {
	for fixture, want := range map[string]check.Status{
		live + plain: check.Fail, live + crypt: check.Pass, live: check.Unknown, "": check.NotApplicable,
		"live: true\n-- proc/self/mountinfo --\n22 1 0:9 / / rw - overlay overlay rw\n":            check.Unknown,
		"live: true\n-- proc/self/mountinfo --\n22 1 0:9 / / rw - tmpfs tmpfs rw\n":                check.Pass,
		"live: true\n-- proc/self/mountinfo --\n22 1 253:0 / /srv rw - ext4 /dev/vda rw\n" + crypt: check.Unknown,
		"-- etc/fstab --\n/dev/sda1 / ext4\n":                                                      check.Fail,
		"-- etc/fstab --\nPARTUUID=1 / ext4\n":                                                     check.Fail,
		"-- etc/fstab --\nLABEL=1 / ext4\n":                                                        check.Unknown,
		"-- etc/fstab --\n/dev/mapper/a / ext4\n":                                                  check.Unknown,
		"-- etc/fstab --\n/dev/mapper/a / ext4\n-- etc/crypttab --\na UUID=1\n":                    check.Pass,
		"-- etc/fstab --\n/dev/mapper/a / ext4\n-- etc/crypttab --\n#a UUID=1\n":                   check.Unknown,
		"-- etc/fstab --\ntmpfs /tmp tmpfs\n":                                                      check.Unknown,
		"-- etc/fstab --\n/dev/mapper/a / ext4\n/dev/sdb /srv xfs\n-- etc/crypttab --\na UUID=1\n": check.Fail,
	} {
		made, err := encryption.Volumes{Targets: []string{"srv"}}.Check()
		r, err := checktest.Judge(fixture, made, err)
		if err != nil || r.Status != want {
			t.Errorf("%s: got %+v, %v, want %v", fixture, r, err, want)
		}
	}
	if _, err := (encryption.Volumes{Targets: []string{"/srv"}}).Check(); err == nil {
		t.Error("a name with its first slash")
	}
}

func TestSwap(t *testing.T) {
	const swaps = live + "-- proc/sys/kernel/ostype --\nLinux\n-- proc/swaps --\nFilename Type Size Used Priority\n"
	for fixture, want := range map[string]check.Status{
		swaps: check.Pass, live: check.Error, live + "-- proc/sys/kernel/ostype --\nLinux\n": check.Pass, "": check.NotApplicable,
		swaps + "/dev/vda partition 1 0 -2\n" + plain: check.Fail, swaps + "/dev/vda partition 1 0 -2\n" + crypt: check.Pass,
		swaps + "/swap file 1 0 -2\n" + plain: check.Fail, swaps + "/swap file 1 0 -2\n" + crypt: check.Pass,
		swaps + "/a\\040b file 1 0 -2\n" + crypt: check.Unknown, swaps + "/dev/zram0 partition 1 0 -2\n": check.Pass,
		swaps + "/dev/zram0 partition 1 0 -2\n-- sys/class/block/zram0/backing_dev --\n/dev/vda\n": check.Unknown,
		"-- etc/fstab --\n/dev/mapper/a / ext4\n":                                                  check.Pass,
		"-- etc/fstab --\ntmpfs /tmp tmpfs\n":                                                      check.Unknown,
		"-- etc/fstab --\n/dev/mapper/a / ext4\n/swapfile none swap sw\n":                          check.Unknown,
		"-- etc/fstab --\n/dev/mapper/a / ext4\n/dev/nvme0n1p3 none swap sw\n":                     check.Fail,
	} {
		made, err := encryption.Swap{}.Check()
		r, err := checktest.Judge(fixture, made, err)
		if err != nil || r.Status != want {
			t.Errorf("%s: got %+v, %v, want %v", fixture, r, err, want)
		}
	}
}

func TestPolicy(t *testing.T) {
	const file = "-- etc/crypto-policies/config --\n"
	for fixture, want := range map[string]check.Status{
		"": check.NotApplicable, file + "DEFAULT\n": check.Pass, file + "default:sha1\n": check.Fail, file + "DEFAULT # LEGACY\n": check.Pass,
		file + "DEFAULT\nSHA1\n": check.Fail, file + "# nothing\n": check.Error, file + "FUTURE:NO-SHA1\n": check.Pass,
	} {
		made, err := encryption.Policy{Refuse: []string{"LEGACY", "SHA1"}}.Check()
		r, err := checktest.Judge(fixture, made, err)
		if err != nil || r.Status != want {
			t.Errorf("%s: got %+v, %v, want %v", fixture, r, err, want)
		}
	}
	if _, err := (encryption.Policy{}).Check(); err == nil {
		t.Error("nothing is refused")
	}
}
