package filetree

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Attributes of files, winnt.h.
const (
	attrFolder       = 0x10
	attrDevice       = 0x40
	attrReparse      = 0x400
	attrOffline      = 0x1000
	attrRecallOpen   = 0x40000
	attrRecallAccess = 0x400000
)

// winMode returns the type of a file. Windows has no permission bits, and none are made
// up. A folder that is another kind of reparse point, such as one of files on demand, is
// irregular and a folder: what is in it cannot be read, but is not absent either.
func winMode(attributes, tag uint32) fs.FileMode {
	switch {
	case attributes&attrReparse != 0 && (tag == tagSymlink || tag == tagMountPoint):
		return fs.ModeSymlink
	case attributes&attrReparse != 0 && tag == tagSocket:
		return fs.ModeSocket
	case attributes&attrReparse != 0 && attributes&attrFolder != 0:
		return fs.ModeIrregular | fs.ModeDir
	case attributes&attrReparse != 0:
		return fs.ModeIrregular
	case attributes&attrDevice != 0:
		return fs.ModeDevice
	case attributes&attrFolder != 0:
		return fs.ModeDir
	}
	return 0
}

// elsewhere reports whether reading the file would fetch it from somewhere else: from the
// store of a provider of files on demand, or from an archive.
func elsewhere(attributes uint32) bool {
	return attributes&(attrOffline|attrRecallOpen|attrRecallAccess) != 0
}

// The returns of GetDriveType, fileapi.h.
const (
	driveRemovable = 2
	driveFixed     = 3
	driveRemote    = 4
	driveCD        = 5
	driveMemory    = 6
)

// redirected reports whether the device of a drive is one of another machine, as far as its
// name tells. Redirectors name the drive behind a semicolon.
func redirected(device string) bool {
	return strings.Contains(device, `\;`) || strings.HasPrefix(device, `\Device\Mup\`) ||
		strings.HasPrefix(device, `\Device\LanmanRedirector\`) || strings.HasPrefix(device, `\??\UNC\`)
}

// admitDrive is nil where a drive of this type may be looked at.
func admitDrive(name string, kind uint32, allow MountClass) error {
	need, what := MountClass(0), ""
	switch kind {
	case driveFixed, driveMemory:
		return nil
	case driveRemote:
		need, what = MountNetwork, "a drive of another machine"
	case driveRemovable, driveCD:
		need, what = MountAuto, "a removable drive"
	default:
		return fmt.Errorf("%s is no drive with files: %w", name, ErrUnavailable)
	}
	if allow&need != 0 {
		return nil
	}
	return fmt.Errorf("%s is %s, which is not touched: %w", name, what, ErrUnavailable)
}

// epoch is the start of Unix time in units of 100 ns since 1601.
const epoch = 116444736000000000

// winTime converts a FILETIME. Zero is no time.
func winTime(t int64) time.Time {
	if t <= 0 {
		return time.Time{}
	}
	return time.Unix((t-epoch)/1e7, (t-epoch)%1e7*100)
}
