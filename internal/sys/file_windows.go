package sys

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What files are opened with: nothing is followed, nothing is kept from others, reads
// need no event. The intent of a backup counts only for who holds that privilege.
const (
	openOptions = windows.FILE_OPEN_REPARSE_POINT | windows.FILE_SYNCHRONOUS_IO_NONALERT | windows.FILE_OPEN_FOR_BACKUP_INTENT
	shareAll    = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	lookAccess  = windows.FILE_READ_ATTRIBUTES | windows.SYNCHRONIZE
)

// OpenVolume opens the root folder of a volume for looking only. Its name is as below
// \??, such as "C:".
func OpenVolume(name string) (windows.Handle, error) {
	path, err := windows.UTF16FromString(`\??\` + name + `\`)
	if err != nil {
		return 0, err
	}
	return OpenBelowOwned(0, path[:len(path)-1])
}

// OpenBelow opens one element below an open folder for looking only, a reparse point
// itself and not what it leads to. No element above is looked up again, and the element
// is taken as it is: neither device names nor trailing dots mean anything here.
func OpenBelow(dir windows.Handle, elem []uint16) (windows.Handle, error) {
	return ntOpen(dir, elem, lookAccess)
}

// OpenBelowOwned is [OpenBelow] with the right to read the owner as well, where that is
// permitted.
func OpenBelowOwned(dir windows.Handle, elem []uint16) (windows.Handle, error) {
	h, err := ntOpen(dir, elem, lookAccess|windows.READ_CONTROL)
	if err == windows.STATUS_ACCESS_DENIED {
		h, err = ntOpen(dir, elem, lookAccess)
	}
	return h, err
}

// OpenData opens for reading exactly the file or folder that h stands for: an empty name
// below it is itself.
func OpenData(h windows.Handle) (windows.Handle, error) {
	return ntOpen(h, nil, windows.FILE_READ_DATA|lookAccess) // FILE_LIST_DIRECTORY is the same bit
}

// ntOpen is NtCreateFile with FILE_OPEN. Errors are NTStatus.
func ntOpen(dir windows.Handle, name []uint16, access uint32) (h windows.Handle, err error) {
	if len(name) > 1<<15-1 {
		return 0, windows.STATUS_OBJECT_NAME_INVALID
	}
	text := windows.NTUnicodeString{Length: uint16(2 * len(name)), MaximumLength: uint16(2 * len(name)), Buffer: unsafe.SliceData(name)}
	attr := windows.OBJECT_ATTRIBUTES{RootDirectory: dir, ObjectName: &text, Attributes: windows.OBJ_CASE_INSENSITIVE}
	attr.Length = uint32(unsafe.Sizeof(attr))
	var status windows.IO_STATUS_BLOCK
	err = windows.NtCreateFile(&h, access, &attr, &status, nil, 0, shareAll, windows.FILE_OPEN, openOptions, 0, 0)
	runtime.KeepAlive(name)
	return h, err
}

// FileAttr is what Windows says of an open file.
type FileAttr struct {
	Attributes uint32 // FILE_ATTRIBUTE_*
	Tag        uint32 // of a reparse point, else 0
	Size       int64
	Index      uint64 // of the file on its volume
	Volume     uint64 // serial number
	Links      uint64
	Written    int64 // 100 ns since 1601, 0 where there is none
	Changed    int64
}

// StatHandle returns the attributes of an open file.
func StatHandle(h windows.Handle) (a FileAttr, err error) {
	var id windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(h, &id); err != nil {
		return a, err
	}
	// FILE_BASIC_INFO, padded to its alignment.
	var basic struct {
		created, accessed, written, changed int64
		attributes, _                       uint32
	}
	if err := byHandle(h, windows.FileBasicInfo, unsafe.Pointer(&basic), unsafe.Sizeof(basic)); err != nil {
		return a, err
	}
	a = FileAttr{
		Attributes: id.FileAttributes, Size: int64(id.FileSizeHigh)<<32 | int64(id.FileSizeLow),
		Index: uint64(id.FileIndexHigh)<<32 | uint64(id.FileIndexLow), Volume: uint64(id.VolumeSerialNumber),
		Links: uint64(id.NumberOfLinks), Written: basic.written, Changed: basic.changed,
	}
	_, a.Tag, err = Kind(h)
	return a, err
}

// Kind returns the attributes of an open file, and the tag if it is a reparse point.
func Kind(h windows.Handle) (attributes, tag uint32, err error) {
	var info struct{ attributes, tag uint32 } // FILE_ATTRIBUTE_TAG_INFO
	err = byHandle(h, windows.FileAttributeTagInfo, unsafe.Pointer(&info), unsafe.Sizeof(info))
	if info.attributes&windows.FILE_ATTRIBUTE_REPARSE_POINT == 0 {
		info.tag = 0
	}
	return info.attributes, info.tag, err
}

func byHandle(h windows.Handle, class uint32, p unsafe.Pointer, size uintptr) error {
	return windows.GetFileInformationByHandleEx(h, class, (*byte)(p), uint32(size))
}

// OnDisk reports whether h is a file of a file system, and no pipe or device.
func OnDisk(h windows.Handle) bool {
	t, err := windows.GetFileType(h)
	return err == nil && t == windows.FILE_TYPE_DISK
}

// Owner returns the SIDs of a file's owner and primary group, empty where it has none.
func Owner(h windows.Handle) (owner, group string, err error) {
	sd, err := windows.GetSecurityInfo(h, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.GROUP_SECURITY_INFORMATION)
	if err != nil {
		return "", "", err
	}
	o, _, err := sd.Owner()
	if err != nil {
		return "", "", err
	}
	g, _, err := sd.Group()
	if err != nil {
		return "", "", err
	}
	if o != nil {
		owner = o.String()
	}
	if g != nil {
		group = g.String()
	}
	return owner, group, nil
}

// ReparseData returns the content of a reparse point, REPARSE_DATA_BUFFER of ntifs.h.
func ReparseData(h windows.Handle) ([]byte, error) {
	buf := make([]byte, windows.MAXIMUM_REPARSE_DATA_BUFFER_SIZE)
	var n uint32
	err := windows.DeviceIoControl(h, windows.FSCTL_GET_REPARSE_POINT, nil, 0, &buf[0], uint32(len(buf)), &n, nil)
	if err != nil {
		return nil, err
	}
	return buf[:n], nil
}
