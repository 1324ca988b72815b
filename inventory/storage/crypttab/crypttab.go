// Package crypttab tells which volumes of a system are encrypted: by etc/crypttab, crypttab(5),
// and on a running system by what the kernel says of its block devices.
package crypttab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Entry is one line: a volume that is opened below dev/mapper. Where its key lies is left out.
type Entry struct {
	Name   string
	Device string // as written: UUID=..., /dev/sda2
	Line   int    // counted from 1
}

// File is where the lines stand.
const File = "etc/crypttab"

// Fact is the lines of the file. A system without one has none.
var Fact = inventory.NewFact("crypttab", func(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseFile(ctx, s, File, Parse)
	if inventory.IsAbsent(err, File) {
		return nil, nil
	}
	return all, err
})

// Parse reads the text of a crypttab file. A line with less than two fields is a mistake.
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	var bad mistakes.List
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		f := strings.Fields(s)
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		if len(f) < 2 {
			bad.Addf("line %d: one field, want 2 to 4", line)
			continue
		}
		all = append(all, Entry{f[0], f[1], line})
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// classBlock has a link for each block device by its name (Documentation/ABI of the kernel,
// sysfs-block).
const classBlock = "sys/class/block/"

// Device answers the kernel's name of a block device, such as dm-0, by its number, as 253:0.
// A number of no block device is [inventory.ErrAbsent].
var Device = inventory.NewKeyed("block device", func(ctx context.Context, s *inventory.System, number string) (string, error) {
	name := "sys/dev/block/" + number
	target, err := s.FS(ctx).ReadLink(name)
	if inventory.IsAbsent(err, name) {
		return "", fmt.Errorf("%s is no block device: %w", number, inventory.ErrAbsent)
	}
	return path.Base(target), err
})

// Encrypted reports whether all that is written to a block device of the running system, by the
// kernel's name of it, is encrypted by dm-crypt: it is a volume of that, or all the devices that
// it is made of are. Other systems answer [inventory.ErrNotLive].
var Encrypted = inventory.NewKeyed("encrypted device", func(ctx context.Context, s *inventory.System, device string) (bool, error) {
	return encrypted(ctx, s, device, 0)
})

func encrypted(ctx context.Context, s *inventory.System, device string, depth int) (bool, error) {
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
		return false, fmt.Errorf("%s shows a file of which the place is not judged: %w", device, inventory.ErrUnavailable)
	}
	uuid, err := optional(ctx, s, link+"/dm/uuid")
	if err != nil || crypt(uuid) {
		return err == nil, err
	}
	if _, err := s.Stat(ctx, link+"/partition"); err == nil {
		return encrypted(ctx, s, path.Base(path.Dir(target)), depth+1)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	slaves, err := s.ReadDir(ctx, link+"/slaves")
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(slaves) == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, e := range slaves {
		if ok, err := encrypted(ctx, s, e.Name(), depth+1); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// crypt reports whether the UUID of a volume of the device mapper is that of an encrypted one,
// as cryptsetup(8) gives them; integrity and verity are not.
func crypt(uuid string) bool {
	for _, p := range []string{"LUKS1", "LUKS2", "PLAIN", "TCRYPT", "BITLK", "FVAULT2", "LOOPAES"} {
		if strings.HasPrefix(uuid, "CRYPT-"+p+"-") {
			return true
		}
	}
	return false
}

func optional(ctx context.Context, s *inventory.System, name string) (string, error) {
	b, err := s.ReadFile(ctx, name)
	if inventory.IsAbsent(err, name) {
		return "", nil
	}
	return strings.TrimSpace(string(b)), err
}
