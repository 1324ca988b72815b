package account

import (
	"context"
	"fmt"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/nis"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
)

// GroupsExist asks that the primary group of every account is in etc/group. Where groups come
// from a directory service as well, one that is not in the file is not known to be missing.
type GroupsExist struct{}

// Check makes the check.
func (GroupsExist) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		groups, err := group.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		known := map[uint32]bool{}
		for _, g := range groups {
			known[g.GID] = true
		}
		users, err := passwd.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		r := check.Each(users, func(u passwd.User) (check.Evidence, bool) {
			return about(u, "a group in etc/group", fmt.Sprintf("the group %d, which is not there", u.GID)), !known[u.GID]
		})
		if r.Status != check.Fail {
			return r
		}
		services, err := nsswitch.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if !services.Local("group") {
			return check.FromError(fmt.Errorf("groups that are not in etc/group may be in a directory service: %w", inventory.ErrUnavailable))
		}
		return r
	}), nil
}

// NoLegacyEntries asks that the lists of accounts and groups have no lines that begin with
// "+" or "-": the C library takes in accounts of NIS there, and other programs may take them
// for an account without a password. A list that is not there has none.
type NoLegacyEntries struct{}

// Check makes the check.
func (NoLegacyEntries) Check() (check.Check, error) {
	return check.OldOf(nis.Fact, func(all []nis.Entry) check.Result {
		if len(all) == 0 {
			return check.Passed("")
		}
		r := check.Each(all, func(e nis.Entry) (check.Evidence, bool) {
			return check.Evidence{Position: e.Position, Subject: "an entry of NIS",
				Want: "no lines that begin with + or -", Got: "one that begins with " + e.Sign}, true
		})
		r.Message = ""
		return r
	}), nil
}
