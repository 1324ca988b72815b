package sys

import (
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// O_LARGEFILE, which 32-bit systems need for files over 2 GiB, is 0 elsewhere.
const openAlways = unix.O_CLOEXEC | unix.O_LARGEFILE

// OpenPath opens name below dir for looking only, a link itself and not what it
// leads to. Nothing is read, no device and no automount is woken: O_PATH of open(2).
func OpenPath(dir int, name string) (int, error) {
	return Open(dir, name, unix.O_PATH|unix.O_NOFOLLOW)
}

// Open is openat(2), again when a signal interrupts it.
func Open(dir int, name string, flags int) (int, error) {
	for {
		fd, err := unix.Openat(dir, name, flags|openAlways, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// OpenNoatime opens for reading without a change of the access time, where that is
// permitted: to the owner and to CAP_FOWNER.
func OpenNoatime(dir int, name string, flags int) (int, error) {
	flags |= unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOCTTY
	fd, err := Open(dir, name, flags|unix.O_NOATIME)
	if err == unix.EPERM {
		fd, err = Open(dir, name, flags)
	}
	return fd, err
}

// OpenHow is openat2(2), which older kernels and some seccomp filters refuse.
// Flags that openat2 does not know are an error there; O_LARGEFILE is implied.
func OpenHow(dir int, name string, flags int, resolve uint64) (int, error) {
	how := unix.OpenHow{Flags: uint64(flags | unix.O_CLOEXEC), Resolve: resolve}
	if strings.IndexByte(name, 0) >= 0 {
		return -1, unix.EINVAL
	}
	// unix.Openat2 allocates the name and how, once for each file that is looked at.
	var short [256]byte // a longer name is allocated
	text := append(append(short[:0], name...), 0)
	for {
		fd, _, errno := unix.Syscall6(unix.SYS_OPENAT2, uintptr(dir), uintptr(unsafe.Pointer(&text[0])),
			uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how), 0, 0)
		switch errno {
		case 0:
			return int(fd), nil
		case unix.EINTR:
		default:
			return -1, errno
		}
	}
}

// ReadLink returns the target of the link that an O_PATH descriptor stands for.
func ReadLink(link int) (string, error) {
	return ReadLinkAt(link, "")
}

// ReadLinkAt is readlinkat(2) with as much room as the target needs.
func ReadLinkAt(dir int, name string) (string, error) {
	for size := 256; ; size *= 4 {
		buf := make([]byte, size)
		n, err := unix.Readlinkat(dir, name, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return "", err
		}
		if n < size {
			return string(buf[:n]), nil
		}
	}
}

// Fstat is fstat(2); an O_PATH descriptor will do.
func Fstat(fd int) (unix.Stat_t, error) {
	var st unix.Stat_t
	for {
		err := unix.Fstat(fd, &st)
		if err != unix.EINTR {
			return st, err
		}
	}
}

// Magic returns the number of the type of file system that an open file is on. It
// asks the file system, so it must not be called for one that can hang.
func Magic(fd int) (uint32, error) {
	var st unix.Statfs_t
	for {
		err := unix.Fstatfs(fd, &st)
		if err != unix.EINTR {
			return uint32(st.Type), err
		}
	}
}

// SelfFD is a folder in which each descriptor of this process can be found by its
// number: /proc/self/fd of a procfs. It is -1 when no procfs is mounted there.
func SelfFD() int {
	fd, err := Open(unix.AT_FDCWD, "/proc/self/fd", unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return -1
	}
	if magic, err := Magic(fd); err != nil || magic != unix.PROC_SUPER_MAGIC {
		unix.Close(fd)
		return -1
	}
	return fd
}

// FDName is the path of a descriptor of this process.
func FDName(fd int) string { return "/proc/self/fd/" + strconv.Itoa(fd) }
