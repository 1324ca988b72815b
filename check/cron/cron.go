// Package cron has ready-made checks of what is run by the clock, by cron(8) and by the
// timers of systemd.
package cron

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
)

// ProgramsProtected asks of what the jobs of root, and of whoever else has the user ID 0, run
// that only root can change it: each file that a line names by its full path, the shell that
// the file sets, each script in the folders of jobs and in those that run-parts(8) is told, and
// all folders on the way to them and in a PATH that the file sets belong to root and may not be
// written to by others. A line whose first word is a program that is not there fails as well;
// other files that are missing are passed over.
type ProgramsProtected struct{}

// Check makes the check.
func (ProgramsProtected) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		roots, err := cron.OfRoot.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var errs []error
		seen := map[string]state{}
		r := check.Each(roots, func(j cron.Job) (check.Evidence, bool) {
			got, err := flaw(ctx, sys, j, seen)
			errs = append(errs, err)
			return check.Evidence{Position: j.Position, Subject: j.User, Want: "a program that only root can change", Got: got}, got != ""
		})
		if err := errors.Join(errs...); err != nil && r.Status != check.Fail {
			return check.FromError(err)
		}
		return r
	}), nil
}

// flaw returns what is wrong with the programs of a job, and nothing where all is well.
func flaw(ctx context.Context, sys *inventory.System, j cron.Job, seen map[string]state) (string, error) {
	names, err := parts(ctx, sys, j)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		name = strings.TrimPrefix(path.Clean("/"+name), "/")
		if name == "" || name == "dev" || strings.HasPrefix(name, "dev/") {
			continue
		}
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
