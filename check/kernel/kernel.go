// Package kernel has ready-made checks of the Linux kernel: its settings and what it says
// of flaws of the processors.
package kernel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

// Settings asks that settings of the kernel have one of the wanted values: running values
// on a live host, and on an image those that systemd-sysctl(8) sets at boot.
//
// A key may have "*" in the place of the name of a network interface: then all of them have
// to be so, "all" and "default" included; on an image these two. With Greatest the greater
// of the values of "all" and of the interface counts, as the kernel has it for rp_filter and
// log_martians (Documentation/networking/ip-sysctl.rst).
//
// A key that the running kernel does not have is passed over, since there is nothing it
// could govern; with Required it fails. Evidence shows numbers and wanted values only: some
// keys are secrets, such as net.ipv4.tcp_fastopen_key.
type Settings struct {
	Want     map[string][]string `yaml:"want,required"` // accepted values by key: net.ipv4.ip_forward
	Required bool
	Greatest bool
}

// Check makes the check.
func (a Settings) Check() (check.Check, error) {
	if len(a.Want) == 0 {
		return nil, errors.New("want must not be empty")
	}
	for key, want := range a.Want {
		if !filetree.ValidName(sysctl.Path(key)) || len(want) == 0 {
			return nil, fmt.Errorf("%q needs a key and accepted values", key)
		}
		if n := strings.Count(key, "*"); n > 1 || a.Greatest && path.Base(path.Dir(sysctl.Path(key))) != "*" {
			return nil, fmt.Errorf("%q has not one * in the place of the interface", key)
		}
	}
	return check.OldFunc(a.examine), nil
}

// found is what the settings were found to be.
type found struct {
	good, bad []check.Evidence
	notLive   []string // keys that nothing sets on an image
	errs      []error
}

func (a Settings) examine(ctx context.Context, sys *inventory.System) check.Result {
	var f found
	for _, key := range slices.Sorted(maps.Keys(a.Want)) {
		if !strings.Contains(key, "*") {
			a.setting(ctx, sys, key, a.Want[key], &f)
			continue
		}
		keys, err := sysctl.Interfaces.Of(ctx, sys, key)
		if a.Greatest { // "all" is part of the value of each
			keys = slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == strings.Replace(key, "*", "all", 1) })
		}
		if err != nil && (a.Required || !errors.Is(err, inventory.ErrAbsent)) {
			f.errs = append(f.errs, err)
		}
		for _, k := range keys {
			a.setting(ctx, sys, k, a.Want[key], &f)
		}
	}
	return f.result()
}

func (f found) result() check.Result {
	if len(f.notLive) > 0 {
		f.errs = append(f.errs, fmt.Errorf("no file sets %s, and the kernel's own values are not known: %w", strings.Join(f.notLive, ", "), inventory.ErrNotLive))
	}
	switch err := errors.Join(f.errs...); {
	case len(f.bad) > 0:
		return check.Failed("", f.bad...)
	case err != nil:
		return check.FromError(err)
	case len(f.good) > 0:
		return check.Passed("", f.good...)
	}
	return check.Absent("the kernel has no such setting")
}

// setting judges one key.
func (a Settings) setting(ctx context.Context, sys *inventory.System, key string, want []string, f *found) {
	s, err := sysctl.Fact.Of(ctx, sys, key)
	if a.Greatest && err == nil {
		s, err = greater(ctx, sys, key, s)
	}
	ev := check.Evidence{Position: s.Position, Subject: key, Want: oneOf(want), Got: shown(s.Value, want)}
	switch {
	case errors.Is(err, inventory.ErrAbsent):
		if a.Required {
			ev.Source, ev.Got = "proc/sys/"+sysctl.Path(key), "the kernel has no such setting"
			f.bad = append(f.bad, ev)
		}
	case errors.Is(err, inventory.ErrNotLive):
		f.notLive = append(f.notLive, key)
	case err != nil:
		f.errs = append(f.errs, err)
	case slices.Contains(want, s.Value):
		f.good = append(f.good, ev)
	default:
		f.bad = append(f.bad, ev)
	}
}

// greater returns the setting of "all" where its value is the greater one: for "default",
// which stands for interfaces to come, as well.
func greater(ctx context.Context, sys *inventory.System, key string, s inventory.Setting) (inventory.Setting, error) {
	elements := strings.Split(sysctl.Path(key), "/")
	elements[len(elements)-2] = "all"
	all, err := sysctl.Fact.Of(ctx, sys, strings.Join(elements, "/"))
	if errors.Is(err, inventory.ErrNotLive) || errors.Is(err, inventory.ErrAbsent) {
		return s, nil // whatever it is, it lowers nothing
	}
	if err != nil {
		return s, err
	}
	a, errA := strconv.Atoi(all.Value)
	b, errB := strconv.Atoi(s.Value)
	if errA == nil && errB == nil && a > b {
		return all, nil
	}
	return s, nil
}

// shown returns what of a value may stand in evidence.
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
	return check.OldOf(kernel.Flaws, func(all []kernel.Flaw) check.Result {
		r := check.Each(all, func(f kernel.Flaw) (check.Evidence, bool) {
			return check.Evidence{Position: inventory.Position{Source: f.Source}, Subject: f.Name, Want: "not affected, or mitigated", Got: f.State},
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
