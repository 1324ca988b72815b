package cron

import (
	"context"
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
)

// OfRoot returns the jobs of [Jobs] that run with the user ID 0. They belong to root and to all
// other accounts with this ID in etc/passwd. Without that file only root has it.
var OfRoot = inventory.NewFact("cron of root", collectOfRoot)

func collectOfRoot(ctx context.Context, s *inventory.System) ([]Job, error) {
	jobs, err := Jobs.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{"root": true}
	if slices.ContainsFunc(jobs, func(j Job) bool { return j.User != "root" }) {
		users, err := inventory.ParseOnce(ctx, s, "etc/passwd", passwd.Parse)
		if err != nil && !inventory.IsAbsent(err, "etc/passwd") {
			return nil, err
		}
		for _, u := range users {
			if u.UID == 0 {
				names[u.Name] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(jobs), func(j Job) bool { return !names[j.User] }), nil
}
