package mountinfo

import "strings"

// Class says what looking at a mount can lead to.
type Class uint8

// The classes of mounts.
const (
	// Local is a disk or memory of this machine.
	Local Class = iota
	// Network is another machine, or a cluster, whose silence makes every system
	// call wait. A type that is not known and has no block device counts as one.
	Network
	// FUSE is a program that serves each call, or does not.
	FUSE
	// Auto is autofs(5): a look mounts something.
	Auto
	// Pseudo shows the kernel's own state or devices; no file in it is stored.
	Pseudo
	// Layered shows files of other mounts, where they can be found as well.
	Layered
)

func (c Class) String() string {
	return [...]string{"local", "network", "FUSE", "autofs", "pseudo", "layered"}[c]
}

// classes has the types of file systems that have no block device, and those whose
// block device is not the whole truth. Sources: the nodev types of
// /proc/filesystems and fs/ of Linux 6.18, and fstype_is_network of systemd 257.
var classes = map[string]Class{
	"9p": Network, "acfs": Network, "afs": Network, "auristorfs": Network,
	"beegfs": Network, "ceph": Network, "cifs": Network, "coda": Network,
	"davfs": Network, "gfs": Network, "gfs2": Network, "glusterfs": Network,
	"gpfs": Network, "lustre": Network, "ncp": Network, "ncpfs": Network,
	"nfs": Network, "nfs4": Network, "ocfs2": Network, "orangefs": Network,
	"panfs": Network, "prl_fs": Network, "pvfs2": Network, "smb3": Network,
	"smbfs": Network, "vboxsf": Network, "vmhgfs": Network, "wekafs": Network,

	"fuse": FUSE, "fuseblk": FUSE, "virtiofs": FUSE,

	"autofs": Auto,

	"binder": Pseudo, "binfmt_misc": Pseudo, "bpf": Pseudo, "cgroup": Pseudo,
	"cgroup2": Pseudo, "configfs": Pseudo, "cpuset": Pseudo, "debugfs": Pseudo,
	"devpts": Pseudo, "devtmpfs": Pseudo, "efivarfs": Pseudo,
	"functionfs": Pseudo, "fusectl": Pseudo, "gadgetfs": Pseudo,
	"hugetlbfs": Pseudo, "mqueue": Pseudo, "nfsd": Pseudo, "nsfs": Pseudo,
	"ocfs2_dlmfs": Pseudo, "openpromfs": Pseudo, "pipefs": Pseudo,
	"proc": Pseudo, "pstore": Pseudo, "resctrl": Pseudo, "rpc_pipefs": Pseudo,
	"securityfs": Pseudo, "selinuxfs": Pseudo, "smackfs": Pseudo,
	"sockfs": Pseudo, "spufs": Pseudo, "sysfs": Pseudo, "tracefs": Pseudo,
	"usbfs": Pseudo, "xenfs": Pseudo,

	"aufs": Layered, "ecryptfs": Layered, "overlay": Layered,
	"overlayfs": Layered, "shiftfs": Layered, "unionfs": Layered,

	"apfs": Local, "bcachefs": Local, "btrfs": Local, "erofs": Local,
	"jffs2": Local, "ramfs": Local, "rootfs": Local, "tmpfs": Local,
	"ubifs": Local, "yaffs2": Local, "zfs": Local,
}

// ClassOf returns the class of a mount by its type and the major number of its
// device, which is 0 where there is none.
func ClassOf(fstype string, major uint32) Class {
	if strings.HasPrefix(fstype, "fuse.") || strings.HasPrefix(fstype, "fuseblk.") {
		return FUSE
	}
	if c, ok := classes[fstype]; ok {
		return c
	}
	if major != 0 {
		return Local
	}
	return Network
}

// Class returns the class of the mount.
func (m *Mount) Class() Class { return ClassOf(m.Type, m.Major) }
