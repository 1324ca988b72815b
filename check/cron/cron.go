// Package cron provides ready-made checks of scheduled jobs, of cron(8) and of systemd timers.
// [Kinds] lists the names of the checks in baselines.
package cron

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
)

// ProgramsProtected is the kind cron.programs-protected. It requires that only root can change what
// is run by jobs of accounts with the user ID 0. The following must belong to root and must not be
// writable by others:
//
//   - files that a line names by full path
//   - the shell and the folders of the PATH, if the file sets them
//   - scripts in job folders and in folders that are passed to run-parts(8)
//   - all parent folders of these
//
// The check also fails if the program that a line begins with does not exist. It ignores other
// missing files.
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
		seen := map[string]state{}
		for _, j := range jobs {
			ev := check.Evidence{Position: j.Position, Subject: j.User, Want: "a program that only root can change"}
			names, err := jobFiles(ctx, sys, j)
			if err == nil {
				names = treeNames(names)
				ev.Got, err = findFlaw(ctx, sys, j, names, seen)
			}
			switch {
			case err != nil:
				v.Err(err, ev)
			case ev.Got != "":
				v.Bad(ev)
			default:
				ev.Got = describeSafe(names)
				v.Good(ev)
			}
		}
		return nil
	}), nil
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

// findFlaw returns what is wrong with the programs of a job, or the empty string.
func findFlaw(ctx context.Context, sys *inventory.System, j cron.Job, names []string, seen map[string]state) (string, error) {
	for _, name := range names {
		own, err := look(ctx, sys, name, seen)
		if err != nil {
			return "", err
		}
		if !own.there && strings.HasPrefix(j.Command, "/"+name) {
			return "/" + name + " is missing", nil
		}
		way, err := files.FindWay(ctx, sys, name)
		if err != nil {
			return "", err
		}
		for _, f := range append([]string{name}, way...) {
			if f != name && strings.HasPrefix(f, "var/spool/") {
				continue // the spool of at belongs to its daemon
			}
			got, err := look(ctx, sys, f, seen)
			if err != nil {
				return "", err
			}
			if got.how != "" {
				return "/" + f + " " + got.how, nil
			}
		}
	}
	return "", nil
}

// look returns the state of a file. It examines each file once.
func look(ctx context.Context, sys *inventory.System, name string, seen map[string]state) (state, error) {
	got, ok := seen[name]
	if !ok {
		var err error
		if got.how, got.there, err = file.Changeable(ctx, sys, name); err != nil {
			return state{}, err
		}
		seen[name] = got
	}
	return got, nil
}

// jobFiles returns the files and folders that determine what a job runs.
func jobFiles(ctx context.Context, sys *inventory.System, j cron.Job) ([]string, error) {
	all := append(j.Programs(), searchFolders(j)...)
	if !j.Script && strings.HasPrefix(j.Shell, "/") {
		all = append(all, j.Shell)
	}
	if j.Script || !strings.Contains(j.Command, "run-parts") {
		return all, nil
	}
	for _, dir := range j.Programs() {
		f, err := files.Follow(ctx, sys, dir)
		if err != nil || !f.Mode.IsDir() {
			continue // look reports what is wrong
		}
		names, err := files.List(ctx, sys, dir)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			all = append(all, dir+"/"+name)
		}
	}
	return all, nil
}

// searchFolders returns the folders of the PATH of a job.
func searchFolders(j cron.Job) []string {
	var all []string
	for dir := range strings.SplitSeq(j.Path, ":") {
		if strings.HasPrefix(dir, "/") {
			all = append(all, dir)
		}
	}
	return all
}

// state describes a file.
type state struct {
	how   string // how users other than root can change it; empty if they cannot
	there bool   // whether it exists
}
