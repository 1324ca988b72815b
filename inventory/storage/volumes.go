// Package storage reports whether dm-crypt encrypts what a system stores, across mounts, block
// devices and swap. On a running system it uses what the kernel reports in proc and sys
// (Documentation/ABI of the kernel, sysfs-block and sysfs-fs-btrfs). On an image it uses etc/fstab
// (fstab(5)), etc/crypttab (crypttab(5)) and the units of systemd.
package storage

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/mounts"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
	"github.com/hardening-sdk/hardening/inventory/storage/crypttab"
)

// Mounted reports whether the file system that is mounted at a target, a Target of [mounts.Fact],
// is on encrypted volumes only. The error is [inventory.ErrAbsent] if nothing is mounted there. It
// is [inventory.ErrUnavailable] if the volumes are not known, as those of a file system that
// encrypts by itself or of a container.
var Mounted = inventory.NewKeyed("encrypted mount", encryptsMount)

// encryptsMount finds the mount of the target.
func encryptsMount(ctx context.Context, s *inventory.System, target string) (bool, error) {
	t, err := mounts.Fact.Of(ctx, s)
	if err != nil {
		return false, err
	}
	m, ok := t.At(target)
	if !ok {
		return false, fmt.Errorf("nothing is mounted at %s: %w", target, inventory.ErrAbsent)
	}
	return isMountEncrypted(ctx, s, m)
}

// isMountEncrypted reports whether a mount is on encrypted volumes only.
func isMountEncrypted(ctx context.Context, s *inventory.System, m mounts.Mount) (bool, error) {
	if !s.Live() {
		return isPlanned(ctx, s, m.Device)
	}
	// The device number of btrfs is that of no block device.
	if m.Type == "btrfs" {
		return isBtrfsEncrypted(ctx, s, m.Device)
	}
	device, err := crypttab.Device.Of(ctx, s, m.Number)
	if errors.Is(err, inventory.ErrAbsent) {
		return false, fmt.Errorf("what %s lies on cannot be seen: %w", m.Type, inventory.ErrUnavailable)
	}
	if err != nil {
		return false, err
	}
	return crypttab.Encrypted.Of(ctx, s, device)
}

// isBtrfsEncrypted finds all devices of a file system by the one that its mount names, and reports
// whether all of them are encrypted.
func isBtrfsEncrypted(ctx context.Context, s *inventory.System, device string) (bool, error) {
	name := path.Base(device)
	if strings.HasPrefix(device, "/dev/mapper/") {
		target, err := s.FS(ctx).ReadLink(strings.TrimPrefix(device, "/"))
		if err != nil {
			return false, err
		}
		name = path.Base(target)
	}
	all, err := s.Glob(ctx, "sys/fs/btrfs/*/devices/*")
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(all, func(n string) bool { return path.Base(n) == name })
	if i < 0 {
		return false, fmt.Errorf("the devices of btrfs are not told: %w", inventory.ErrUnavailable)
	}
	for _, n := range all {
		if path.Dir(n) != path.Dir(all[i]) {
			continue
		}
		if ok, err := crypttab.Encrypted.Of(ctx, s, path.Base(n)); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// Unit is a unit of systemd that mounts a file system, systemd.mount(5).
type Unit struct {
	inventory.Position // of What=

	Path   string // the unit file
	Target string // the value of Where=: /srv
	Type   string // the value of Type=
	Device string // the value of What=
}

// Units is the list of the units of an image that mount something besides etc/fstab. Units that do
// not start are included, masked ones are not. On a running system the list is empty, since
// [mounts.Fact] has what the units mounted.
var Units = inventory.NewFact("mount units", collectUnits)

func collectUnits(ctx context.Context, s *inventory.System) ([]Unit, error) {
	if s.Live() {
		return nil, nil
	}
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Unit
	for _, u := range units.All {
		if !strings.HasSuffix(u.Name, ".mount") || u.Load == systemd.LoadMasked {
			continue
		}
		where, _ := u.Lookup("Mount", "Where")
		kind, _ := u.Lookup("Mount", "Type")
		what, _ := u.Lookup("Mount", "What")
		all = append(all, Unit{Path: u.Path, Target: where.Text, Type: kind.Text,
			Device: what.Text, Position: what.Position})
	}
	return all, nil
}

// bare matches the names that the kernel gives to partitions and disks.
var bare = regexp.MustCompile(`^(PARTUUID=|PARTLABEL=|/dev/(sd|vd|xvd|hd)[a-z]+[0-9]*$|` +
	`/dev/(nvme[0-9]+n[0-9]+|mmcblk[0-9]+)(p[0-9]+)?$)`)

// Planned reports whether a device, as etc/fstab writes it, is an encrypted volume. A volume that
// etc/crypttab opens is encrypted, a bare partition or disk is not. For any other device the error
// is [inventory.ErrNotLive].
var Planned = inventory.NewKeyed("encryption planned", isPlanned)

// opened is the names of the volumes that etc/crypttab opens.
var opened = inventory.NewFact("opened volumes", collectOpened)

func collectOpened(ctx context.Context, s *inventory.System) (map[string]bool, error) {
	entries, err := crypttab.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	all := make(map[string]bool, len(entries))
	for _, e := range entries {
		all[e.Name] = true
	}
	return all, nil
}

// isPlanned looks for the device in etc/crypttab.
func isPlanned(ctx context.Context, s *inventory.System, device string) (bool, error) {
	names, err := opened.Of(ctx, s)
	if err != nil {
		return false, err
	}
	name, mapped := strings.CutPrefix(device, "/dev/mapper/")
	if mapped && names[name] {
		return true, nil
	}
	if bare.MatchString(device) {
		return false, nil
	}
	return false, fmt.Errorf("whether its volume is encrypted etc/crypttab does not tell: %w", inventory.ErrNotLive)
}
