package pam

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// SuRestricted is the kind pam.su-restricted. It requires that su lets only members of a group
// become root. pam_wheel refuses everybody else on every way through its stack for logins or for
// accounts, or pam_succeed_if with a group or pam_listfile with a list does. They have to judge by
// the user who runs su (use_uid, item=ruser), as Debian's pam_wheel always does. Which group it is
// and who is in it is not judged. pam_access and pam_time judge by files that are not read here,
// so that it is unknown where one of them decides.
//
// A su without its set-user-ID bit, or that only a group may run, restricts as well. Without a
// program su there is nothing to judge; one that asks no PAM restricts nobody.
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
		if why := closed(su.Mode); why != "" {
			v.Good(check.Evidence{Position: inventory.Position{Source: su.Program}, Subject: "su", Want: restriction, Got: why})
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

// closed returns how the mode of the program keeps people from becoming root by it.
func closed(mode fs.FileMode) string {
	switch {
	case mode == 0:
		return ""
	case mode&fs.ModeSetuid == 0:
		return "the program is not set-user-ID: nobody becomes root by it"
	case mode&0o001 == 0:
		return "only the owner and the group of the program may run it"
	}
	return ""
}

// restricted judges the stacks of one service.
func restricted(c *pam.Config, debian bool) (piece, error) {
	var gate, unread *pam.Entry
	for _, g := range []pam.Group{pam.Auth, pam.Account} {
		refused, known := false, gates{}
		walk := func(unreadRefuse bool) (bool, error) {
			ends, err := c.Stacks[g].Walk(func(e pam.Entry, state uint32) []pam.Move {
				switch {
				case outsiders(e, debian):
					gate, refused = &e, true
					return moves(state, pam.PermDenied, pam.AuthErr)
				case slices.Contains(passwordModules, e.Name()):
					return moves(state, pam.Success, pam.UserUnknown)
				case e.Name() == "pam_access" || e.Name() == "pam_time":
					unread = &e
					if unreadRefuse {
						return moves(state, pam.PermDenied)
					}
				}
				return known.plain(e, state)
			})
			return slices.ContainsFunc(ends, func(e pam.End) bool { return e.OK }), err
		}
		open, err := walk(false)
		if err != nil {
			return piece{}, err
		}
		if refused && !open {
			return piece{true, at(*gate, c.Name, restriction, gate.Name()+" refuses others")}, nil
		}
		if unread == nil {
			continue
		}
		if open, err = walk(true); err != nil {
			return piece{}, err
		}
		if !open {
			return piece{}, fmt.Errorf("%s: what %s lets through is not known, and it decides about %s: %w", unread.Place(), unread.Name(), c.Name, inventory.ErrUnavailable)
		}
		unread = nil
	}
	ev := check.Evidence{Position: inventory.Position{Source: "etc/pam.d/" + c.Name}, Subject: c.Name, Want: restriction, Got: "whoever knows the password"}
	if gate != nil {
		ev = at(*gate, c.Name, restriction, gate.Name()+" does not decide")
	}
	return piece{false, ev}, nil
}

// onlyRoot matches questions of pam_succeed_if that only root answers.
var onlyRoot = regexp.MustCompile(`\b(uid (=|eq) 0|user = root) `)

// outsiders reports whether a module refuses those who run su and are in no group or list.
func outsiders(e pam.Entry, debian bool) bool {
	switch e.Name() {
	case "pam_wheel":
		return (debian || e.Has("use_uid")) && !e.Has("deny")
	case "pam_succeed_if":
		// All questions have to be true, so that one that is not for outsiders is enough.
		q := strings.Join(questions(e.Args), " ") + " "
		return e.Has("use_uid") && (slices.Contains(e.Args, "ingroup") || onlyRoot.MatchString(q))
	case "pam_listfile":
		item, _ := e.Arg("item")
		sense, _ := e.Arg("sense")
		onerr, _ := e.Arg("onerr")
		return item == "ruser" && sense == "allow" && onerr != "succeed"
	}
	return false
}
