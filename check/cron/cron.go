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
	"github.com/hardening-sdk/hardening/inventory/cron"
)

// ProgramsProtected asks of what root's jobs run that only root can change it: each file
// that a line names by its full path, each script in the folders of jobs, the folders they
// lie in and those of a PATH that the file sets belong to root and may not be written to by others. A line whose first word is a
// program that is not there fails as well; other files that are missing are passed over.
type ProgramsProtected struct{}

// Check makes the check.
func (ProgramsProtected) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		jobs, err := cron.Jobs.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var errs []error
		seen := map[string]state{}
		var roots []cron.Job
		for _, j := range jobs {
			if j.User == "root" {
				roots = append(roots, j)
			}
		}
		r := check.Each(roots, func(j cron.Job) (check.Evidence, bool) {
			got, err := flaw(ctx, sys, j, seen)
			errs = append(errs, err)
			return check.Evidence{Source: j.Source, Line: j.Line, Subject: j.User, Want: "a program that only root can change", Got: got}, got != ""
		})
		if err := errors.Join(errs...); err != nil && r.Status != check.Fail {
			return check.FromError(err)
		}
		return r
	}), nil
}

// flaw answers what is wrong with the programs of a job, and nothing where all is well.
func flaw(ctx context.Context, sys *inventory.System, j cron.Job, seen map[string]state) (string, error) {
	for _, name := range append(j.Programs(), folders(j)...) {
		name = strings.TrimPrefix(path.Clean("/"+name), "/")
		for _, f := range []string{name, path.Dir(name)} {
			if strings.HasPrefix(f, "dev/") || f == "dev" || f == "." || f != name && strings.HasPrefix(f, "var/spool/") {
				continue // the spool of at belongs to its daemon
			}
			got, ok := seen[f]
			if !ok {
				var err error
				if got.how, got.there, err = file.Changeable(ctx, sys, f); err != nil {
					return "", err
				}
				seen[f] = got
			}
			if !got.there && f == name && strings.HasPrefix(j.Command, "/"+name) {
				return "/" + f + " is missing", nil
			}
			if got.how != "" {
				return "/" + f + " " + got.how, nil
			}
		}
	}
	return "", nil
}

// folders answers where programs are looked for that a line names without their folder.
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
