//go:build linux

package filetree

import (
	"io/fs"
	"path"
	"time"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/internal/sys"
)

// linuxInfo is what fstat(2) said of a file.
type linuxInfo struct {
	name  string
	mode  fs.FileMode
	size  int64
	mtime time.Time
	sys   Sys
}

func (i *linuxInfo) Name() string       { return i.name }
func (i *linuxInfo) Mode() fs.FileMode  { return i.mode }
func (i *linuxInfo) Size() int64        { return i.size }
func (i *linuxInfo) ModTime() time.Time { return i.mtime }
func (i *linuxInfo) IsDir() bool        { return i.mode.IsDir() }
func (i *linuxInfo) Sys() any           { return &i.sys }

// info returns the identity of the open file fd.
func (f *linuxFS) info(name string, fd int, st *unix.Stat_t) *linuxInfo {
	has := HasOwner | HasMode | HasInode | HasTimes | HasSize
	if magic, ok := f.magic(fd, st); ok && sizeless[magic] {
		has &^= HasSize
	}
	return &linuxInfo{
		name:  path.Base(name),
		mode:  sys.FileMode(st.Mode),
		size:  st.Size,
		mtime: time.Unix(st.Mtim.Unix()),
		sys: Sys{
			Has: has, UID: st.Uid, GID: st.Gid,
			Inode: st.Ino, Dev: uint64(st.Dev), Links: uint64(st.Nlink),
			ChangeTime: time.Unix(st.Ctim.Unix()),
		},
	}
}

// sizeless are the file systems whose files state no size, or another than what
// reading them gives.
var sizeless = map[uint32]bool{
	mountinfo.MagicBinfmt: true, mountinfo.MagicBPF: true, mountinfo.MagicCgroup: true,
	mountinfo.MagicCgroup2: true, mountinfo.MagicConfigfs: true, mountinfo.MagicDebugfs: true,
	mountinfo.MagicFusectl: true, mountinfo.MagicMqueue: true, mountinfo.MagicNFSD: true,
	mountinfo.MagicOpenprom: true, mountinfo.MagicProc: true, mountinfo.MagicRDT: true,
	mountinfo.MagicRPCPipefs: true, mountinfo.MagicSecurityfs: true, mountinfo.MagicSelinux: true,
	mountinfo.MagicSmack: true, mountinfo.MagicSysfs: true, mountinfo.MagicTracefs: true,
	mountinfo.MagicXenfs: true,
}

// magic returns the type of the file system that fd is on. It is false for one on a
// disk, which is not asked.
func (f *linuxFS) magic(fd int, st *unix.Stat_t) (uint32, bool) {
	dev := uint64(st.Dev)
	if unix.Major(dev) != 0 {
		return 0, false
	}
	if m, ok := f.magics.Load(dev); ok {
		return m.(uint32), true
	}
	m, err := sys.Magic(fd)
	if err != nil {
		return 0, false
	}
	f.magics.Store(dev, m)
	return m, true
}

func (f *linuxFS) isOnMagic(fd int, st *unix.Stat_t, magic uint32) bool {
	m, ok := f.magic(fd, st)
	return ok && m == magic
}
