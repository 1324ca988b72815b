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
// A key may have "*" in the place of the name of a network interface: then all of them have
// to be so, "all" and "default" included; on an image these two.
//
// A key that the running kernel does not have is passed over, since there is nothing it
// could govern; with Required it fails. Evidence shows numbers and wanted values only: some
// keys are secrets, such as net.ipv4.tcp_fastopen_key.
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
		if strings.Count(key, "*") > 1 {
			return nil, fmt.Errorf("%q has more than one *", key)
		}
		if strings.Contains(key, "*") {
			checks = append(checks, interfaces{key, want, a.Required})
			continue
		}
		checks = append(checks, setting{key, want, a.Required})
	}
	return check.All(checks...), nil
}

// interfaces is the check of one key for each network interface.
type interfaces setting

// Examine judges the settings.
func (c interfaces) Examine(ctx context.Context, sys *inventory.System) check.Result {
	before, after, _ := strings.Cut(sysctl.Path(c.key), "*")
	names := []string{"all", "default"}
	if sys.Live() {
		dir := "proc/sys/" + strings.TrimSuffix(before, "/")
		entries, err := sys.ReadDir(ctx, dir)
		switch {
		case inventory.IsAbsent(err, dir) && !c.required:
			return check.Absent("the kernel has no " + strings.TrimSuffix(before, "/"))
		case err != nil:
			return check.FromError(err)
		}
		names = names[:0]
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	var checks []check.Check
	for _, name := range names {
		key := strings.Replace(c.key, "*", name, 1)
		if strings.Contains(name, ".") { // eth0.1 would be taken apart
			key = before + name + after
		}
		checks = append(checks, setting{key, c.want, c.required})
	}
	r := check.All(checks...).Examine(ctx, sys)
	r.Children = nil
	return r
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
	ev := check.Evidence{Source: s.Source, Line: s.Line, Subject: c.key, Want: oneOf(c.want), Got: shown(s.Value, c.want)}
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

// shown answers what of a value may stand in evidence.
func shown(value string, want []string) string {
	if slices.Contains(want, value) || len(value) <= 64 && strings.Trim(value, "-0123456789 ") == "" && !strings.Contains(strings.TrimPrefix(value, "-"), "-") {
		return value
	}
	return "something else"
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
		r := check.Each(all, func(f kernel.Flaw) (check.Evidence, bool) {
			return check.Evidence{Source: f.Source, Subject: f.Name, Want: "not affected, or mitigated", Got: f.State},
				f.Known() && f.Vulnerable() && !slices.Contains(a.Accept, f.Name)
		})
		for _, f := range all {
			if r.Status == check.Pass && !f.Known() && !slices.Contains(a.Accept, f.Name) {
				return check.FromError(fmt.Errorf("%s says nothing that is known: %w", f.Source, inventory.ErrUnavailable))
			}
		}
		return r
	}), nil
}
