// Package kernel has ready-made checks of the Linux kernel: its settings and what it says
// of flaws of the processors. [Kinds] names them.
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
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

// Settings is the kind kernel.settings. It requires that settings of the kernel have one of the
// wanted values: running values on a live host, and on an image those that systemd-sysctl(8) sets
// at boot.
//
// A key may have "*" in the place of the name of a network interface: then all of them have to be
// so, "all" and "default" included; on an image these two, and those that its files name. With
// Greatest the greater of the values of "all" and of the interface counts, as the kernel has it for
// rp_filter and log_martians, and with Least the lesser one, as for accept_source_route of IPv4
// (Documentation/networking/ip-sysctl.rst). Keys of IPv6 govern nothing where disable_ipv6 is on for
// all interfaces.
//
// A key that the running kernel does not have is passed over, since there is nothing it could
// govern; with Required it fails. Evidence shows numbers and wanted values only: some keys are
// secrets, such as net.ipv4.tcp_fastopen_key.
type Settings struct {
	Want     map[string][]string `yaml:"want,required" doc:"accepted values by key, such as net.ipv4.ip_forward; * stands for all network interfaces"`
	Required bool                `doc:"whether a key that the running kernel does not have fails"`
	Greatest bool                `doc:"whether the greater of the values of all and of the interface counts"`
	Least    bool                `doc:"whether the lesser of the values of all and of the interface counts"`
}

// Check returns the check.
func (a Settings) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Want) == 0 || a.Greatest && a.Least {
		return nil, errors.New("want must not be empty, and the greatest value is not the least")
	}
	for key, want := range a.Want {
		if !filetree.ValidName(sysctl.Path(key)) || len(want) == 0 {
			return nil, fmt.Errorf("%q needs a key and accepted values", key)
		}
		if n := strings.Count(key, "*"); n > 1 || (a.Greatest || a.Least) && path.Base(path.Dir(sysctl.Path(key))) != "*" {
			return nil, fmt.Errorf("%q has not one * in the place of the interface", key)
		}
	}
	return check.Func(a.examine), nil
}

func (a Settings) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	var unset []string // keys that nothing sets on an image
	off, err := ipv6Off(ctx, sys, a.Want)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(a.Want)) {
		if off != nil && ipv6(key) && !strings.HasSuffix(key, "disable_ipv6") {
			v.Absent(check.Evidence{Position: off.Position, Subject: key, Want: oneOf(a.Want[key]), Got: "IPv6 is off for all interfaces"})
			continue
		}
		keys := []string{key}
		if strings.Contains(key, "*") {
			var err error
			keys, err = sysctl.Interfaces.Of(ctx, sys, key)
			if a.Greatest || a.Least { // "all" is part of the value of each
				keys = slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == strings.Replace(key, "*", "all", 1) })
			}
			a.failed(v, key, a.Want[key], err)
		}
		for _, k := range keys {
			if err := a.setting(ctx, sys, v, k, a.Want[key]); errors.Is(err, inventory.ErrNotLive) {
				unset = append(unset, k)
			} else {
				a.failed(v, k, a.Want[key], err)
			}
		}
	}
	if v.Result().Status == check.NotApplicable {
		v.Say(noSetting)
	}
	if len(unset) > 0 {
		return fmt.Errorf("no file sets %s, and the kernel's own values are not known: %w", strings.Join(unset, ", "), inventory.ErrNotLive)
	}
	return nil
}

const noSetting = "the kernel has no such setting"

// failed tells of an error of a key. One that the kernel does not have fails where it is required.
func (a Settings) failed(v *check.Verdict, key string, want []string, err error) {
	name, _, _ := strings.Cut("proc/sys/"+sysctl.Path(key), "/*") // the folder of the interfaces
	ev := check.Evidence{Position: inventory.Position{Source: name}, Subject: key, Want: oneOf(want), Got: noSetting}
	switch {
	case !errors.Is(err, inventory.ErrAbsent):
		v.Err(err)
	case a.Required:
		v.Bad(ev)
	default:
		v.Absent(ev)
	}
}

// setting judges one key.
func (a Settings) setting(ctx context.Context, sys *inventory.System, v *check.Verdict, key string, want []string) error {
	s, err := sysctl.Fact.Of(ctx, sys, key)
	if a.Greatest || a.Least {
		s, err = a.combined(ctx, sys, key, want, s, err)
	}
	if err != nil {
		return err
	}
	v.Judge(slices.Contains(want, s.Value), check.Evidence{Position: s.Position, Subject: key, Want: oneOf(want), Got: shown(s.Value, want)})
	return nil
}

// combined returns the setting of "all" where it decides beside that of an interface: for
// "default", which stands for interfaces to come, as well. err is that of the interface.
func (a Settings) combined(ctx context.Context, sys *inventory.System, key string, want []string, s inventory.Setting, err error) (inventory.Setting, error) {
	elements := strings.Split(sysctl.Path(key), "/")
	elements[len(elements)-2] = "all"
	all, errAll := sysctl.Fact.Of(ctx, sys, strings.Join(elements, "/"))
	unset := errors.Is(errAll, inventory.ErrNotLive) || errors.Is(errAll, inventory.ErrAbsent)
	switch {
	case errAll != nil && !unset:
		return s, errAll
	case a.Least && !unset && slices.Contains(want, all.Value) && errors.Is(err, inventory.ErrNotLive):
		return all, nil // whatever the interface has, it is no more
	case err != nil || unset: // whatever "all" has, it lowers nothing
		return s, err
	}
	m, errM := strconv.Atoi(all.Value)
	n, errN := strconv.Atoi(s.Value)
	if errM == nil && errN == nil && (a.Greatest && m > n || a.Least && m < n) {
		return all, nil
	}
	return s, nil
}

func ipv6(key string) bool { return strings.HasPrefix(sysctl.Path(key), "net/ipv6/conf/") }

// ipv6Off returns the setting by which IPv6 is off for all interfaces, or nil where it is not, or
// where no key is of IPv6.
func ipv6Off(ctx context.Context, sys *inventory.System, want map[string][]string) (*inventory.Setting, error) {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(want)), ipv6) {
		return nil, nil
	}
	off, err := sysctl.IPv6Off.Of(ctx, sys)
	if err != nil || off.Value == "" {
		return nil, err
	}
	return &off, nil
}

// shown returns what of a value may stand in evidence.
func shown(value string, want []string) string {
	if slices.Contains(want, value) || len(value) <= 64 && strings.Trim(value, "-0123456789 ") == "" && !strings.Contains(strings.TrimPrefix(value, "-"), "-") {
		return value
	}
	return "something else"
}

func oneOf(want []string) string { return strings.Join(want, " or ") }

// Flaws is the kind kernel.flaws. It requires that the running kernel names no flaw of the
// processors as one that can be used. A text that is in none of the forms of the kernel's
// documentation is no pass.
type Flaws struct {
	Accept []string `doc:"names of flaws whose risk is accepted"`
}

// Check returns the check.
func (a Flaws) Check() (check.Check, error) {
	return check.Of(kernel.Flaws, func(v *check.Verdict, all []kernel.Flaw) {
		for _, f := range all {
			ev := check.Evidence{Position: inventory.Position{Source: f.Source}, Subject: f.Name, Want: "not affected, or mitigated", Got: f.State}
			switch {
			case slices.Contains(a.Accept, f.Name):
				ev.Got += ", which is accepted"
				v.Good(ev)
			case !f.Known():
				v.Err(fmt.Errorf("%s says nothing that is known: %w", f.Source, inventory.ErrUnavailable), ev)
			default:
				v.Judge(!f.Vulnerable(), ev)
			}
		}
	}), nil
}
