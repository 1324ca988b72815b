// Package encryption has ready-made checks of whether what is stored is encrypted.
package encryption

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/mounts"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
	"github.com/hardening-sdk/hardening/inventory/storage/crypttab"
)

// Volumes asks that the file systems at some mount points lie on volumes that dm-crypt encrypts. A
// point without a file system of its own belongs to the one around it; the root's is judged always.
// File systems in memory need no encryption. What encrypts by itself, or on another machine, such as
// ZFS, or in a container, cannot be seen from here.
//
// On an image only etc/fstab, units of mounts and etc/crypttab tell: a volume that the latter opens passes, a bare
// partition fails, and of anything else it is not known. One that mounts nothing has nothing to
// judge.
type Volumes struct {
	Targets []string `yaml:"targets,required"` // without the first slash: home, var
}

// Check makes the check.
func (a Volumes) Check() (check.Check, error) {
	for _, t := range a.Targets {
		if !filetree.ValidName(t) {
			return nil, fmt.Errorf("%q is no name in a tree; leave out the first slash", t)
		}
	}
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		t, err := mounts.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if len(t.Mounts) == 0 && !sys.Live() {
			return check.Absent("etc/fstab mounts nothing")
		}
		var f found
		for _, target := range append([]string{"."}, a.Targets...) {
			m, ok := t.At(target)
			switch {
			case ok:
				f.judge(ctx, sys, m)
			case target == ".":
				f.errs = append(f.errs, fmt.Errorf("what is mounted at / is not told: %w", inventory.ErrUnavailable))
			}
		}
		if !sys.Live() {
			if err := a.units(ctx, sys, &f); err != nil {
				return check.FromError(err)
			}
		}
		return f.result("no file system on a disk")
	}), nil
}

// units judges units that mount one of the targets besides etc/fstab, whether they start or not.
func (a Volumes) units(ctx context.Context, sys *inventory.System, f *found) error {
	units, err := systemd.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, u := range units.All {
		where, _ := u.Value("Mount", "Where")
		if !strings.HasSuffix(u.Name, ".mount") || u.Load == systemd.LoadMasked || !slices.Contains(a.Targets, strings.Trim(where.Text, "/")) {
			continue
		}
		if kind, _ := u.Value("Mount", "Type"); kind.Text == "tmpfs" || kind.Text == "ramfs" {
			continue
		}
		what, _ := u.Value("Mount", "What")
		ok, err := planned(ctx, sys, what.Text)
		if err != nil {
			err = fmt.Errorf("%s: %w", u.Path, err)
		}
		f.add(check.Evidence{Source: what.File, Line: what.Line, Subject: path.Clean(where.Text)}, ok, err)
	}
	return nil
}

// found is what was seen.
type found struct {
	good, bad []check.Evidence
	errs      []error
}

func (f *found) result(none string) check.Result {
	switch err := errors.Join(f.errs...); {
	case len(f.bad) > 0:
		return check.Failed("", f.bad...)
	case err != nil:
		return check.FromError(err)
	case len(f.good) == 0:
		return check.Passed(none)
	}
	return check.Passed("", f.good...)
}

func (f *found) add(ev check.Evidence, encrypted bool, err error) {
	ev.Want, ev.Got = "encrypted", "encrypted"
	switch {
	case err != nil:
		f.errs = append(f.errs, err)
	case encrypted:
		f.good = append(f.good, ev)
	default:
		ev.Got = "not encrypted"
		f.bad = append(f.bad, ev)
	}
}

func (f *found) judge(ctx context.Context, sys *inventory.System, m mounts.Mount) {
	if m.Type == "tmpfs" || m.Type == "ramfs" {
		return
	}
	ev := check.Evidence{Source: m.Source, Line: m.Line, Subject: "/" + strings.TrimPrefix(m.Target, ".")}
	ok, err := mounted(ctx, sys, m)
	if err != nil {
		err = fmt.Errorf("%s: %w", ev.Subject, err)
	}
	f.add(ev, ok, err)
}

func mounted(ctx context.Context, sys *inventory.System, m mounts.Mount) (bool, error) {
	if !sys.Live() {
		return planned(ctx, sys, m.Device)
	}
	if m.Type == "btrfs" {
		return btrfs(ctx, sys, m.Device)
	}
	device, err := crypttab.Device.Of(ctx, sys, m.Number)
	if errors.Is(err, inventory.ErrAbsent) {
		return false, fmt.Errorf("what %s lies on cannot be seen: %w", m.Type, inventory.ErrUnavailable)
	}
	if err != nil {
		return false, err
	}
	return crypttab.Encrypted.Of(ctx, sys, device)
}

// btrfs judges all devices of a file system by the one that its mount names.
func btrfs(ctx context.Context, sys *inventory.System, device string) (bool, error) {
	name := path.Base(device)
	if strings.HasPrefix(device, "/dev/mapper/") {
		target, err := sys.FS(ctx).ReadLink(strings.TrimPrefix(device, "/"))
		if err != nil {
			return false, err
		}
		name = path.Base(target)
	}
	all, err := sys.Glob(ctx, "sys/fs/btrfs/*/devices/*")
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
		if ok, err := crypttab.Encrypted.Of(ctx, sys, path.Base(n)); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// bare are names of partitions and disks as the kernel gives them.
var bare = regexp.MustCompile(`^(PARTUUID=|PARTLABEL=|/dev/(sd|vd|xvd|hd)[a-z]+[0-9]*$|/dev/(nvme[0-9]+n[0-9]+|mmcblk[0-9]+)(p[0-9]+)?$)`)

// planned tells of a device as etc/fstab writes it.
func planned(ctx context.Context, sys *inventory.System, device string) (bool, error) {
	entries, err := crypttab.Fact.Of(ctx, sys)
	if err != nil {
		return false, err
	}
	if name, ok := strings.CutPrefix(device, "/dev/mapper/"); ok && slices.ContainsFunc(entries, func(e crypttab.Entry) bool { return e.Name == name }) {
		return true, nil
	}
	if bare.MatchString(device) {
		return false, nil
	}
	return false, fmt.Errorf("whether its volume is encrypted etc/crypttab does not tell: %w", inventory.ErrNotLive)
}

// Swap asks that memory which is written to a disk is encrypted there: each swap is on a volume that
// dm-crypt encrypts, in a file on one, or compressed in memory. A system without any passes; an image
// that mounts nothing has nothing to judge.
type Swap struct{}

// Check makes the check.
func (Swap) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		if sys.Live() {
			return running(ctx, sys)
		}
		return configured(ctx, sys)
	}), nil
}

const swaps = "proc/swaps"

func running(ctx context.Context, sys *inventory.System) check.Result {
	b, err := sys.ReadFile(ctx, swaps)
	if inventory.IsAbsent(err, swaps) { // a kernel without swap
		if _, err := sys.Stat(ctx, "proc/sys/kernel"); err != nil {
			return check.FromError(err)
		}
		return check.Passed("the kernel cannot swap")
	}
	if err != nil {
		return check.FromError(err)
	}
	var f found
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		w := strings.Fields(s)
		if line == 1 || len(w) == 0 {
			continue
		}
		ev := check.Evidence{Source: swaps, Line: line, Subject: w[0]}
		if len(w) < 2 || !strings.HasPrefix(w[0], "/") || strings.Contains(w[0], `\`) {
			f.errs = append(f.errs, fmt.Errorf("%s:%d: not understood: %w", swaps, line, inventory.ErrUnavailable))
			continue
		}
		ok, err := swap(ctx, sys, w[0], w[1])
		f.add(ev, ok, err)
	}
	return f.result("no swap")
}

func swap(ctx context.Context, sys *inventory.System, name, kind string) (bool, error) {
	if kind == "file" {
		t, err := mounts.Fact.Of(ctx, sys)
		if err != nil {
			return false, err
		}
		m, ok := around(t, name[1:])
		if !ok {
			return false, fmt.Errorf("what %s lies on is not told: %w", name, inventory.ErrUnavailable)
		}
		return mounted(ctx, sys, m)
	}
	device := path.Base(name)
	if strings.HasPrefix(name, "/dev/mapper/") {
		target, err := sys.FS(ctx).ReadLink(name[1:])
		if err != nil {
			return false, err
		}
		device = path.Base(target)
	}
	if strings.HasPrefix(device, "zram") {
		return zram(ctx, sys, device)
	}
	return crypttab.Encrypted.Of(ctx, sys, device)
}

// zram tells whether a swap in memory stays there (Documentation/admin-guide/blockdev/zram.rst).
func zram(ctx context.Context, sys *inventory.System, device string) (bool, error) {
	name := "sys/class/block/" + device + "/backing_dev"
	b, err := sys.ReadFile(ctx, name)
	if inventory.IsAbsent(err, name) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if backing := strings.TrimSpace(string(b)); backing != "none" {
		return false, fmt.Errorf("%s writes to a disk as well: %w", device, inventory.ErrUnavailable)
	}
	return true, nil
}

// around answers the mount that a file lies on.
func around(t mounts.Table, name string) (mounts.Mount, bool) {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if m, ok := t.At(dir); ok || dir == "." {
			return m, ok
		}
	}
}

func configured(ctx context.Context, sys *inventory.System) check.Result {
	lines, err := fstab.Fact.Of(ctx, sys)
	if err != nil {
		return check.FromError(err)
	}
	if len(lines) == 0 {
		return check.Absent("etc/fstab mounts nothing")
	}
	var f found
	if !slices.ContainsFunc(lines, func(l fstab.Entry) bool { return l.Target == "." }) {
		f.errs = append(f.errs, fmt.Errorf("etc/fstab does not mount /, so it is not all that is set up: %w", inventory.ErrNotLive))
	}
	for _, l := range lines {
		if l.Type != "swap" {
			continue
		}
		ev := check.Evidence{Source: l.Source, Line: l.Line, Subject: l.Device}
		ok, err := planned(ctx, sys, l.Device)
		if strings.HasPrefix(l.Device, "/dev/zram") {
			ok, err = true, nil
		} else if err != nil {
			err = fmt.Errorf("%s:%d: %w", l.Source, l.Line, err)
		}
		f.add(ev, ok, err)
	}
	units, err := systemd.Fact.Of(ctx, sys)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return check.FromError(err)
	}
	if err == nil {
		for _, u := range units.All {
			if strings.HasSuffix(u.Name, ".swap") && u.Load != systemd.LoadMasked {
				f.errs = append(f.errs, fmt.Errorf("%s may swap as well: %w", u.Path, inventory.ErrNotLive))
			}
		}
	}
	return f.result("etc/fstab has no swap")
}
