// Package encryption has ready-made checks of whether what is stored is encrypted.
package encryption

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/mounts"
	"github.com/hardening-sdk/hardening/inventory/storage"
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
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		t, err := mounts.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if len(t.Mounts) == 0 && !t.Complete {
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
		units, err := storage.Units.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		a.units(ctx, sys, units, &f)
		return f.result("no file system on a disk")
	}), nil
}

// units judges units that mount one of the targets besides etc/fstab, whether they start or not.
func (a Volumes) units(ctx context.Context, sys *inventory.System, units []storage.Unit, f *found) {
	for _, u := range units {
		if !slices.Contains(a.Targets, strings.Trim(u.Target, "/")) || u.Type == "tmpfs" || u.Type == "ramfs" {
			continue
		}
		ok, err := storage.Planned.Of(ctx, sys, u.Device)
		if err != nil {
			err = fmt.Errorf("%s: %w", u.Path, err)
		}
		f.add(check.Evidence{Position: u.Position, Subject: path.Clean(u.Target)}, ok, err)
	}
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
	ev := check.Evidence{Position: m.Position, Subject: "/" + strings.TrimPrefix(m.Target, ".")}
	ok, err := storage.Mounted.Of(ctx, sys, m.Target)
	if err != nil {
		err = fmt.Errorf("%s: %w", ev.Subject, err)
	}
	f.add(ev, ok, err)
}

// Swap asks that memory which is written to a disk is encrypted there: each swap is on a volume that
// dm-crypt encrypts, in a file on one, or compressed in memory. A system without any passes; an image
// that mounts nothing has nothing to judge.
type Swap struct{}

// Check makes the check.
func (Swap) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		y, err := storage.Fact.Of(ctx, sys)
		switch {
		case err != nil:
			return check.FromError(err)
		case y.Never && y.Live:
			return check.Passed("the kernel cannot swap")
		case y.Never:
			return check.Absent("etc/fstab mounts nothing")
		}
		var f found
		if !y.Live && !y.Whole {
			f.errs = append(f.errs, fmt.Errorf("etc/fstab does not mount /, so it is not all that is set up: %w", inventory.ErrNotLive))
		}
		for _, w := range y.Swaps {
			ok, err := storage.EncryptedSwap.Of(ctx, sys, w)
			f.add(check.Evidence{Position: w.Position, Subject: w.Name}, ok, err)
		}
		for _, u := range y.Units {
			f.errs = append(f.errs, fmt.Errorf("%s may swap as well: %w", u, inventory.ErrNotLive))
		}
		return f.result(map[bool]string{true: "no swap", false: "etc/fstab has no swap"}[y.Live])
	}), nil
}
