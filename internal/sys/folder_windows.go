package sys

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/windows"
)

// FolderEntry is an entry of a folder as its listing has it.
type FolderEntry struct {
	Name       []uint16
	Attributes uint32
	Tag        uint32 // of a reparse point, else 0
	Size       int64
	Written    int64 // 100 ns since 1601, 0 where there is none
	Changed    int64
}

// List reads more entries of an open folder into buf, and returns how many bytes of it
// are used. At the end it is ERROR_NO_MORE_FILES.
func List(h windows.Handle, buf []uint64) ([]byte, error) {
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(buf))), 8*len(buf)) // entries are aligned to 8
	err := windows.GetFileInformationByHandleEx(h, windows.FileFullDirectoryInfo, &b[0], uint32(len(b)))
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Offsets in FILE_FULL_DIR_INFO of winbase.h.
const (
	atWritten    = 24
	atChanged    = 32
	atSize       = 40
	atAttributes = 56
	atNameBytes  = 60
	atTag        = 64 // EaSize, the tag of a reparse point
	atName       = 68
)

// NextEntry takes one entry off b. It is false where b does not hold one whole.
func NextEntry(b []byte) (e FolderEntry, rest []byte, ok bool) {
	if len(b) < atName {
		return e, nil, false
	}
	le := binary.LittleEndian
	next, n := le.Uint32(b), le.Uint32(b[atNameBytes:])
	if uint64(n) > uint64(len(b)-atName) || uint64(next) > uint64(len(b)) {
		return e, nil, false
	}
	e = FolderEntry{Attributes: le.Uint32(b[atAttributes:]), Size: int64(le.Uint64(b[atSize:])),
		Written: int64(le.Uint64(b[atWritten:])), Changed: int64(le.Uint64(b[atChanged:])), Name: make([]uint16, n/2)}
	for i := range e.Name {
		e.Name[i] = le.Uint16(b[atName+2*i:])
	}
	if e.Attributes&windows.FILE_ATTRIBUTE_REPARSE_POINT != 0 {
		e.Tag = le.Uint32(b[atTag:])
	}
	if next == 0 {
		return e, nil, true
	}
	return e, b[next:], true
}
