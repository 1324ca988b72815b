package confinement

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements"
	"github.com/hardening-sdk/hardening/inventory/confinements/apparmor"
	"github.com/hardening-sdk/hardening/inventory/confinements/selinux"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Enforced asks that nothing of SELinux or AppArmor only reports: that SELinux is neither
// permissive now nor after the next start, nor is a single type of it; that no profile of
// AppArmor complains, or is disabled, whose program is there. A profile that is unconfined
// by design names a program and promises nothing. Where neither is set up there is nothing
// to judge.
type Enforced struct {
	Allow []string // patterns of path.Match for names of profiles that may complain or be disabled
}

// Check makes the check.
func (a Enforced) Check() (check.Check, error) {
	for _, p := range a.Allow {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return nil, fmt.Errorf("%q is no pattern of profiles", p)
		}
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		var f found
		f.selinux(ctx, sys)
		a.apparmor(ctx, sys, &f)
		err := errors.Join(f.errs...)
		switch {
		case len(f.bad) > 0:
			return check.Failed("", f.bad...)
		case err != nil:
			return check.FromError(err)
		case !f.there:
			return check.Absent("neither SELinux nor AppArmor is set up")
		}
		return check.Passed("", f.good...)
	}), nil
}

type found struct {
	there     bool
	good, bad []check.Evidence
	errs      []error
}

func (f *found) judge(ev check.Evidence, bad bool) {
	f.there = true
	if bad {
		f.bad = append(f.bad, ev)
	} else {
		f.good = append(f.good, ev)
	}
}

// failed keeps an error other than that the subject is not there.
func (f *found) failed(err error) bool {
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		f.errs = append(f.errs, err)
	}
	return err != nil
}

func (f *found) selinux(ctx context.Context, s *inventory.System) {
	if now, err := confinements.SELinuxNow.Of(ctx, s); !f.failed(err) {
		got := map[bool]string{true: "enforcing", false: "permissive"}[now.Enforcing]
		f.judge(check.Evidence{Position: inventory.Position{Source: now.Source}, Subject: "SELinux", Want: "enforcing", Got: got}, !now.Enforcing)
	}
	c, err := selinux.Fact.Of(ctx, s)
	if f.failed(err) || c.Mode.Value == "disabled" || c.Policy == "" {
		return // that it is off is for another rule
	}
	got := c.Mode.Value
	if got == "" {
		got = "no mode that is known"
	}
	f.judge(check.Evidence{Position: c.Mode.Position, Subject: c.Mode.Name, Want: "enforcing", Got: got}, c.Mode.Value != "enforcing")
	for _, name := range c.Permissive {
		f.judge(check.Evidence{Position: inventory.Position{Source: name}, Subject: path.Base(name), Want: "no permissive type", Got: "there"}, true)
	}
}

func (a Enforced) apparmor(ctx context.Context, s *inventory.System, f *found) {
	all, err := confinements.AppArmorProfiles.Of(ctx, s)
	if f.failed(err) {
		return
	}
	for _, p := range slices.Concat(all.Loaded, all.Files) {
		a.profile(ctx, s, f, p, p.Complains(), "in complain mode")
	}
	for _, p := range all.Disabled {
		a.profile(ctx, s, f, p, true, "disabled")
	}
}

func (a Enforced) profile(ctx context.Context, s *inventory.System, f *found, p apparmor.Profile, bad bool, got string) {
	if slices.ContainsFunc(a.Allow, func(pattern string) bool { ok, _ := path.Match(pattern, p.Name); return ok }) {
		bad = false
	}
	if !bad {
		f.there = true
		return
	}
	if names, ok := p.Paths(); ok {
		program, err := files.FindFirst(ctx, s, names...)
		if err != nil {
			f.errs = append(f.errs, err)
			return
		}
		if program == "" {
			f.there = true
			return // a profile for a program that is not installed
		}
	}
	f.judge(check.Evidence{Position: p.Position, Subject: p.Name, Want: "enforced", Got: got}, true)
}
