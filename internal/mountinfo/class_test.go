package mountinfo_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
)

func TestClassOf(t *testing.T) {
	tests := []struct {
		fstype string
		major  uint32
		want   mountinfo.Class
	}{
		{"ext4", 8, mountinfo.Local},
		{"btrfs", 0, mountinfo.Local},
		{"tmpfs", 0, mountinfo.Local},
		{"a new disk type", 259, mountinfo.Local},
		{"a new type without a disk", 0, mountinfo.Network},
		{"nfs4", 0, mountinfo.Network},
		{"ocfs2", 8, mountinfo.Network},
		{"fuse", 0, mountinfo.FUSE},
		{"fuse.sshfs", 0, mountinfo.FUSE},
		{"fuseblk", 8, mountinfo.FUSE},
		{"fusectl", 0, mountinfo.Pseudo},
		{"autofs", 0, mountinfo.Auto},
		{"proc", 0, mountinfo.Pseudo},
		{"devtmpfs", 0, mountinfo.Pseudo},
		{"overlay", 0, mountinfo.Layered},
	}
	for _, tt := range tests {
		t.Run(tt.fstype, func(t *testing.T) {
			m := mountinfo.Mount{Type: tt.fstype, Major: tt.major}
			if got := m.Class(); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestEachMagicNamesAKnownClass(t *testing.T) {
	for magic, want := range map[uint32]mountinfo.Class{
		mountinfo.MagicProc: mountinfo.Pseudo, mountinfo.MagicSysfs: mountinfo.Pseudo,
		mountinfo.MagicFUSE: mountinfo.FUSE, mountinfo.MagicAutofs: mountinfo.Auto,
		0x6969: mountinfo.Network, 0x9123683e: mountinfo.Local, 0x794c7630: mountinfo.Layered,
		0x12345678: mountinfo.Network,
	} {
		fstype := mountinfo.TypeOfMagic(magic)
		if got := mountinfo.ClassOf(fstype, 0); got != want {
			t.Errorf("%#x is %s: got %v, want %v", magic, fstype, got, want)
		}
	}
	if got := mountinfo.TypeOfMagic(0xabc); got != "0xabc" {
		t.Errorf("got %q, want the number", got)
	}
}
