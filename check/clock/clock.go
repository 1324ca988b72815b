// Package clock provides ready-made checks of the services that set the clock of the system:
// chrony, systemd-timesyncd, NTPsec, ntpd and OpenNTPD. Units of systemd, or the runlevels of
// OpenRC or System V init, determine which of them start. A check is Unknown if the system has none
// of these. [Kinds] lists the names of the checks in baselines.
package clock

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/clocks/chrony"
	"github.com/hardening-sdk/hardening/inventory/clocks/ntp"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// daemon is a service that sets the clock.
type daemon struct {
	units   []string
	sources func(ctx context.Context, s *inventory.System, compiled bool) ([]inventory.Setting, error)
}

var daemons = []daemon{
	{[]string{"chrony.service", "chronyd.service", "chronyd-restricted.service"}, func(ctx context.Context, s *inventory.System, _ bool) ([]inventory.Setting, error) {
		c, err := chrony.Fact.Of(ctx, s)
		if err != nil {
			return nil, err
		}
		return c.Sources, nil
	}},
	{[]string{"systemd-timesyncd.service"}, timesyncdSources},
	{[]string{"ntpsec.service"}, ntpSources(ntp.Sec)},
	{[]string{"ntp.service", "ntpd.service"}, ntpSources(ntp.Org)},
	{[]string{"openntpd.service"}, ntpSources(ntp.OpenD)},
	{[]string{"ntpd-rs.service"}, func(context.Context, *inventory.System, bool) ([]inventory.Setting, error) {
		return nil, fmt.Errorf("the configuration of ntpd-rs is not read: %w", inventory.ErrUnavailable)
	}},
}

// ntpSources returns the function that returns the sources of a kind of ntpd.
func ntpSources(kind string) func(context.Context, *inventory.System, bool) ([]inventory.Setting, error) {
	return func(ctx context.Context, s *inventory.System, _ bool) ([]inventory.Setting, error) {
		return ntp.Fact.Of(ctx, s, kind)
	}
}

// timesyncdSources returns the servers of NTP=, else those of FallbackNTP=, else, if compiled is
// true, those that are compiled in.
func timesyncdSources(ctx context.Context, s *inventory.System, compiled bool) ([]inventory.Setting, error) {
	c, err := systemdconf.Fact.Of(ctx, s, "timesyncd.conf")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"NTP", "FallbackNTP"} {
		v, set := c.Lookup("Time", name)
		switch {
		case set && v.Value != "":
			return []inventory.Setting{v}, nil
		case !set && name == "FallbackNTP" && compiled:
			return []inventory.Setting{{Name: name}}, nil
		}
	}
	return nil, nil
}

// running is a daemon that starts, with its service.
type running struct {
	daemon
	unit services.Service
}

// started returns the daemons that start at boot.
func started(ctx context.Context, s *inventory.System) ([]running, error) {
	services, err := services.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []running
	seen := map[string]bool{}
	for _, d := range daemons {
		for _, name := range d.units {
			if v, ok := services.Service(name); ok && v.AtBoot && !seen[v.ID] {
				seen[v.ID] = true
				all = append(all, running{d, v})
				break
			}
		}
	}
	return all, nil
}

// recordNone records that no service that sets the clock starts.
func recordNone(v *check.Verdict) {
	v.Say("no service that sets the clock starts")
	v.Absent(check.Evidence{Subject: "chrony, systemd-timesyncd, NTPsec, ntpd or OpenNTPD", Want: "started at boot", Got: "none starts"})
}

// Sources is the kind clock.sources. It requires that each service that starts and sets the clock
// has a server or another source of the time and, on a running system, runs at this moment. If no such
// service starts, the check is NotApplicable.
type Sources struct {
	Compiled bool `doc:"whether the servers count that systemd-timesyncd has of its own"`
}

// Check returns the check. The error is always nil.
func (a Sources) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := started(ctx, sys)
		if err != nil {
			return err
		}
		found := make([][]inventory.Setting, len(all))
		for i, d := range all {
			found[i], err = d.sources(ctx, sys, a.Compiled)
			if errors.Is(err, inventory.ErrAbsent) {
				err = fmt.Errorf("%s starts: %v: %w", d.unit.Name, err, inventory.ErrUnavailable)
			}
			if err != nil {
				return err
			}
		}
		if len(all) == 0 {
			recordNone(v)
		}
		boot, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		for i, d := range all {
			now, err := services.Now(ctx, sys, boot, d.unit)
			if err != nil {
				return err
			}
			if now.State == services.Inactive {
				v.Bad(check.Evidence{Position: now.Position, Subject: d.unit.Name, Want: "active", Got: now.After(d.unit.How)})
				continue
			}
			judge(v, d, found[i])
		}
		return nil
	}), nil
}

// judge judges the sources of one service.
func judge(v *check.Verdict, d running, sources []inventory.Setting) {
	ev := check.Evidence{Position: d.unit.Position, Subject: d.unit.Name, Want: "a source of the time", Got: "none"}
	switch {
	case len(sources) == 0:
	case sources[0].Compiled():
		ev.Got = "the program's own servers"
	default:
		ev.Position, ev.Got = sources[0].Position, sources[0].Name
	}
	v.Judge(len(sources) > 0, ev)
}

// One is the kind clock.one. It requires that at most one service that sets the clock starts. If
// none starts, the check is NotApplicable.
type One struct{}

// Check returns the check. The error is always nil.
func (One) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := started(ctx, sys)
		if err != nil {
			return err
		}
		var names []string
		for _, d := range all {
			names = append(names, d.unit.Name)
			v.Judge(len(all) == 1, check.Evidence{Position: d.unit.Position, Subject: d.unit.Name, Want: "one service that sets the clock", Got: "started at boot"})
		}
		switch len(all) {
		case 0:
			recordNone(v)
		case 1:
		default:
			v.Say(strings.Join(names, ", "))
		}
		return nil
	}), nil
}
