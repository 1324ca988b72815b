// Package storage tells whether what a system stores is encrypted by dm-crypt, across mounts,
// block devices and swap. Of a running system the kernel tells, by proc and sysfs
// (Documentation/ABI of the kernel, sysfs-block and sysfs-fs-btrfs); of an image what is set up
// does, by etc/fstab, etc/crypttab and units.
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

// Mounted reports whether the file system that is mounted at a target, by [mounts.Fact], lies
// on encrypted volumes only. A target where none is mounted is [inventory.ErrAbsent]; what
// encrypts by itself, or cannot be seen from here, is [inventory.ErrUnavailable].
var Mounted = inventory.NewKeyed("encrypted mount", encryptsMount)

func encryptsMount(ctx context.Context, s *inventory.System, target string) (bool, error) {
	t, err := mounts.Fact.Of(ctx, s)
	if err != nil {
		return false, err
	}
	m, ok := t.At(target)
	if !ok {
		return false, fmt.Errorf("nothing is mounted at %s: %w", target, inventory.ErrAbsent)
	}
	return mounted(ctx, s, m)
}

func mounted(ctx context.Context, s *inventory.System, m mounts.Mount) (bool, error) {
	if !s.Live() {
		return planned(ctx, s, m.Device)
	}
	if m.Type == "btrfs" {
		return btrfs(ctx, s, m.Device)
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

// btrfs looks at all devices of a file system by the one that its mount names.
func btrfs(ctx context.Context, s *inventory.System, device string) (bool, error) {
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
	Path   string // of its unit file
	Target string // as Where= has it: /srv
	Type   string
	Device string // as What= has it
	Source string // of What=
	Line   int    // in Source, counted from 1
}

// Units is the units of an image that mount something besides etc/fstab, whether they start or not,
// but for those that are masked. A running system has none: [mounts.Fact] has what they mounted.
var Units = inventory.NewFact("mount units", func(ctx context.Context, s *inventory.System) ([]Unit, error) {
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
		where, _ := u.Value("Mount", "Where")
		kind, _ := u.Value("Mount", "Type")
		what, _ := u.Value("Mount", "What")
		all = append(all, Unit{Path: u.Path, Target: where.Text, Type: kind.Text,
			Device: what.Text, Source: what.File, Line: what.Line})
	}
	return all, nil
})

// bare are names of partitions and disks as the kernel gives them.
var bare = regexp.MustCompile(`^(PARTUUID=|PARTLABEL=|/dev/(sd|vd|xvd|hd)[a-z]+[0-9]*$|` +
	`/dev/(nvme[0-9]+n[0-9]+|mmcblk[0-9]+)(p[0-9]+)?$)`)

// Planned reports whether a device, as etc/fstab writes it, is an encrypted volume: one that
// etc/crypttab opens is, a bare partition is not. Of any other it is [inventory.ErrNotLive].
var Planned = inventory.NewKeyed("encryption planned", planned)

func planned(ctx context.Context, s *inventory.System, device string) (bool, error) {
	entries, err := crypttab.Fact.Of(ctx, s)
	if err != nil {
		return false, err
	}
	name, mapped := strings.CutPrefix(device, "/dev/mapper/")
	if mapped && slices.ContainsFunc(entries, func(e crypttab.Entry) bool { return e.Name == name }) {
		return true, nil
	}
	if bare.MatchString(device) {
		return false, nil
	}
	return false, fmt.Errorf("whether its volume is encrypted etc/crypttab does not tell: %w", inventory.ErrNotLive)
}
