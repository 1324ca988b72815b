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

// Mounted is what a system mounts at a target, a name without its first slash. On a running system it
// is the last mount there. On an image it is what systemd mounts when it boots, in this order: a mount
// unit in etc or run, the entry of etc/fstab, of which systemd-fstab-generator(8) makes a unit, a mount
// unit of the distribution that starts at boot, and what systemd mounts by itself at /dev/shm. Drop-ins
// of the unit count for each of them (systemd.mount(5)).
//
// The Target is empty if nothing is mounted there, as on an image with a masked unit; the Source says
// what tells that. The error is [inventory.ErrNotLive] if nothing says what an image mounts there, and
// [inventory.ErrUnavailable] if etc/fstab names the target several times, as systemd uses the first
// entry and mount(8) the last.
var Mounted = inventory.NewKeyed("mounted", findMounted)

func findMounted(ctx context.Context, s *inventory.System, target string) (Mount, error) {
	if s.Live() {
		t, err := Fact.Of(ctx, s)
		if err != nil {
			return Mount{}, err
		}
		if m, ok := t.At(target); ok {
			return m, nil
		}
		return Mount{Position: inventory.Position{Source: file}}, nil
	}
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
		return Mount{Position: inventory.Position{Source: u.Path}}, nil
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
