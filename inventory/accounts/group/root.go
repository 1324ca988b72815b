package group

import (
	"context"
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
)

// firstPerson is where the user IDs of people begin, login.defs(5). Accounts of Red Hat's base
// system such as operator and sync have the group of root, and nobody logs in to them.
const firstPerson = 1000

// RootShared reports whether the group with the ID 0 has members without the user ID 0: whether more
// than root may do what this group may. Without the files of accounts it has none.
var RootShared = inventory.NewFact("members of the group of root", collectRootShared)

func collectRootShared(ctx context.Context, s *inventory.System) (bool, error) {
	users, err := inventory.ParseOnce(ctx, s, "etc/passwd", passwd.Parse)
	if err != nil && !inventory.IsAbsent(err, "etc/passwd") {
		return false, err
	}
	groups, err := inventory.ParseOnce(ctx, s, file, Parse)
	if err != nil && !inventory.IsAbsent(err, file) {
		return false, err
	}
	superusers := map[string]bool{"root": true}
	for _, u := range users {
		if u.UID == 0 {
			superusers[u.Name] = true
		} else if u.GID == 0 && u.UID >= firstPerson {
			return true, nil
		}
	}
	return slices.ContainsFunc(groups, func(g Group) bool {
		return g.GID == 0 && slices.ContainsFunc(g.Members, func(m string) bool { return !superusers[m] })
	}), nil
}
