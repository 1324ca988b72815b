// Package patch provides ready-made checks of whether a system still gets security updates and has
// installed them. [Kinds] lists the names of the checks in baselines.
package patch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/osrelease"
)

// Date is a day in UTC, written as 2028-06-30.
type Date struct{ time.Time }

// MarshalText returns the date in the form 2006-01-02.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.Format(time.DateOnly)), nil }

// UnmarshalText parses a date in the form 2006-01-02.
func (d *Date) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("%q is no date, want 2006-01-02", b)
	}
	d.Time = t
	return nil
}

// Supported is the kind patch.supported. It requires that the release of the operating system still
// gets security updates on the day of the scan. The last day counts as supported. The check is
// Unknown if the release is not in Releases and os-release(5) does not state the end of support.
type Supported struct {
	Releases map[string]Date `yaml:"releases,required" doc:"the last day of support by ID and VERSION_ID of os-release(5), such as debian/12; it comes before what the release states itself"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Supported) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Releases) == 0 {
		return nil, errors.New("releases must not be empty")
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		r, err := osrelease.Fact.Of(ctx, sys)
		if errors.Is(err, inventory.ErrAbsent) {
			return fmt.Errorf("without os-release it is not known what this is: %w", inventory.ErrUnavailable)
		}
		if err != nil {
			return err
		}
		id := strings.TrimSuffix(r.ID+"/"+r.VersionID, "/")
		end := r.SupportEnd
		if d, ok := a.Releases[id]; ok {
			end = d.Time
		}
		if end.IsZero() {
			return fmt.Errorf("until when %s is supported is not known: %w", id, inventory.ErrUnavailable)
		}
		judgeEnd(v, end, sys.Now(), check.Evidence{Position: r.Position, Subject: r.Pretty})
		return nil
	}), nil
}

// judgeEnd judges a release by the last day of its support.
func judgeEnd(v *check.Verdict, end, now time.Time, ev check.Evidence) {
	supported := now.Before(end.AddDate(0, 0, 1))
	ev.Want, ev.Got = "support that has not ended", "support ended "+end.Format(time.DateOnly)
	if supported {
		ev.Got = "supported until " + end.Format(time.DateOnly)
	}
	v.Say(ev.Got)
	v.Judge(supported, ev)
}
