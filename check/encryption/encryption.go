// Package encryption has ready-made checks of whether what is stored is encrypted. [Kinds] names
// them.
package encryption

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/mounts"
	"github.com/hardening-sdk/hardening/inventory/storage"
	"github.com/hardening-sdk/hardening/inventory/storage/swaps"
)

// Volumes is the kind encryption.volumes. It requires that the file systems at some mount points
// lie on volumes that dm-crypt encrypts. A point without a file system of its own belongs to the
// one around it; the root's is judged always. File systems in memory need no encryption. What
// encrypts by itself, or on another machine, such as ZFS, or in a container, cannot be seen from
// here.
//
// On an image only etc/fstab, units of mounts and etc/crypttab tell: a volume that the latter
// opens passes, a bare partition fails, and of anything else it is not known. One that mounts
// nothing has nothing to judge.
type Volumes struct {
	Targets []string `yaml:"targets,required" doc:"mount points besides the root, without the first slash: home, var"`
}

// Check returns the check.
func (a Volumes) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	for _, t := range a.Targets {
		if !filetree.ValidName(t) {
			return nil, fmt.Errorf("%q is no name in a tree; leave out the first slash", t)
		}
	}
	return check.Func(a.examine), nil
}

func (a Volumes) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	t, err := mounts.Fact.Of(ctx, sys)
	if err != nil {
		return err
	}
	if len(t.Mounts) == 0 && !t.Complete {
		mountsNothing(v)
		return nil
	}
	units, err := storage.Units.Of(ctx, sys)
	if err != nil {
		return err
	}
	for _, target := range append([]string{"."}, a.Targets...) {
		m, ok := t.At(target)
		switch {
		case ok:
			judgeMount(ctx, sys, v, m)
		case target == ".":
			v.Err(fmt.Errorf("what is mounted at / is not told: %w", inventory.ErrUnavailable))
		}
	}
	a.judgeUnits(ctx, sys, v, units)
	return nil
}

const fstab = "etc/fstab"

func mountsNothing(v *check.Verdict) {
	v.Say("etc/fstab mounts nothing")
	v.Absent(check.Evidence{Position: inventory.Position{Source: fstab}, Subject: "file systems", Got: "none"})
}

// judgeUnits judges units that mount one of the targets besides etc/fstab, whether they start or
// not.
func (a Volumes) judgeUnits(ctx context.Context, sys *inventory.System, v *check.Verdict, units []storage.Unit) {
	for _, u := range units {
		ev := check.Evidence{Position: u.Position, Subject: path.Clean(u.Target)}
		if !slices.Contains(a.Targets, strings.Trim(u.Target, "/")) || inMemory(v, u.Type, ev) {
			continue
		}
		ok, err := storage.Planned.Of(ctx, sys, u.Device)
		if err != nil {
			err = fmt.Errorf("%s: %w", u.Path, err)
		}
		judge(v, ev, ok, err)
	}
}

func judgeMount(ctx context.Context, sys *inventory.System, v *check.Verdict, m mounts.Mount) {
	ev := check.Evidence{Position: m.Position, Subject: "/" + strings.TrimPrefix(m.Target, ".")}
	if inMemory(v, m.Type, ev) {
		return
	}
	ok, err := storage.Mounted.Of(ctx, sys, m.Target)
	if err != nil {
		err = fmt.Errorf("%s: %w", ev.Subject, err)
	}
	judge(v, ev, ok, err)
}

const want = "encrypted"

// inMemory reports whether a file system is in memory, and says so.
func inMemory(v *check.Verdict, kind string, ev check.Evidence) bool {
	if kind != "tmpfs" && kind != "ramfs" {
		return false
	}
	ev.Want, ev.Got = want, "in memory"
	v.Good(ev)
	return true
}

// judge judges what is encrypted, or not, or not known to be.
func judge(v *check.Verdict, ev check.Evidence, encrypted bool, err error) {
	ev.Want, ev.Got = want, "encrypted"
	switch {
	case err != nil:
		ev.Got = "not known"
		v.Err(err, ev)
	case encrypted:
		v.Good(ev)
	default:
		ev.Got = "not encrypted"
		v.Bad(ev)
	}
}

// Swap is the kind encryption.swap. It requires that memory which is written to a disk is
// encrypted there: each swap is on a volume that dm-crypt encrypts, in a file on one, or
// compressed in memory. A system without any passes; an image that mounts nothing has nothing to
// judge.
type Swap struct{}

// Check returns the check.
func (Swap) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		y, err := storage.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		none := check.Evidence{Position: inventory.Position{Source: fstab}, Subject: "swap", Want: want + ", or none", Got: "none"}
		if y.Live {
			none.Source = swaps.File
		}
		switch {
		case y.Never && y.Live:
			none.Got = "the kernel cannot swap"
			v.Good(none)
			return nil
		case y.Never:
			mountsNothing(v)
			return nil
		case len(y.Swaps) == 0:
			v.Good(none)
		}
		if !y.Live && !y.Whole {
			v.Err(fmt.Errorf("etc/fstab does not mount /, so it is not all that is set up: %w", inventory.ErrNotLive))
		}
		for _, w := range y.Swaps {
			ok, err := storage.EncryptedSwap.Of(ctx, sys, w)
			judge(v, check.Evidence{Position: w.Position, Subject: w.Name}, ok, err)
		}
		for _, u := range y.Units {
			v.Err(fmt.Errorf("%s may swap as well: %w", u, inventory.ErrNotLive))
		}
		return nil
	}), nil
}
