package confinement

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/glob"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements"
	"github.com/hardening-sdk/hardening/inventory/confinements/apparmor"
	"github.com/hardening-sdk/hardening/inventory/confinements/selinux"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Enforced is the kind confinement.enforced. It requires that SELinux and AppArmor do not merely
// report violations:
//
//   - SELinux is not permissive, neither now nor after the next boot, and has no permissive types.
//   - No AppArmor profile of an installed program is disabled or in complain mode. Profiles that are
//     unconfined by design are accepted. A running kernel has loaded those of installed programs.
//
// If neither is set up, the check is NotApplicable.
type Enforced struct {
	Allow []string `doc:"patterns of path.Match for names of profiles that may complain or be disabled"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Enforced) Check() (check.Check, error) {
	for _, p := range a.Allow {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return nil, fmt.Errorf("%q is no pattern of profiles", p)
		}
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		judgeSELinux(ctx, sys, v)
		a.judgeAppArmor(ctx, sys, v)
		if v.Result().Subjects == 0 {
			v.Say("neither SELinux nor AppArmor is set up")
		}
		return nil
	}), nil
}

// recordError records err, if it is not nil, and reports whether it did. If err means that the
// subject is absent, it records about as absent.
func recordError(v *check.Verdict, err error, about check.Evidence) bool {
	if errors.Is(err, inventory.ErrAbsent) {
		v.Absent(about)
	} else {
		v.Err(err)
	}
	return err != nil
}

func judgeSELinux(ctx context.Context, s *inventory.System, v *check.Verdict) {
	const want = "enforcing"
	config := check.Evidence{Position: inventory.Position{Source: "etc/selinux/config"}, Subject: "SELinux"}
	if now, err := confinements.SELinuxNow.Of(ctx, s); !recordError(v, err, check.Evidence{Subject: "SELinux of a running kernel"}) {
		got := map[bool]string{true: want, false: "permissive"}[now.Enforcing]
		v.Judge(now.Enforcing, check.Evidence{Position: inventory.Position{Source: now.Source}, Subject: "SELinux", Want: want, Got: got})
	}
	c, err := selinux.Fact.Of(ctx, s)
	if recordError(v, err, config) {
		return
	}
	if c.Mode.Value == "disabled" || c.Policy == "" { // the kind confinement.on judges this
		config.Got = "off"
		v.Absent(config)
		return
	}
	got := c.Mode.Value
	if got == "" {
		got = "no mode that is known"
	}
	v.Judge(c.Mode.Value == want, check.Evidence{Position: c.Mode.Position, Subject: c.Mode.Name, Want: want, Got: got})
	for _, name := range c.Permissive {
		v.Bad(check.Evidence{Position: inventory.Position{Source: name}, Subject: path.Base(name), Want: "no permissive type", Got: "there"})
	}
}

func (a Enforced) judgeAppArmor(ctx context.Context, s *inventory.System, v *check.Verdict) {
	all, err := confinements.AppArmorProfiles.Of(ctx, s)
	if recordError(v, err, check.Evidence{Position: inventory.Position{Source: "etc/apparmor.d"}, Subject: "AppArmor", Got: "not there, or off"}) {
		return
	}
	if all.Running && len(all.Loaded) == 0 && len(all.Files) > 0 {
		v.Bad(check.Evidence{Position: inventory.Position{Source: "sys/kernel/security/apparmor/profiles"}, Subject: "AppArmor",
			Want: "profiles of files are loaded", Got: "none is"})
		return
	}
	for _, p := range slices.Concat(all.Loaded, all.Files) {
		switch {
		case p.Complains():
			a.judgeLoose(ctx, s, v, p, "in complain mode")
		case slices.Contains(p.Modes, "unconfined"):
			v.Good(about(p, "unconfined by design"))
		case all.Running && !isLoaded(all.Loaded, p):
			a.judgeLoose(ctx, s, v, p, "not loaded")
		default:
			v.Good(about(p, "enforced"))
		}
	}
	for _, p := range all.Disabled {
		a.judgeLoose(ctx, s, v, p, "disabled")
	}
}

// isLoaded reports whether the kernel has a profile. One without a program of its own may be of no use
// to the system, and a name with variables has them replaced in the kernel: both count as loaded.
func isLoaded(all []apparmor.Profile, p apparmor.Profile) bool {
	if _, ok := p.Paths(); !ok || strings.Contains(p.Name, "@{") {
		return true
	}
	return slices.ContainsFunc(all, func(l apparmor.Profile) bool { return l.Name == p.Name })
}

// about returns evidence about a profile.
func about(p apparmor.Profile, got string) check.Evidence {
	return check.Evidence{Position: p.Position, Subject: p.Name, Want: "enforced", Got: got}
}

// judgeLoose judges a profile that is not enforced. It is accepted if Allow matches it or its
// program is not installed.
func (a Enforced) judgeLoose(ctx context.Context, s *inventory.System, v *check.Verdict, p apparmor.Profile, got string) {
	if slices.ContainsFunc(a.Allow, func(pattern string) bool { return glob.Match(pattern, p.Name) }) {
		v.Good(about(p, got+", which is allowed"))
		return
	}
	if names, ok := p.Paths(); ok {
		program, err := files.FindFirst(ctx, s, names...)
		switch {
		case err != nil:
			v.Err(err, about(p, got))
			return
		case program == "":
			v.Good(about(p, got+", of a program that is not there"))
			return
		}
	}
	v.Bad(about(p, got))
}
