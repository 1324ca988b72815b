package filetree

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/wtf8"
)

// Tags of reparse points, winnt.h. All others are no links to files.
const (
	tagMountPoint = 0xA0000003 // junctions, and volumes mounted on folders
	tagSymlink    = 0xA000000C
	tagSocket     = 0x80000023
)

var errReparse = errors.New("a malformed reparse point")

// winLink returns where the reparse point of b, REPARSE_DATA_BUFFER of ntifs.h, leads to,
// as a link within the tree: absolute ones begin with the drive, "/C:/Windows". Drive is
// the one it is on.
func winLink(drive string, b []byte) (string, error) {
	le := binary.LittleEndian
	if len(b) < 8 || int(le.Uint16(b[4:])) > len(b)-8 {
		return "", errReparse
	}
	tag, body := le.Uint32(b), b[8:8+int(le.Uint16(b[4:]))]
	relative, names := false, 8 // where the names begin in body
	switch tag {
	case tagMountPoint:
	case tagSymlink:
		names = 12
	default:
		return "", fmt.Errorf("a reparse point with the tag %#x: %w", tag, ErrIrregular)
	}
	if len(body) < names {
		return "", errReparse
	}
	if tag == tagSymlink {
		relative = le.Uint32(body[8:])&1 != 0 // SYMLINK_FLAG_RELATIVE
	}
	from, n := int(le.Uint16(body)), int(le.Uint16(body[2:])) // of the substitute name, bytes
	if from%2 != 0 || n%2 != 0 || from+n > len(body)-names {
		return "", errReparse
	}
	units := make([]uint16, n/2)
	for i := range units {
		units[i] = le.Uint16(body[names+from+2*i:])
	}
	return winTarget(drive, wtf8.Text(units), relative)
}

// winTarget converts the target of a link. That of an absolute one is a name of the kernel.
func winTarget(drive, target string, relative bool) (string, error) {
	if strings.ContainsAny(target, "/\x00") || target == "" {
		return "", errReparse
	}
	if relative {
		if target[0] == '\\' {
			target = `\` + drive + target
		}
		return strings.ReplaceAll(target, `\`, "/"), nil
	}
	rest, ok := strings.CutPrefix(target, `\??\`)
	first, rest, _ := strings.Cut(rest, `\`)
	switch {
	case ok && strings.EqualFold(first, "UNC"):
		return "", fmt.Errorf("it leads to another machine: %w", ErrUnavailable)
	case !ok || !isVolume(first):
		return "", fmt.Errorf("it leads to no file, but to %q: %w", target, ErrIrregular)
	case isDrive(first):
		first = strings.ToUpper(first)
	}
	return strings.TrimRight("/"+first+"/"+strings.ReplaceAll(rest, `\`, "/"), "/"), nil
}
