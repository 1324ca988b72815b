package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/nis"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
)

// GroupsExist is the kind account.groups-exist. It requires that the primary group of every
// account is in etc/group. Where groups come from a directory service as well, one that is not in
// the file is not known to be missing.
type GroupsExist struct{}

// Check returns the check.
func (GroupsExist) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		groups, err := group.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		known := map[uint32]string{}
		for _, g := range groups {
			known[g.GID] = g.Name
		}
		users, err := passwd.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(users, func(u passwd.User) bool { _, ok := known[u.GID]; return !ok }) {
			services, err := nsswitch.Fact.Of(ctx, sys)
			if err != nil {
				return err
			}
			if !services.Local("group") {
				return fmt.Errorf("groups that are not in etc/group may be in a directory service: %w", inventory.ErrUnavailable)
			}
		}
		for _, u := range users {
			name, ok := known[u.GID]
			got := fmt.Sprintf("the group %d, which is %s", u.GID, name)
			if !ok {
				got = fmt.Sprintf("the group %d, which is not there", u.GID)
			}
			v.Judge(ok, about(u, "a group in etc/group", got))
		}
		return nil
	}), nil
}

// NoLegacyEntries is the kind account.no-legacy-entries. It requires that the lists of accounts and
// groups have no lines that begin with "+" or "-": the C library takes in accounts of NIS there,
// and other programs may take them for an account without a password. A list that is not there has
// none.
type NoLegacyEntries struct{}

// Check returns the check.
func (NoLegacyEntries) Check() (check.Check, error) {
	return check.Of(nis.Fact, func(v *check.Verdict, all []nis.Entry) {
		const want = "no lines that begin with + or -"
		for _, e := range all {
			v.Bad(check.Evidence{Position: e.Position, Subject: "an entry of NIS", Want: want, Got: "one that begins with " + e.Sign})
		}
		if len(all) == 0 {
			v.Good(check.Evidence{Position: inventory.Position{Source: passwdFile}, Subject: "entries of NIS", Want: want,
				Got: "none in etc/passwd, etc/shadow, etc/group and etc/gshadow"})
		}
	}), nil
}
