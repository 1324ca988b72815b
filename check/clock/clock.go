// Package clock has ready-made checks of the services that set the system's clock: chrony,
// systemd-timesyncd, NTPsec, ntpd and OpenNTPD. Which of them start the units of systemd tell, or the
// runlevels of OpenRC or System V init; where none does it is unknown.
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
	{[]string{"chrony.service", "chronyd.service"}, func(ctx context.Context, s *inventory.System, _ bool) ([]inventory.Setting, error) {
		c, err := chrony.Fact.Of(ctx, s)
		if err != nil {
			return nil, err
		}
		return c.Sources, nil
	}},
	{[]string{"systemd-timesyncd.service"}, timesyncd},
	{[]string{"ntpsec.service"}, ofNTP(ntp.Sec)},
	{[]string{"ntp.service", "ntpd.service"}, ofNTP(ntp.Org)},
	{[]string{"openntpd.service"}, ofNTP(ntp.OpenD)},
}

func ofNTP(kind string) func(context.Context, *inventory.System, bool) ([]inventory.Setting, error) {
	return func(ctx context.Context, s *inventory.System, _ bool) ([]inventory.Setting, error) {
		return ntp.Fact.Of(ctx, s, kind)
	}
}

// timesyncd returns the servers of NTP=, else those of FallbackNTP=, else those compiled in.
func timesyncd(ctx context.Context, s *inventory.System, compiled bool) ([]inventory.Setting, error) {
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

// running is a daemon that starts, under the name of its service.
type running struct {
	daemon
	unit services.Service
}

// started returns the daemons that start when the system boots.
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

// Sources asks that each service that starts and sets the clock has a server or another source to
// take the time from. Where none starts there is nothing to judge.
type Sources struct {
	// Compiled says that the servers that systemd-timesyncd has of its own count.
	Compiled bool
}

// Check makes the check.
func (a Sources) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := started(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if len(all) == 0 {
			return check.Absent("no service that sets the clock starts")
		}
		var good, bad []check.Evidence
		for _, d := range all {
			sources, err := d.sources(ctx, sys, a.Compiled)
			if errors.Is(err, inventory.ErrAbsent) {
				err = fmt.Errorf("%s starts: %v: %w", d.unit.Name, err, inventory.ErrUnavailable)
			}
			if err != nil {
				return check.FromError(err)
			}
			ev := check.Evidence{Position: inventory.Position{Source: d.unit.Source}, Subject: d.unit.Name, Want: "a source of the time", Got: "none"}
			if len(sources) == 0 {
				bad = append(bad, ev)
				continue
			}
			if first := sources[0]; first.Compiled() {
				ev.Got = "the program's own servers"
			} else {
				ev.Source, ev.Line, ev.Got = first.Source, first.Line, first.Name
			}
			good = append(good, ev)
		}
		if len(bad) > 0 {
			return check.Failed("", bad...)
		}
		return check.Passed("", good...)
	}), nil
}

// One asks that not more than one service that sets the clock starts. Where none does there is
// nothing to judge.
type One struct{}

// Check makes the check.
func (One) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := started(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var names []string
		var ev []check.Evidence
		for _, d := range all {
			names = append(names, d.unit.Name)
			ev = append(ev, check.Evidence{Position: inventory.Position{Source: d.unit.Source}, Subject: d.unit.Name, Want: "one service that sets the clock", Got: "started at boot"})
		}
		switch len(all) {
		case 0:
			return check.Absent("no service that sets the clock starts")
		case 1:
			return check.Passed("", ev...)
		}
		return check.Failed(strings.Join(names, ", "), ev...)
	}), nil
}
