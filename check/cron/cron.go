// Package cron has ready-made checks of what is run by the clock, by cron(8) and by the
// timers of systemd.
package cron

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/cron"
)

// ProgramsProtected asks of what root's jobs run that only root can change it: each file
// that a line names by its full path, each script in the folders of jobs, and the folders
// they lie in belong to root and may not be written to by others. A line whose first word is a
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
		seen := map[string]string{}
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
func flaw(ctx context.Context, sys *inventory.System, j cron.Job, seen map[string]string) (string, error) {
	for _, name := range j.Programs() {
		name = strings.TrimPrefix(path.Clean("/"+name), "/")
		for _, f := range []string{name, path.Dir(name)} {
			if strings.HasPrefix(f, "dev/") || f == "dev" || f == "." {
				continue
			}
			got, ok := seen[f]
			if !ok {
				var err error
				if got, err = openTo(ctx, sys, f); err != nil {
					return "", err
				}
				seen[f] = got
			}
			if got == missing && f == name && strings.HasPrefix(j.Command, "/"+name) {
				return "/" + f + " is missing", nil
			}
			if got != "" && got != missing {
				return "/" + f + " " + got, nil
			}
		}
	}
	return "", nil
}

const (
	missing = "is missing"
	sticky  = fs.ModeSticky
)

// openTo says how others than root can change a file or what is in a folder. A folder with
// the sticky bit, such as tmp, lets others add to it, and not change what is root's.
func openTo(ctx context.Context, sys *inventory.System, name string) (string, error) {
	info, err := sys.Stat(ctx, name)
	if inventory.IsAbsent(err, name) {
		return missing, nil
	}
	if err != nil {
		return "", err
	}
	id := inventory.SysOf(info)
	if id.Has&inventory.HasMode == 0 || id.Has&inventory.HasOwner == 0 {
		return "", fmt.Errorf("the tree does not know mode and owner of %s: %w", name, inventory.ErrUnavailable)
	}
	switch m := info.Mode(); {
	case id.UID != 0:
		return fmt.Sprintf("belongs to user %d", id.UID), nil
	case m.Perm()&0o002 != 0 && !(m.IsDir() && m&sticky != 0):
		return fmt.Sprintf("may be written to by everybody (mode %04o)", m.Perm()), nil
	case m.Perm()&0o020 != 0 && id.GID != 0 && !(m.IsDir() && m&sticky != 0):
		return fmt.Sprintf("may be written to by group %d (mode %04o)", id.GID, m.Perm()), nil
	}
	return "", nil
}
