package sys

import (
	"strings"

	"golang.org/x/sys/windows"
)

// Drives returns the drive letters that are in use, such as "C:".
func Drives() ([]string, error) {
	mask, err := windows.GetLogicalDrives()
	if err != nil {
		return nil, err
	}
	var all []string
	for i := range 26 {
		if mask&(1<<i) != 0 {
			all = append(all, string(rune('A'+i))+":")
		}
	}
	return all, nil
}

// Device returns what a name below \??, such as "C:", stands for: \Device\HarddiskVolume3.
// It touches nothing but the table of such names.
func Device(name string) (string, error) {
	p, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return "", err
	}
	for size := uint32(256); ; size *= 4 {
		buf := make([]uint16, size)
		n, err := windows.QueryDosDevice(p, &buf[0], size)
		if err == windows.ERROR_INSUFFICIENT_BUFFER && size < 1<<16 {
			continue
		}
		if err != nil {
			return "", err
		}
		return windows.UTF16ToString(buf[:n]), nil
	}
}

// DriveType is GetDriveType of a name below \??. It looks at the volume's root.
func DriveType(name string) uint32 {
	if len(name) > len("C:") {
		name = `\\?\` + name // a volume without a letter
	}
	p, err := windows.UTF16PtrFromString(name + `\`)
	if err != nil {
		return windows.DRIVE_UNKNOWN
	}
	return windows.GetDriveType(p)
}

// FolderVolumes returns the names of volumes, such as "Volume{...}", that are mounted on
// folders and have no drive letter.
func FolderVolumes() ([]string, error) {
	var all []string
	buf := make([]uint16, windows.MAX_PATH+1)
	search, err := windows.FindFirstVolume(&buf[0], uint32(len(buf)))
	if err != nil {
		return nil, err
	}
	defer windows.FindVolumeClose(search)
	for err == nil {
		paths, errP := volumePaths(buf)
		if errP != nil {
			return nil, errP
		}
		if len(paths) > 0 && !hasLetter(paths) {
			all = append(all, strings.Trim(windows.UTF16ToString(buf), `\?`))
		}
		err = windows.FindNextVolume(search, &buf[0], uint32(len(buf)))
	}
	if err != windows.ERROR_NO_MORE_FILES {
		return nil, err
	}
	return all, nil
}

// volumePaths returns where a volume is mounted.
func volumePaths(volume []uint16) ([]string, error) {
	for size := uint32(256); ; size *= 4 {
		buf := make([]uint16, size)
		err := windows.GetVolumePathNamesForVolumeName(&volume[0], &buf[0], size, &size)
		if err == windows.ERROR_MORE_DATA && size < 1<<20 {
			continue
		}
		if err != nil {
			return nil, err
		}
		var all []string
		for len(buf) > 0 && buf[0] != 0 {
			s := windows.UTF16ToString(buf)
			all = append(all, s)
			buf = buf[len(windows.StringToUTF16(s)):]
		}
		return all, nil
	}
}

func hasLetter(paths []string) bool {
	for _, p := range paths {
		if len(p) == len(`C:\`) {
			return true
		}
	}
	return false
}
