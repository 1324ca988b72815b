package logging

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory/logs/logrotate"
)

// Rotation is the kind logging.rotation. It requires that logrotate keeps the old files of some
// logs for a number of days. A log that it does not rotate is kept; where it rotates none of them,
// there is nothing to judge. A log that is rotated by its size is in breach, since no time can be
// told.
type Rotation struct {
	Files   []string `yaml:"files,required" doc:"absolute names of logs"`
	MinDays int      `yaml:"min-days,required" unit:"days" doc:"for how long old files are kept, at least"`
}

// Check returns the check.
func (a Rotation) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Files) == 0 || a.MinDays < 1 {
		return nil, errors.New("want files and at least one day")
	}
	for _, f := range a.Files {
		if !strings.HasPrefix(f, "/") || path.Clean(f) != f {
			return nil, fmt.Errorf("%q is no absolute name", f)
		}
	}
	return check.Of(logrotate.Fact, func(v *check.Verdict, c *logrotate.Config) {
		for _, name := range a.Files {
			ev := check.Evidence{Subject: name, Want: fmt.Sprintf("kept for %d days or more", a.MinDays)}
			l, ok := c.Lookup(name)
			if !ok {
				ev.Source, ev.Got = "etc/logrotate.conf", "not rotated"
				v.Absent(ev)
				continue
			}
			days, forever, known := l.Kept()
			ev.Position = l.Position
			switch {
			case !known:
				ev.Got = "rotated by size"
			case forever:
				ev.Got = "kept for good"
			default:
				ev.Got = fmt.Sprintf("%d days", days)
			}
			v.Judge(known && (forever || days >= a.MinDays), ev)
		}
	}), nil
}
