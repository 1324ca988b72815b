package pam

import (
	"context"
	"errors"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// SuRestricted asks that su lets only members of a group become root: pam_wheel refuses
// everybody else on every way through its stack for logins or for accounts. It has to judge
// by the user who runs su (use_uid), as Debian's always does. Which group it is and who is
// in it is not judged. Without a program su there is nothing to judge; one that asks no PAM
// restricts nobody.
type SuRestricted struct{}

// Check makes the check.
func (SuRestricted) Check() (check.Check, error) {
	const want = "only members of a group may become root"
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		su, err := logins.Su.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if su.Program == "" {
			return check.Absent("no program su")
		}
		without := check.Failed("", check.Evidence{Position: inventory.Position{Source: su.Program}, Subject: "su", Want: want, Got: "su does not ask PAM"})
		if !su.AsksPAM {
			return without
		}
		platform, err := sys.Platform(ctx)
		if err != nil {
			return check.FromError(err)
		}
		debian, _ := platform.Match("linux/debian")
		r := judge(ctx, sys, []string{"su", "su-l"}, func(c *pam.Config) (finding, error) { return restricted(c, debian, want) })
		if errors.Is(r.Err, inventory.ErrAbsent) {
			return without
		}
		if r.Status == check.NotApplicable {
			return judgeFallback(ctx, sys, debian, want)
		}
		return r
	}), nil
}

// judgeFallback judges the stacks that su has without a file of its own.
func judgeFallback(ctx context.Context, sys *inventory.System, debian bool, want string) check.Result {
	c, err := pam.Service.Of(ctx, sys, "su")
	if err != nil {
		return check.FromError(err)
	}
	f, err := restricted(c, debian, want)
	if err != nil {
		return check.FromError(err)
	}
	return result([]finding{f})
}

func restricted(c *pam.Config, debian bool, want string) (finding, error) {
	var wheel *pam.Entry
	for _, g := range []pam.Group{pam.Auth, pam.Account} {
		refused := false
		ends, err := c.Stacks[g].Walk(func(e pam.Entry, state uint32) []pam.Move {
			switch {
			case e.Name() == "pam_wheel" && (debian || e.Has("use_uid")) && !e.Has("deny"):
				wheel, refused = &e, true
				return moves(state, pam.PermDenied)
			case slices.Contains(passwordModules, e.Name()):
				return moves(state, pam.Success, pam.UserUnknown)
			}
			return plain(e, state)
		})
		if err != nil {
			return finding{}, err
		}
		if refused && !slices.ContainsFunc(ends, func(e pam.End) bool { return e.OK }) {
			return finding{good: []check.Evidence{at(*wheel, c.Name, want, "pam_wheel refuses others")}}, nil
		}
	}
	ev := check.Evidence{Position: inventory.Position{Source: "etc/pam.d/" + c.Name}, Subject: c.Name, Want: want, Got: "whoever knows the password"}
	if wheel != nil {
		ev = at(*wheel, c.Name, want, "pam_wheel does not decide")
	}
	return finding{bad: []check.Evidence{ev}}, nil
}
