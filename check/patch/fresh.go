package patch

import (
	"context"
	"fmt"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages"
)

// Fresh asks that the lists of available packages were fetched not long ago: the folder
// that APT or DNF keeps them in changed within some days. On an image nobody fetches them.
type Fresh struct {
	MaxDays int `yaml:"max-days,required"`
}

// Check makes the check.
func (a Fresh) Check() (check.Check, error) {
	if a.MaxDays < 1 {
		return nil, fmt.Errorf("%d days is no age", a.MaxDays)
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		lists, err := packages.Fetched.Of(ctx, sys)
		if err != nil {
			return check.FromError(unknownPackager(err))
		}
		return a.judge(lists, sys.Now())
	}), nil
}

func (a Fresh) judge(l packages.Lists, now time.Time) check.Result {
	ev := check.Evidence{Position: inventory.Position{Source: l.Folder}, Subject: "lists of packages",
		Want: fmt.Sprintf("at most %d days old", a.MaxDays), Got: "of " + l.Changed.UTC().Format(time.DateOnly)}
	if l.Changed.Before(now.AddDate(0, 0, -a.MaxDays)) {
		return check.Failed("", ev)
	}
	return check.Passed("", ev)
}

// NoRestart asks that no update waits for a restart, by the file that Debian's and Ubuntu's
// packages leave for it. Where none of the programs is there that would leave it, or
// something else runs the system's updates, its absence says nothing.
type NoRestart struct{}

// Check makes the check.
func (NoRestart) Check() (check.Check, error) {
	return check.OldOf(packages.Restarts, func(r packages.Restart) check.Result {
		ev := check.Evidence{Position: inventory.Position{Source: r.Source}, Subject: "updates", Want: "in use", Got: "none waits for a restart"}
		if r.Pending {
			ev.Got = "waiting for a restart"
			return check.Failed("", ev)
		}
		return check.Passed("", ev)
	}), nil
}
