package mountinfo

import "strconv"

// The numbers that statfs(2) gives for types of file systems whose files behave
// otherwise than stored ones. They are from include/uapi/linux/magic.h and, where
// that has none, from the file system's own source in Linux 6.18.
const (
	MagicAutofs     = 0x0187
	MagicBinfmt     = 0x42494e4d
	MagicBPF        = 0xcafe4a11
	MagicCgroup     = 0x27e0eb
	MagicCgroup2    = 0x63677270
	MagicConfigfs   = 0x62656570
	MagicDebugfs    = 0x64626720
	MagicDevpts     = 0x1cd1
	MagicDLMFS      = 0x76a9f425
	MagicEfivarfs   = 0xde5e81e4
	MagicFunctionfs = 0x0a647361
	MagicFUSE       = 0x65735546
	MagicFusectl    = 0x65735543
	MagicGadgetfs   = 0xaee71ee7
	MagicMqueue     = 0x19800202
	MagicNFSD       = 0x6e667364
	MagicNSFS       = 0x6e736673
	MagicOpenprom   = 0x9fa1
	MagicProc       = 0x9fa0
	MagicPstore     = 0x6165676c
	MagicRDT        = 0x7655821
	MagicRPCPipefs  = 0x67596969
	MagicSecurityfs = 0x73636673
	MagicSelinux    = 0xf97cff8c
	MagicSmack      = 0x43415d53
	MagicSysfs      = 0x62656572
	MagicTracefs    = 0x74726163
	MagicXenfs      = 0xabba1974
)

// magics names the types by number, for a system of which no table of mounts can
// be read.
var magics = map[uint32]string{
	MagicAutofs: "autofs", MagicBinfmt: "binfmt_misc", MagicBPF: "bpf",
	MagicCgroup: "cgroup", MagicCgroup2: "cgroup2", MagicConfigfs: "configfs",
	MagicDebugfs: "debugfs", MagicDevpts: "devpts", MagicDLMFS: "ocfs2_dlmfs",
	MagicEfivarfs: "efivarfs", MagicFunctionfs: "functionfs", MagicFUSE: "fuse",
	MagicFusectl: "fusectl", MagicGadgetfs: "gadgetfs", MagicMqueue: "mqueue",
	MagicNFSD: "nfsd", MagicNSFS: "nsfs", MagicOpenprom: "openpromfs",
	MagicProc: "proc", MagicPstore: "pstore", MagicRDT: "resctrl",
	MagicRPCPipefs: "rpc_pipefs", MagicSecurityfs: "securityfs",
	MagicSelinux: "selinuxfs", MagicSmack: "smackfs", MagicSysfs: "sysfs",
	MagicTracefs: "tracefs", MagicXenfs: "xenfs",

	0x01021994: "tmpfs", 0x858458f6: "ramfs", 0x9123683e: "btrfs",
	0x794c7630: "overlay", 0x61756673: "aufs", 0xf15f: "ecryptfs",
	0x24051905: "ubifs", 0x72b6: "jffs2", 0x2fc12fc1: "zfs",
	0xca451a4e: "bcachefs", 0xe0f5e1e2: "erofs", 0x958458f6: "hugetlbfs",
	0x6969: "nfs", 0xff534d42: "cifs", 0xfe534d42: "smb3", 0x517b: "smbfs",
	0x01021997: "9p", 0x00c36400: "ceph", 0x73757245: "coda", 0x5346414f: "afs",
	0x564c: "ncpfs", 0x0bd00bd0: "lustre", 0x01161970: "gfs2",
	0x7461636f: "ocfs2", 0x20030528: "orangefs", 0x786f4256: "vboxsf",
}

// TypeOfMagic returns the type of a file system by its number. The number itself,
// in hexadecimal, stands for one that is not known.
func TypeOfMagic(magic uint32) string {
	if t, ok := magics[magic]; ok {
		return t
	}
	return "0x" + strconv.FormatUint(uint64(magic), 16)
}
