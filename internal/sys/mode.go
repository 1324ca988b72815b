package sys

import "io/fs"

// The bits of st_mode, as inode(7) has them. They are the same on every Unix and in
// every archive format that stores them.
const (
	TypeMask = 0o170000
	Socket   = 0o140000
	Link     = 0o120000
	Regular  = 0o100000
	Block    = 0o060000
	Dir      = 0o040000
	Char     = 0o020000
	FIFO     = 0o010000

	setuid = 0o4000
	setgid = 0o2000
	sticky = 0o1000
)

// FileMode returns the mode of Go for a st_mode. A type that is none of inode(7) is
// irregular.
func FileMode(st uint32) fs.FileMode {
	m := fs.FileMode(st & 0o777)
	switch st & TypeMask {
	case Regular:
	case Dir:
		m |= fs.ModeDir
	case Link:
		m |= fs.ModeSymlink
	case Socket:
		m |= fs.ModeSocket
	case FIFO:
		m |= fs.ModeNamedPipe
	case Block:
		m |= fs.ModeDevice
	case Char:
		m |= fs.ModeDevice | fs.ModeCharDevice
	default:
		m |= fs.ModeIrregular
	}
	for _, b := range modeBits {
		if st&b.st != 0 {
			m |= b.mode
		}
	}
	return m
}

var modeBits = [...]struct {
	st   uint32
	mode fs.FileMode
}{{setuid, fs.ModeSetuid}, {setgid, fs.ModeSetgid}, {sticky, fs.ModeSticky}}

// UnixMode is the inverse of [FileMode]. An irregular file has no type.
func UnixMode(m fs.FileMode) uint32 {
	st := uint32(m.Perm())
	switch m.Type() {
	case 0:
		st |= Regular
	case fs.ModeDir:
		st |= Dir
	case fs.ModeSymlink:
		st |= Link
	case fs.ModeSocket:
		st |= Socket
	case fs.ModeNamedPipe:
		st |= FIFO
	case fs.ModeDevice:
		st |= Block
	case fs.ModeDevice | fs.ModeCharDevice:
		st |= Char
	}
	for _, b := range modeBits {
		if m&b.mode != 0 {
			st |= b.st
		}
	}
	return st
}
