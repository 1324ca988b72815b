// Package kernel has ready-made checks of the Linux kernel: its settings and what it says
// of flaws of the processors.
package kernel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernel"
	"github.com/hardening-sdk/hardening/inventory/sysctl"
)

// Settings asks that settings of the kernel have one of the wanted values: running values
// on a live host, and on an image those that systemd-sysctl(8) sets at boot.
//
// A key that the running kernel does not have is passed over, since there is nothing it
// could govern; with Required it fails.
type Settings struct {
	Want     map[string][]string `yaml:"want,required"` // accepted values by key: net.ipv4.ip_forward
	Required bool
}

// Check makes the check.
func (a Settings) Check() (check.Check, error) {
	if len(a.Want) == 0 {
		return nil, errors.New("want must not be empty")
	}
	var checks []check.Check
	for _, key := range slices.Sorted(maps.Keys(a.Want)) {
		want := a.Want[key]
		if !inventory.ValidName(sysctl.Path(key)) || len(want) == 0 {
			return nil, fmt.Errorf("%q needs a key and accepted values", key)
		}
		checks = append(checks, setting{key, want, a.Required})
	}
	return check.All(checks...), nil
}

// setting is the check of one key.
type setting struct {
	key      string
	want     []string
	required bool
}

// Examine judges the setting.
func (c setting) Examine(ctx context.Context, sys *inventory.System) check.Result {
	s, err := sysctl.Fact.Of(ctx, sys, c.key)
	ev := check.Evidence{Source: s.Source, Line: s.Line, Subject: c.key, Want: oneOf(c.want), Got: s.Value}
	switch {
	case errors.Is(err, inventory.ErrAbsent) && c.required:
		ev.Source, ev.Got = "proc/sys/"+sysctl.Path(c.key), "the kernel has no such setting"
		return check.Failed("", ev)
	case err != nil:
		return check.FromError(err)
	case slices.Contains(c.want, s.Value):
		return check.Passed("", ev)
	}
	return check.Failed("", ev)
}

func oneOf(want []string) string { return strings.Join(want, " or ") }

// Flaws asks that the running kernel names no flaw of the processors as one that can be
// used. A text that is in none of the forms of the kernel's documentation is no pass.
type Flaws struct {
	Accept []string // names of flaws whose risk is accepted
}

// Check makes the check.
func (a Flaws) Check() (check.Check, error) {
	return check.Of(kernel.Flaws, func(all []kernel.Flaw) check.Result {
		for _, f := range all {
			if !f.Known() && !slices.Contains(a.Accept, f.Name) {
				return check.FromError(fmt.Errorf("%s says nothing that is known: %w", f.Source, inventory.ErrUnavailable))
			}
		}
		return check.Each(all, func(f kernel.Flaw) (check.Evidence, bool) {
			return check.Evidence{Source: f.Source, Subject: f.Name, Want: "not affected, or mitigated", Got: f.State},
				f.Vulnerable() && !slices.Contains(a.Accept, f.Name)
		})
	}), nil
}
