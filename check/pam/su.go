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

// SuRestricted is the kind pam.su-restricted. It requires that su lets only members of a group
// become root: pam_wheel refuses everybody else on every way through its stack for logins or for
// accounts. It has to judge by the user who runs su (use_uid), as Debian's always does. Which
// group it is and who is in it is not judged. Without a program su there is nothing to judge; one
// that asks no PAM restricts nobody.
type SuRestricted struct{}

const restriction = "only members of a group may become root"

// Check returns the check.
func (SuRestricted) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		su, err := logins.Su.Of(ctx, sys)
		if err != nil {
			return err
		}
		if su.Program == "" {
			v.Say("no program su")
			v.Absent(check.Evidence{Position: inventory.Position{Source: "usr/bin/su"}, Subject: "su"})
			return nil
		}
		found := []piece{{false, check.Evidence{Position: inventory.Position{Source: su.Program}, Subject: "su", Want: restriction, Got: "su does not ask PAM"}}}
		if su.AsksPAM {
			platform, err := sys.Platform(ctx)
			if err != nil {
				return err
			}
			debian, _ := platform.Match("linux/debian")
			some, err := suStacks(ctx, sys, debian)
			if err != nil && !errors.Is(err, inventory.ErrAbsent) {
				return err
			}
			if err == nil {
				found = some
			}
		}
		tell(v, found, "su")
		return nil
	}), nil
}

// suStacks judges the stacks of su, and those that it has without a file of its own.
func suStacks(ctx context.Context, sys *inventory.System, debian bool) ([]piece, error) {
	all, err := configs(ctx, sys, []string{"su", "su-l"})
	if err == nil && len(all) == 0 {
		all = make([]*pam.Config, 1)
		all[0], err = pam.Service.Of(ctx, sys, "su")
	}
	if err != nil {
		return nil, err
	}
	var found []piece
	for _, c := range all {
		p, err := restricted(c, debian)
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, nil
}

// restricted judges the stacks of one service.
func restricted(c *pam.Config, debian bool) (piece, error) {
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
			return piece{}, err
		}
		if refused && !slices.ContainsFunc(ends, func(e pam.End) bool { return e.OK }) {
			return piece{true, at(*wheel, c.Name, restriction, "pam_wheel refuses others")}, nil
		}
	}
	ev := check.Evidence{Position: inventory.Position{Source: "etc/pam.d/" + c.Name}, Subject: c.Name, Want: restriction, Got: "whoever knows the password"}
	if wheel != nil {
		ev = at(*wheel, c.Name, restriction, "pam_wheel does not decide")
	}
	return piece{false, ev}, nil
}
