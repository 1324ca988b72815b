// Package cron provides ready-made checks of scheduled jobs, of cron(8) and of systemd timers.
// [Kinds] lists the names of the checks in baselines.
package cron

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/programs"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
)

// ProgramsProtected is the kind cron.programs-protected. It requires that only root can change what
// is run by jobs of accounts with the user ID 0. The following must belong to root and must not be
// writable by others:
//
//   - the file with the job
//   - files that a line names by full path
//   - programs that a line runs, also by an interpreter or a wrapper, and what scripts of the shell
//     among them run, as far as [programs.Follower] follows them
//   - the shell, the folders of the PATH, and what variables such as LD_PRELOAD name
//   - scripts in job folders and in folders that are passed to run-parts(8)
//   - all folders on the way to these, also behind links
//
// The check also fails if the program that a line begins with does not exist. It ignores other
// missing files that only root could make. A job whose program is worked out is unknown.
type ProgramsProtected struct{}

// Check returns the check. The error is always nil.
func (ProgramsProtected) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		jobs, err := cron.OfRoot.Of(ctx, sys)
		if err != nil {
			return err
		}
		if len(jobs) == 0 {
			v.Absent(check.Evidence{Subject: "jobs of root", Got: "none"})
		}
		follower := programs.NewFollower(ctx, sys)
		// The spool of at belongs to its daemon, whose programs alone write there.
		guard := &file.Guard{Skip: func(dir string) bool { return dir == "var/spool/cron/atjobs" || dir == "var/spool/at" }}
		for _, j := range jobs {
			judge(ctx, sys, v, follower, guard, j)
		}
		return nil
	}), nil
}

// judge judges one job.
func judge(ctx context.Context, sys *inventory.System, v *check.Verdict, follower *programs.Follower, guard *file.Guard, j cron.Job) {
	ev := check.Evidence{Position: j.Position, Subject: j.User, Want: "a program that only root can change"}
	found, err := follower.Job(j, "/root")
	use, how, errG := guard.First(ctx, sys, found.Uses)
	if how != "" && use.Source == j.Source && use.Line > 0 {
		ev.Position = use.Position
	}
	names := treeNames(j.Programs())
	missing := ""
	for _, name := range names {
		if !strings.HasPrefix(j.Command, "/"+name) {
			continue
		}
		if _, there, err := guard.Change(ctx, sys, name); err == nil && !there {
			missing = "/" + name + " is missing"
		}
	}
	switch ev.Got = cmp.Or(how, missing); {
	case ev.Got != "":
		v.Bad(ev)
	case err != nil || errG != nil:
		v.Err(errors.Join(err, errG), ev)
	case len(found.Unknown) > 0:
		v.Err(found.Unknown[0], ev)
	default:
		ev.Got = describeSafe(names)
		v.Good(ev)
	}
}

// describeSafe returns the evidence of a job that is as required.
func describeSafe(names []string) string {
	switch len(names) {
	case 0:
		return "no file by its full path"
	case 1:
		return "only root can change /" + names[0]
	}
	return fmt.Sprintf("only root can change /%s and %d more", names[0], len(names)-1)
}

// treeNames returns paths as names in the tree, without devices.
func treeNames(paths []string) []string {
	var names []string
	for _, p := range paths {
		name := strings.TrimPrefix(path.Clean("/"+p), "/")
		if name != "" && name != "dev" && !strings.HasPrefix(name, "dev/") {
			names = append(names, name)
		}
	}
	return names
}
