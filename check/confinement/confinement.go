// Package mac has ready-made checks of mandatory access control: SELinux and AppArmor. On
// a running system the kernel's own state counts, on an image what is set up to start,
// together with the command lines that the boot loader hands to kernels.
package confinement

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements/apparmor"
	"github.com/hardening-sdk/hardening/inventory/confinements/selinux"
	"github.com/hardening-sdk/hardening/inventory/kernels/bootloader"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// On asks that SELinux enforces a policy, or that AppArmor is on with profiles.
type On struct{}

// Check makes the check.
func (On) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		var bad []check.Evidence
		var errs []error
		for _, judge := range []func(context.Context, *inventory.System) (check.Evidence, bool, error){selinuxOn, apparmorOn} {
			ev, on, err := judge(ctx, sys)
			switch {
			case err != nil:
				errs = append(errs, err)
			case on:
				r := check.Passed("", ev)
				if len(errs) > 0 {
					return check.FromError(errors.Join(errs...))
				}
				return r
			default:
				bad = append(bad, ev)
			}
		}
		if err := errors.Join(errs...); err != nil {
			return check.FromError(err)
		}
		return check.Failed("", bad...)
	}), nil
}

// selinuxOn reports whether SELinux enforces.
func selinuxOn(ctx context.Context, s *inventory.System) (check.Evidence, bool, error) {
	ev := check.Evidence{Subject: "SELinux", Want: "enforcing", Got: "not there"}
	if s.Live() {
		now, err := selinux.Running.Of(ctx, s)
		if errors.Is(err, inventory.ErrAbsent) {
			ev.Got = "the kernel runs without it"
			return ev, false, nil
		}
		ev.Source, ev.Got = now.Source, map[bool]string{true: "enforcing", false: "permissive"}[now.Enforcing]
		return ev, now.Enforcing, err
	}
	c, err := selinux.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return ev, false, nil
	}
	if err != nil {
		return ev, false, err
	}
	ev.Source, ev.Line, ev.Got = c.Mode.Source, c.Mode.Line, c.Mode.Value
	switch {
	case c.Mode.Value == "":
		ev.Got = "no mode that is known"
	case c.Mode.Value == "enforcing" && c.Policy == "":
		ev.Got = "no policy to load"
	case c.Mode.Value == "enforcing":
		off, _, err := commandLine(ctx, s, "selinux", "enforcing")
		if err != nil || off.Source != "" {
			ev.Source, ev.Line, ev.Got = off.Source, off.Line, "switched off by the command line of a kernel"
			return ev, false, err
		}
		return ev, true, nil
	}
	return ev, false, nil
}

// builtin are the distributions whose kernels start with AppArmor unless they are told
// otherwise. Elsewhere the command line has to name it.
var builtin = []string{"linux/debian", "linux/ubuntu", "linux/suse", "linux/opensuse"}

// parsers are what loads profiles.
var parsers = []string{"usr/sbin/apparmor_parser", "sbin/apparmor_parser", "usr/bin/apparmor_parser"}

// apparmorOn reports whether AppArmor is on and has profiles.
func apparmorOn(ctx context.Context, s *inventory.System) (check.Evidence, bool, error) {
	ev := check.Evidence{Subject: "AppArmor", Want: "on, with profiles", Got: "not there"}
	if s.Live() {
		loaded, err := apparmor.Running.Of(ctx, s)
		if errors.Is(err, inventory.ErrAbsent) {
			ev.Got = "the kernel runs without it"
			return ev, false, nil
		}
		if err != nil {
			return ev, false, err
		}
		ev.Got = fmt.Sprintf("on, with %d profiles", len(loaded))
		return ev, slices.ContainsFunc(loaded, confines), nil
	}
	c, err := apparmor.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return ev, false, nil
	}
	if err != nil {
		return ev, false, err
	}
	ev.Source = "etc/apparmor.d"
	switch there, err := exists(ctx, s, parsers); {
	case err != nil:
		return ev, false, err
	case !there:
		ev.Got = "nothing that loads profiles is installed"
		return ev, false, nil
	case !slices.ContainsFunc(c.Profiles, confines):
		ev.Got = "no profiles"
		return ev, false, nil
	}
	services, err := services.Fact.Of(ctx, s)
	if err != nil {
		return ev, false, err
	}
	v, ok := services.Service("apparmor.service")
	if !ok || !v.AtBoot {
		ev.Source, ev.Got = v.Source, "its service does not start"
		return ev, false, nil
	}
	off, named, err := commandLine(ctx, s, "apparmor", "apparmor")
	if err != nil || off.Source != "" {
		ev.Source, ev.Line, ev.Got = off.Source, off.Line, "switched off by the command line of a kernel"
		return ev, false, err
	}
	if known, err := starts(ctx, s); !named && (err != nil || !known) {
		return ev, false, errors.Join(err, fmt.Errorf("whether the kernel starts AppArmor: %w", inventory.ErrNotLive))
	}
	ev.Got = fmt.Sprintf("on, with %d profiles", len(c.Profiles))
	return ev, true, nil
}

func confines(p apparmor.Profile) bool { return !slices.Contains(p.Modes, "unconfined") }

func starts(ctx context.Context, s *inventory.System) (bool, error) {
	p, err := s.Platform(ctx)
	return slices.ContainsFunc(builtin, func(pattern string) bool { match, _ := p.Match(pattern); return match }), err
}

func exists(ctx context.Context, s *inventory.System, names []string) (bool, error) {
	for _, name := range names {
		if _, err := s.Stat(ctx, name); err == nil {
			return true, nil
		} else if !inventory.IsAbsent(err, name) {
			return false, err
		}
	}
	return false, nil
}

// commandLine answers the entry of the boot loader whose command line switches a module
// off, kernel-parameters.txt, and whether each that starts the system names it. A system
// without a kernel has no command line.
func commandLine(ctx context.Context, s *inventory.System, module string, zero string) (off bootloader.Entry, named bool, err error) {
	loaders, err := bootloader.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return off, false, nil
	}
	if err != nil {
		return off, false, err
	}
	named = true
	for _, l := range loaders {
		for _, e := range l.Entries {
			if e.Recovery {
				continue
			}
			here := false
			for _, p := range slices.Concat(e.Parameters, e.Possible) {
				switch {
				case (p.Name == module || p.Name == zero) && p.Value == "0",
					p.Name == "security" && p.Value != module,
					p.Name == "lsm" && !slices.Contains(strings.Split(p.Value, ","), module):
					return e, false, nil
				case p.Name == module && p.Value == "1", p.Name == "security", p.Name == "lsm":
					here = true
				}
			}
			named = named && here
		}
	}
	return off, named, nil
}
