package logging

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/logs/logrotate"
)

// Rotation asks that logrotate keeps the old files of some logs for a number of days. A log that it
// does not rotate is kept; where it rotates none of them, there is nothing to judge. A log that is rotated by
// its size is in breach, since no time can be told.
type Rotation struct {
	Files   []string `yaml:"files,required"` // absolute names
	MinDays int      `yaml:"min-days,required"`
}

// Check makes the check.
func (a Rotation) Check() (check.Check, error) {
	if len(a.Files) == 0 || a.MinDays < 1 {
		return nil, errors.New("want files and at least one day")
	}
	for _, f := range a.Files {
		if !strings.HasPrefix(f, "/") || path.Clean(f) != f {
			return nil, fmt.Errorf("%q is no absolute name", f)
		}
	}
	return check.OldOf(logrotate.Fact, func(c *logrotate.Config) check.Result {
		var some []string
		for _, f := range a.Files {
			if _, ok := c.Lookup(f); ok {
				some = append(some, f)
			}
		}
		return check.Each(some, func(name string) (check.Evidence, bool) {
			l, _ := c.Lookup(name)
			ev := check.Evidence{Position: l.Position, Subject: name, Want: fmt.Sprintf("kept for %d days or more", a.MinDays)}
			days, forever, ok := l.Kept()
			ev.Got = fmt.Sprintf("%d days", days)
			if !ok {
				ev.Got = "rotated by size"
			}
			return ev, !ok || !forever && days < a.MinDays
		})
	}), nil
}
