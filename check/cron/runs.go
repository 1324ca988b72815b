package cron

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/programs"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Runs is the kind cron.runs. It requires that one of some commands runs at set times as root,
// whatever the file of the job is called: by a line or a script of cron(8), if a cron starts when the
// system boots, or by a timer of systemd that starts, whose service is there. What scripts of the
// shell run counts, as far as [programs.Follower] follows them; where it is not known
// whether a text gets to the command, the check is unknown. A script that ends where systemd runs does
// not count, nor AIDE's own of Debian if CRON_DAILY_RUN in etc/default/aide switches it off. A job that runs at boots or once a year only
// does not count. On a running system the cron has to run, or systemd to be process 1, by [services.Now].
type Runs struct {
	AnyOf []string `yaml:"any-of,required" doc:"names of programs, each with words that have to be among its arguments"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Runs) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.AnyOf) == 0 {
		return nil, errors.New("any-of must not be empty")
	}
	for _, c := range a.AnyOf {
		if len(strings.Fields(c)) == 0 {
			return nil, errors.New("a command without a word")
		}
	}
	return check.Func(a.examine), nil
}

const regularly = "run at set times"

func (a Runs) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	all, err := services.Fact.Of(ctx, sys)
	if err != nil {
		return err
	}
	follower := programs.NewFollower(ctx, sys)
	s := search{a, follower, false}
	if s.aideOff, err = cron.WithoutAIDE.Of(ctx, sys); err != nil {
		return err
	}
	ev, err := s.timers(ctx, sys, all)
	var idle *check.Evidence
	if err == nil && ev == nil {
		var byCron error
		if ev, idle, byCron = s.jobs(ctx, sys, all); byCron != nil {
			return byCron
		}
	}
	switch {
	case err != nil:
		return err
	case ev != nil:
		v.Good(*ev)
	case idle != nil:
		v.Bad(*idle)
	default:
		v.Bad(check.Evidence{Subject: setting.AnyOf(a.AnyOf), Want: regularly, Got: "by no job"})
	}
	return nil
}

// search looks for the commands.
type search struct {
	Runs
	follower *programs.Follower
	aideOff  bool // what Debian's script for AIDE reads keeps it from working
}

// crons are the services of programs that run jobs.
var crons = []string{"cron.service", "crond.service", "cronie.service", "dcron.service", "bcron.service", "fcron.service", "anacron.service"}

// jobs looks in the jobs of cron. Where a cron starts at boot, and none runs at this moment, idle says so.
func (s search) jobs(ctx context.Context, sys *inventory.System, all *services.Services) (ev, idle *check.Evidence, err error) {
	jobs, err := cron.OfRoot.Of(ctx, sys)
	if err != nil {
		return nil, nil, err
	}
	var unsure error
	for _, j := range jobs {
		if once(j.Schedule) {
			continue
		}
		found, err := s.follower.Job(j, "/root")
		if err != nil {
			return nil, nil, err
		}
		name, doubt := s.in(found)
		if name == "" {
			continue
		}
		if j.Script && all.Units() != nil {
			if left, err := cron.LeftToSystemd.Of(ctx, sys, j.Source); err != nil {
				return nil, nil, err
			} else if left {
				continue
			}
		}
		on, idle, err := starts(ctx, sys, all)
		if err != nil || !on {
			return nil, idle, err
		}
		if doubt {
			unsure = errors.Join(unsure, notReached(j.Position, name))
			continue
		}
		return &check.Evidence{Position: j.Position, Subject: name, Want: regularly, Got: "run by cron"}, nil, nil
	}
	return nil, nil, unsure
}

// notReached says that it is not known whether a text of the shell gets to a command.
func notReached(p inventory.Position, name string) error {
	return fmt.Errorf("%s: it is not known whether %s is reached: %w", p.Place(), name, inventory.ErrUnavailable)
}

// once reports whether a time comes at boots, or once a year.
func once(schedule string) bool {
	f := strings.Fields(schedule)
	if len(f) == 1 {
		return slices.Contains([]string{"@reboot", "@yearly", "@annually"}, f[0])
	}
	return len(f) == 5 && strings.Trim(f[2], "0123456789") == "" && !strings.ContainsAny(f[3], "*-,/")
}

// starts reports whether a cron starts when the system boots, and runs if the system does.
func starts(ctx context.Context, sys *inventory.System, all *services.Services) (on bool, idle *check.Evidence, err error) {
	var unsure error
	for _, name := range crons {
		v, _ := all.Service(name)
		on, err := v.Runs()
		if on {
			now, err := services.Now(ctx, sys, all, v)
			switch {
			case err != nil:
				unsure = errors.Join(unsure, err)
			case now.State == services.Inactive:
				idle = &check.Evidence{Position: now.Position, Subject: name, Want: "active", Got: now.After(v.How)}
			default:
				return true, nil, nil
			}
		}
		unsure = errors.Join(unsure, err)
	}
	return false, idle, unsure
}

// timers looks in what the timers start that start at boot.
func (s search) timers(ctx context.Context, sys *inventory.System, all *services.Services) (*check.Evidence, error) {
	units := all.Units()
	if units == nil {
		return nil, nil
	}
	for _, u := range units.All {
		if !strings.HasSuffix(u.Name, ".service") || u.Name != u.ID || u.Load != systemd.Loaded {
			continue
		}
		for _, by := range units.ActivatedBy(u.Name) {
			if !strings.HasSuffix(by, ".timer") {
				continue
			}
			if on, err := units.Runs(by); err != nil || !on {
				if err != nil {
					return nil, err
				}
				continue
			}
			timer, _ := all.Service(by)
			if now, err := services.Now(ctx, sys, all, timer); err != nil {
				return nil, err
			} else if now.State == services.Inactive {
				continue // no systemd that would start it
			}
			if h, held := units.Hold(u.Name); held && h.Known {
				continue
			} else if held {
				return nil, fmt.Errorf("%s: it is not known whether %s holds: %w", h.Place(), h.Key, inventory.ErrUnavailable)
			}
			v, _ := all.Service(u.Name)
			found, err := s.follower.Service(units, v)
			if err != nil {
				return nil, err
			}
			name, doubt := s.in(found)
			if doubt {
				return nil, notReached(inventory.Position{Source: u.Path}, name)
			}
			if name != "" {
				return &check.Evidence{Position: inventory.Position{Source: u.Path}, Subject: name, Want: regularly, Got: "run by " + by}, nil
			}
		}
	}
	return nil, nil
}

// in returns the first of the commands that is found, or "", and whether it is only found where it may
// not be reached.
func (s search) in(found programs.Found) (name string, doubt bool) {
	for _, c := range found.Commands {
		if s.aideOff && strings.HasPrefix(path.Base(c.Program), "dailyaidecheck") {
			return "", false
		}
	}
	for _, wanted := range s.AnyOf {
		words := strings.Fields(wanted)
		for _, c := range found.Commands {
			if path.Base(c.Program) != words[0] {
				continue
			}
			if !slices.ContainsFunc(words[1:], func(w string) bool { return !slices.Contains(c.Args, w) }) {
				if !c.Doubt {
					return wanted, false
				}
				name, doubt = wanted, true
			}
		}
	}
	return name, doubt
}
