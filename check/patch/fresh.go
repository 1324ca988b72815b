package patch

import (
	"context"
	"fmt"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages"
)

// Fresh is the kind patch.fresh. It requires that the lists of available packages are recent: the
// folder in which APT or DNF keeps them must have changed within MaxDays days, and hold some. The check
// needs a running system.
type Fresh struct {
	MaxDays int `yaml:"max-days,required" unit:"days" doc:"how old the lists may be"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Fresh) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MaxDays < 1 {
		return nil, fmt.Errorf("%d days is no age", a.MaxDays)
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		lists, err := packages.Fetched.Of(ctx, sys)
		if err != nil {
			return unknownPackager(err)
		}
		oldest := sys.Now().AddDate(0, 0, -a.MaxDays)
		ev := check.Evidence{Position: inventory.Position{Source: lists.Folder}, Subject: "lists of packages",
			Want: fmt.Sprintf("at most %d days old", a.MaxDays), Got: "of " + lists.Changed.UTC().Format(time.DateOnly)}
		if lists.Empty {
			ev.Got = "none"
		}
		v.Judge(!lists.Empty && !lists.Changed.Before(oldest), ev)
		return nil
	}), nil
}

// NoRestart is the kind patch.no-restart. It requires that no update waits for a restart. Packages
// of Debian and Ubuntu create a file in this case. The check gives no verdict if the programs that
// create the file are not installed, or if something else updates the system, because then the
// absence of the file means nothing.
type NoRestart struct{}

// Check returns the check. The error is always nil.
func (NoRestart) Check() (check.Check, error) {
	return check.Of(packages.Restarts, func(v *check.Verdict, r packages.Restart) {
		ev := check.Evidence{Position: r.Position, Subject: "updates", Want: "in use", Got: "none waits for a restart"}
		if r.Pending {
			ev.Got = "waiting for a restart"
		}
		v.Judge(!r.Pending, ev)
	}), nil
}
