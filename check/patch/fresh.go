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

// Fresh is the kind patch.fresh: it asks that the lists of available packages were fetched not
// long ago: the folder that APT or DNF keeps them in changed within some days. On an image nobody
// fetches them.
type Fresh struct {
	MaxDays int `yaml:"max-days,required" unit:"days" doc:"how old the lists may be"`
}

// Check makes the check.
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
		v.Judge(!lists.Changed.Before(oldest), check.Evidence{Position: inventory.Position{Source: lists.Folder}, Subject: "lists of packages",
			Want: fmt.Sprintf("at most %d days old", a.MaxDays), Got: "of " + lists.Changed.UTC().Format(time.DateOnly)})
		return nil
	}), nil
}

// NoRestart is the kind patch.no-restart: it asks that no update waits for a restart, by the file
// that Debian's and Ubuntu's packages leave for it. Where none of the programs is there that would
// leave it, or something else runs the system's updates, its absence says nothing.
type NoRestart struct{}

// Check makes the check.
func (NoRestart) Check() (check.Check, error) {
	return check.Of(packages.Restarts, func(v *check.Verdict, r packages.Restart) {
		ev := check.Evidence{Position: r.Position, Subject: "updates", Want: "in use", Got: "none waits for a restart"}
		if r.Pending {
			ev.Got = "waiting for a restart"
		}
		v.Judge(!r.Pending, ev)
	}), nil
}
