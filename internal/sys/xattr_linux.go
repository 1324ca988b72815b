package sys

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// noGetxattrat is set once getxattrat(2) was refused: before Linux 6.13, and by
// seccomp filters that do not know it.
var noGetxattrat atomic.Bool

// xattrArgs is struct xattr_args of linux/xattr.h, where a pointer has the 64 bits
// that value has.
type xattrArgs struct {
	value *byte
	size  uint32
	flags uint32
}

// XattrAt reads an extended attribute of name below dir into buf, a link not
// followed and nothing opened. Name and attr end with a NUL.
//
// Without getxattrat it goes through the folder's entry in /proc/self/fd; where there
// is no procfs either, it opens the file, which must be a regular one.
func XattrAt(dir int, name, attr, buf []byte) (int, error) {
	if !noGetxattrat.Load() {
		n, err := getxattrat(dir, name, attr, buf)
		if err != unix.ENOSYS && err != unix.EPERM {
			return n, err
		}
		noGetxattrat.Store(true)
	}
	path := FDName(dir) + "/" + string(name[:len(name)-1])
	n, err := unix.Lgetxattr(path, string(attr[:len(attr)-1]), buf)
	if err != unix.ENOENT {
		return n, err
	}
	fd, err := OpenNoatime(dir, string(name[:len(name)-1]), unix.O_NOFOLLOW)
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	return unix.Fgetxattr(fd, string(attr[:len(attr)-1]), buf)
}

func getxattrat(dir int, name, attr, buf []byte) (int, error) {
	args := xattrArgs{value: &buf[0], size: uint32(len(buf))}
	if unsafe.Sizeof(args) != 16 {
		return 0, unix.ENOSYS
	}
	n, _, errno := unix.Syscall6(unix.SYS_GETXATTRAT, uintptr(dir), uintptr(unsafe.Pointer(&name[0])),
		unix.AT_SYMLINK_NOFOLLOW, uintptr(unsafe.Pointer(&attr[0])),
		uintptr(unsafe.Pointer(&args)), unsafe.Sizeof(args))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// Xattr reads an extended attribute of an open file, of which an O_PATH descriptor
// will do while a procfs is mounted. The attribute's value has at most 64 KiB
// (XATTR_SIZE_MAX).
func Xattr(fd int, attr string) ([]byte, error) {
	for size := 256; ; size = 1 << 16 {
		buf := make([]byte, size)
		n, err := unix.Getxattr(FDName(fd), attr, buf)
		if err == unix.ENOENT {
			n, err = unix.Fgetxattr(fd, attr, buf)
		}
		if err == unix.ERANGE && size < 1<<16 {
			continue
		}
		if err != nil {
			return nil, err
		}
		return buf[:n:n], nil
	}
}
