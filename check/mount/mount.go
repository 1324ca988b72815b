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
			return a.examine(ctx, sys, v, target)
		}))
	}
	return check.All(checks...), nil
}

// examine judges what is mounted at a target.
func (a Options) examine(ctx context.Context, sys *inventory.System, v *check.Verdict, target string) error {
	m, err := mounts.Mounted.Of(ctx, sys, target)
	switch {
	case err != nil:
		return err
	case m.Target == "":
		v.Bad(check.Evidence{Position: m.Position, Subject: "/" + target, Want: strings.Join(a.Want, ","), Got: "no file system of its own"})
	default:
		a.judge(v, m)
	}
	return nil
}

// judge judges a mount. The evidence contains only wanted options, because other options can be secrets,
// such as passwords of network file systems.
func (a Options) judge(v *check.Verdict, m mounts.Mount) {
	ev := check.Evidence{Position: m.Position, Subject: "/" + m.Target, Want: strings.Join(a.Want, ",")}
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
}
