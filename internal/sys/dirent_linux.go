package sys

import (
	"bytes"
	"encoding/binary"
	"io/fs"

	"golang.org/x/sys/unix"
)

// Getdents reads some entries of a folder into buf, as getdents64(2) lays them out.
// Zero bytes are the end.
func Getdents(fd int, buf []byte) (int, error) {
	for {
		n, err := unix.Getdents(fd, buf)
		if err != unix.EINTR {
			return n, err
		}
	}
}

// The layout of struct linux_dirent64.
const (
	direntLen  = 16 // d_reclen, after d_ino and d_off
	direntType = 18
	direntName = 19
)

// NextDirent takes the first entry off buf. The name keeps its NUL at the end, for
// other system calls; "." and ".." are left out. There is no name at the end of buf
// or where it is not well-formed.
func NextDirent(buf []byte) (name []byte, kind byte, rest []byte) {
	for len(buf) > direntName {
		size := int(binary.NativeEndian.Uint16(buf[direntLen:]))
		if size <= direntName || size > len(buf) {
			return nil, 0, nil
		}
		name = buf[direntName:size]
		end := bytes.IndexByte(name, 0)
		if end < 0 {
			return nil, 0, nil
		}
		name, kind, buf = name[:end+1], buf[direntType], buf[size:]
		if s := string(name[:end]); s != "." && s != ".." && s != "" {
			return name, kind, buf
		}
	}
	return nil, 0, nil
}

// DirentMode returns the type of an entry. It is false where the file system does
// not say.
func DirentMode(kind byte) (fs.FileMode, bool) {
	if kind == unix.DT_UNKNOWN {
		return 0, false
	}
	m := FileMode(uint32(kind) << 12).Type() // DT_DIR is S_IFDIR>>12, and so on
	return m, m&fs.ModeIrregular == 0
}
