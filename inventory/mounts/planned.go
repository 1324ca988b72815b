package mounts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Planned is what an image mounts at a target when it boots, a name without its first slash. With
// systemd these are, in this order: a mount unit in etc or run, the entry of etc/fstab, of which
// systemd-fstab-generator(8) makes a unit, a mount unit of the distribution that starts at boot, and
// what systemd mounts by itself at /dev/shm. Drop-ins of the unit count for each of them
// (systemd.mount(5)). The error is [inventory.ErrAbsent] if a masked unit keeps the target from being
// mounted, [inventory.ErrNotLive] if nothing says what is mounted there, and
// [inventory.ErrUnavailable] if etc/fstab names the target several times, as systemd uses the first
// entry and mount(8) the last.
var Planned = inventory.NewKeyed("mount at boot", findPlanned)

func findPlanned(ctx context.Context, s *inventory.System, target string) (Mount, error) {
	entries, err := fstab.Fact.Of(ctx, s)
	if err != nil {
		return Mount{}, err
	}
	var lines []Mount
	for _, m := range selectPlanned(entries) {
		if m.Target == target {
			lines = append(lines, m)
		}
	}
	if len(lines) > 1 {
		return Mount{}, fmt.Errorf("etc/fstab mounts /%s %d times: %w", target, len(lines), inventory.ErrUnavailable)
	}
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		if len(lines) == 0 {
			return Mount{}, notMounted(target)
		}
		return lines[0], nil
	}
	if err != nil {
		return Mount{}, err
	}
	return byUnits(units, target, lines)
}

func notMounted(target string) error {
	return fmt.Errorf("nothing says what is mounted at /%s: %w", target, inventory.ErrNotLive)
}

// byUnits returns what systemd mounts at a target. There is one line of etc/fstab at most.
func byUnits(units *systemd.Units, target string, lines []Mount) (Mount, error) {
	name := systemd.MountUnit(target)
	u, ok := units.Unit(name)
	first := ok && (strings.HasPrefix(u.Path, "etc/") || strings.HasPrefix(u.Path, "run/"))
	switch {
	case first && u.Load == systemd.LoadMasked:
		return Mount{}, fmt.Errorf("%s is masked: %w", u.Path, inventory.ErrAbsent)
	case target == shm && len(lines) == 0:
		// It is there before units are, and nothing mounts it anew.
		return Mount{Target: shm, Device: "tmpfs", Type: "tmpfs", Options: []string{"nosuid", "nodev"},
			Position: inventory.Position{Source: "usr/lib/systemd/systemd"}}, nil
	case len(lines) == 1 && !first:
		m := lines[0]
		if v, ok := units.Generated(name).Lookup("Mount", "Options"); ok {
			m.Options, m.Position = strings.Split(v.Text, ","), v.Position
		}
		return m, nil
	case !ok || u.Load != systemd.Loaded:
		return Mount{}, notMounted(target)
	}
	runs, err := units.Runs(name)
	if err != nil {
		return Mount{}, err
	}
	if !runs {
		return Mount{}, notMounted(target)
	}
	options, _ := u.Lookup("Mount", "Options")
	what, _ := u.Lookup("Mount", "What")
	kind, _ := u.Lookup("Mount", "Type")
	m := Mount{Target: target, Device: what.Text, Type: kind.Text, Options: strings.Split(options.Text, ","), Position: options.Position}
	if m.Source == "" {
		m.Position = inventory.Position{Source: u.Path}
	}
	return m, nil
}

const shm = "dev/shm"
