// Package cron has ready-made checks of what is run by the clock, by cron(8) and by the
// timers of systemd. [Kinds] names them.
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

// ProgramsProtected is the kind cron.programs-protected: it asks of what the jobs of root, and of
// whoever else has the user ID 0, run that only root can change it: each file that a line names by
// its full path, the shell that the file sets, each script in the folders of jobs and in those that
// run-parts(8) is told, and all folders on the way to them and in a PATH that the file sets belong to
// root and may not be written to by others. A line whose first word is a program that is not there
// fails as well; other files that are missing are passed over.
type ProgramsProtected struct{}

// Check makes the check.
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
			names, err := parts(ctx, sys, j)
			if err == nil {
				names = inTree(names)
				ev.Got, err = flaw(ctx, sys, j, names, seen)
			}
			switch {
			case err != nil:
				v.Err(err, ev)
			case ev.Got != "":
				v.Bad(ev)
			default:
				ev.Got = safe(names)
				v.Good(ev)
			}
		}
		return nil
	}), nil
}

// safe tells what was looked at of a job that is as wanted.
func safe(names []string) string {
	switch len(names) {
	case 0:
		return "no file by its full path"
	case 1:
		return "only root can change /" + names[0]
	}
	return fmt.Sprintf("only root can change /%s and %d more", names[0], len(names)-1)
}

// inTree returns paths as names in the tree, without devices.
func inTree(paths []string) []string {
	var names []string
	for _, p := range paths {
		name := strings.TrimPrefix(path.Clean("/"+p), "/")
		if name != "" && name != "dev" && !strings.HasPrefix(name, "dev/") {
			names = append(names, name)
		}
	}
	return names
}

// flaw returns what is wrong with the programs of a job, and nothing where all is well.
func flaw(ctx context.Context, sys *inventory.System, j cron.Job, names []string, seen map[string]state) (string, error) {
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

// look returns what is known of a file, which is asked for once.
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

// parts returns the files that decide what a job runs.
func parts(ctx context.Context, sys *inventory.System, j cron.Job) ([]string, error) {
	all := append(j.Programs(), folders(j)...)
	if !j.Script && strings.HasPrefix(j.Shell, "/") {
		all = append(all, j.Shell)
	}
	if j.Script || !strings.Contains(j.Command, "run-parts") {
		return all, nil
	}
	for _, dir := range j.Programs() {
		f, err := files.Follow(ctx, sys, dir)
		if err != nil || !f.Mode.IsDir() {
			continue // look says what is wrong
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

// folders returns where programs are looked for that a line names without their folder.
func folders(j cron.Job) []string {
	var all []string
	for dir := range strings.SplitSeq(j.Path, ":") {
		if strings.HasPrefix(dir, "/") {
			all = append(all, dir)
		}
	}
	return all
}

// state is what is known of a file.
type state struct {
	how   string // how others than root can change it
	there bool
}
