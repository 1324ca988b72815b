package sys

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const attrMask = unix.STATX_TYPE | unix.STATX_MODE | unix.STATX_UID | unix.STATX_GID |
	unix.STATX_NLINK | unix.STATX_SIZE | unix.STATX_INO

// noStatx is set once statx(2) was refused: before Linux 4.11, and by seccomp
// filters that do not know it.
var noStatx atomic.Bool

// StatAt reads the attributes of name below dir, a link not followed and an automount
// not woken. The name ends with a NUL. It allocates nothing.
func StatAt(dir int, name []byte, a *Attr) error {
	return attributes(dir, name, unix.AT_SYMLINK_NOFOLLOW|unix.AT_NO_AUTOMOUNT, a)
}

// StatFD reads the attributes of an open file.
func StatFD(fd int, a *Attr) error {
	return attributes(fd, []byte{0}, unix.AT_EMPTY_PATH|unix.AT_NO_AUTOMOUNT, a)
}

func attributes(dir int, name []byte, flags uintptr, a *Attr) error {
	if name[len(name)-1] != 0 {
		return unix.EINVAL
	}
	if noStatx.Load() {
		return oldAttributes(dir, name, int(flags), a)
	}
	var st unix.Statx_t
	_, _, errno := unix.Syscall6(unix.SYS_STATX, uintptr(dir), uintptr(unsafe.Pointer(&name[0])),
		flags, attrMask, uintptr(unsafe.Pointer(&st)), 0)
	switch errno {
	case 0:
	case unix.EINTR:
		return attributes(dir, name, flags, a)
	case unix.ENOSYS, unix.EPERM:
		err := oldAttributes(dir, name, int(flags), a)
		if err == nil {
			noStatx.Store(true)
		}
		return err
	default:
		return errno
	}
	*a = Attr{Mode: uint32(st.Mode), UID: st.Uid, GID: st.Gid, Links: uint64(st.Nlink), Size: st.Size,
		Dev: unix.Mkdev(st.Dev_major, st.Dev_minor), Ino: st.Ino}
	return nil
}

func oldAttributes(dir int, name []byte, flags int, a *Attr) error {
	var st unix.Stat_t
	if err := unix.Fstatat(dir, string(name[:len(name)-1]), &st, flags); err != nil {
		return err
	}
	*a = Attr{Mode: st.Mode, UID: st.Uid, GID: st.Gid, Links: uint64(st.Nlink), Size: uint64(st.Size),
		Dev: uint64(st.Dev), Ino: st.Ino}
	return nil
}
