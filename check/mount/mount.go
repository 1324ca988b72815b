// Package mount provides ready-made checks of mounted file systems. [Kinds] lists the names of the
// checks in baselines.
package mount

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/mounts"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Options is the kind mount.options. It requires that a separate file system is mounted at each
// target, with all wanted options. On a running host, a target without a separate file system
// fails. On an image, the check can only judge targets in etc/fstab and is Unknown for others,
// because systemd may mount them at boot.
type Options struct {
	Targets []string `yaml:"targets,required" doc:"mount points, without the first slash: tmp, var/tmp"`
	Want    []string `yaml:"want,required" doc:"options that each has to have: nodev, nosuid, noexec"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Options) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Targets) == 0 || len(a.Want) == 0 {
		return nil, errors.New("targets and want must not be empty")
	}
	var checks []check.Check
	for _, target := range a.Targets {
		if !filetree.ValidName(target) {
			return nil, fmt.Errorf("%q is no name in a tree; leave out the first slash", target)
		}
		checks = append(checks, check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
			t, err := mounts.Fact.Of(ctx, sys)
			if err == nil && !t.Complete {
				err = checkCertain(ctx, sys, t, target)
			}
			if err == nil {
				err = a.judge(v, t, target)
			}
			return err
		}))
	}
	return check.All(checks...), nil
}

// checkCertain returns an error if etc/fstab does not determine what an image mounts at target.
// This is so if several lines name the target, because systemd uses the first and mount -a the
// last, or if a mount unit in etc overrides the lines.
func checkCertain(ctx context.Context, sys *inventory.System, t mounts.Table, target string) error {
	lines := 0
	for _, m := range t.Mounts {
		if m.Target == target {
			lines++
		}
	}
	if lines > 1 {
		return fmt.Errorf("etc/fstab mounts /%s %d times: %w", target, lines, inventory.ErrUnavailable)
	}
	units, err := systemd.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(strings.ReplaceAll(target, "-", `\x2d`), "/", "-") + ".mount"
	if u, ok := units.Unit(name); ok && strings.HasPrefix(u.Path, "etc/") {
		return fmt.Errorf("%s comes before etc/fstab: %w", u.Path, inventory.ErrUnavailable)
	}
	return nil
}

// judge judges what is mounted at a target. The evidence contains only wanted options, because
// other options can be secrets, such as passwords of network file systems.
func (a Options) judge(v *check.Verdict, t mounts.Table, target string) error {
	ev := check.Evidence{Subject: "/" + target, Want: strings.Join(a.Want, ",")}
	m, ok := t.At(target)
	switch {
	case !ok && !t.Complete:
		return fmt.Errorf("etc/fstab does not mount /%s: %w", target, inventory.ErrNotLive)
	case !ok:
		if len(t.Mounts) > 0 {
			ev.Source = t.Mounts[0].Source
		}
		ev.Got = "no file system of its own"
		v.Bad(ev)
		return nil
	}
	ev.Position = m.Position
	var missing []string
	for _, o := range a.Want {
		if !m.Has(o) {
			missing = append(missing, o)
		}
	}
	if ev.Got = ev.Want; len(missing) > 0 {
		ev.Got = "without " + strings.Join(missing, ",")
	}
	v.Judge(len(missing) == 0, ev)
	return nil
}
