// Package crypttab reads which volumes of a system are encrypted: from etc/crypttab (crypttab(5)),
// and on a running system from what the kernel reports about block devices below sys/class/block
// (Documentation/ABI of the kernel, sysfs-block).
package crypttab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Entry is one line: an encrypted volume. The place of its key is left out.
type Entry struct {
	inventory.Position

	Name   string // of the opened volume, below dev/mapper
	Device string // as written: UUID=..., /dev/sda2
}

// File is the name of the file.
const File = "etc/crypttab"

// Fact is the entries of the file. A missing file has none.
var Fact = inventory.NewFact("crypttab", collect)

func collect(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseFile(ctx, s, File, Parse)
	if inventory.IsAbsent(err, File) {
		return nil, nil
	}
	for i := range all {
		all[i].Source = File
	}
	return all, err
}

// Parse reads the text of a crypttab file. Lines with less than two fields are errors, reported
// together; then no entries are returned, and too many entries are [inventory.ErrLimit]. The Source is
// left empty.
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	var bad mistakes.List
	var limit budget.Budget
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		s = strings.TrimRight(s, "\r\n")
		name, rest := cutWord(s)
		if name == "" || name[0] == '#' {
			continue
		}
		if len(s) > maxLine || strings.ContainsFunc(s, isSpecial) {
			bad.Addf("line %d: a special character, or longer than %d bytes", line, maxLine)
			continue
		}
		device, _ := cutWord(rest)
		if device == "" {
			bad.Addf("line %d: one field, want 2 to 4", line)
			continue
		}
		if err := limit.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		all = append(all, Entry{inventory.Position{Line: line}, name, device})
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// maxLine is how long a line may be; a name of a file has at most 4,096 bytes.
const maxLine = 4096

// isSpecial reports whether a character may end a line or be part of a word, as programs have it.
func isSpecial(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r == '\u00a0' }

// cutWord returns the first word of a text and what follows it.
func cutWord(s string) (word, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// classBlock is the folder with a link for each block device.
const classBlock = "sys/class/block/"

// Device is the kernel's name of the block device with a number: "dm-0" of "253:0". The error is
// [inventory.ErrAbsent] if there is no block device of the number.
var Device = inventory.NewKeyed("block device", findDevice)

func findDevice(ctx context.Context, s *inventory.System, number string) (string, error) {
	name := "sys/dev/block/" + number
	target, err := s.FS(ctx).ReadLink(name)
	if inventory.IsAbsent(err, name) {
		return "", fmt.Errorf("%s is no block device: %w", number, inventory.ErrAbsent)
	}
	return path.Base(target), err
}

// Encrypted reports whether everything that is written to a block device of the running system is
// encrypted by dm-crypt. The key is the kernel's name of the device, such as "dm-0". A device is
// encrypted if it is a volume of dm-crypt, or if all devices that it consists of are. The error is
// [inventory.ErrUnavailable] if that is not known, and [inventory.ErrNotLive] on an image.
var Encrypted = inventory.NewKeyed("encrypted device", collectEncrypted)

func collectEncrypted(ctx context.Context, s *inventory.System, device string) (bool, error) {
	return isEncrypted(ctx, s, device, 0)
}

// isEncrypted looks at a device, and then at the devices that it consists of.
func isEncrypted(ctx context.Context, s *inventory.System, device string, depth int) (bool, error) {
	if depth > 16 || !filetree.ValidName(device) || strings.Contains(device, "/") {
		return false, fmt.Errorf("block device %q: %w", device, inventory.ErrUnavailable)
	}
	link := classBlock + device
	target, err := s.FS(ctx).ReadLink(link)
	if inventory.IsAbsent(err, link) {
		return false, fmt.Errorf("block device %s is not told of: %w", device, inventory.ErrUnavailable)
	}
	if err != nil {
		return false, err
	}
	if strings.HasPrefix(device, "loop") {
		return false, fmt.Errorf("%s shows a file of which the place is not judged: %w",
			device, inventory.ErrUnavailable)
	}
	uuid, err := readOptional(ctx, s, link+"/dm/uuid")
	if err != nil || isCryptUUID(uuid) {
		return err == nil, err
	}
	// The disk of a partition is the folder above it.
	if _, err := s.Stat(ctx, link+"/partition"); err == nil {
		return isEncrypted(ctx, s, path.Base(path.Dir(target)), depth+1)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return areSlavesEncrypted(ctx, s, link, depth)
}

// areSlavesEncrypted reports whether a device consists of other devices, as a volume of LVM or RAID
// does, and all of them are encrypted.
func areSlavesEncrypted(ctx context.Context, s *inventory.System, link string, depth int) (bool, error) {
	slaves, err := s.ReadDir(ctx, link+"/slaves")
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(slaves) == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, e := range slaves {
		if ok, err := isEncrypted(ctx, s, e.Name(), depth+1); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// isCryptUUID reports whether the UUID of a volume of the device mapper is that of an encrypted
// one, as cryptsetup(8) makes them. Volumes of integrity and verity are not encrypted.
func isCryptUUID(uuid string) bool {
	for _, p := range []string{"LUKS1", "LUKS2", "PLAIN", "TCRYPT", "BITLK", "FVAULT2", "LOOPAES"} {
		if strings.HasPrefix(uuid, "CRYPT-"+p+"-") {
			return true
		}
	}
	return false
}

// readOptional reads a file without the blanks around its text. A missing file is empty.
func readOptional(ctx context.Context, s *inventory.System, name string) (string, error) {
	b, err := s.ReadText(ctx, name)
	if inventory.IsAbsent(err, name) {
		return "", nil
	}
	return strings.TrimSpace(string(b)), err
}
