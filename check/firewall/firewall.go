// Package firewall has ready-made checks of the firewall of a host, as its files configure
// it: nftables, iptables, ufw and firewalld. A firewall counts if its service starts when
// the system boots; files that no service loads decide nothing. The rules that a running
// kernel has at the moment are asked by netlink, which is out of reach here.
package firewall

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// firewall is one that starts.
type firewall struct {
	name    string
	service services.Service
	// decide answers what becomes of a packet that nothing chooses, by direction and
	// family; nil where the configuration is not understood.
	decide func(direction string, family int) (netfilter.Decision, error)
}

// others are services of firewalls whose configuration is not read.
var others = []string{"shorewall.service", "shorewall6.service", "shorewall-lite.service", "ferm.service", "csf.service", "lfd.service",
	"arno-iptables-firewall.service", "foomuuri.service", "vuurmuur.service", "uruk.service", "apf.service", "fiaif.service", "firehol.service", "awall.service"}

// started answers the firewalls that start when the system boots.
func started(ctx context.Context, s *inventory.System) ([]firewall, error) {
	boot, err := services.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []firewall
	for _, find := range []func(context.Context, *inventory.System, *services.Services) (*firewall, error){ofNftables, ofIptables, ofUFW, ofFirewalld} {
		f, err := find(ctx, s, boot)
		if err != nil {
			return nil, err
		}
		if f != nil {
			all = append(all, *f)
		}
	}
	for _, name := range others {
		if v, ok := boot.Service(name); ok && v.AtBoot {
			all = append(all, firewall{name: strings.TrimSuffix(name, ".service"), service: v})
		}
	}
	return all, nil
}

func (f firewall) evidence(want, got string) check.Evidence {
	return check.Evidence{Source: f.service.Source, Subject: f.service.Name, Want: want, Got: got}
}

// On asks that a firewall starts when the system boots: that its service does, and that it
// is not switched off by its own configuration, as ufw can be.
type On struct{}

// Check makes the check.
func (On) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := started(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if len(all) == 0 {
			return check.Failed("", check.Evidence{Subject: "nftables, iptables, ufw or firewalld", Want: "started at boot", Got: "none starts"})
		}
		var ev []check.Evidence
		for _, f := range all {
			ev = append(ev, f.evidence("started at boot", f.service.How))
		}
		return check.Passed("", ev...)
	}), nil
}

// One asks that not more than one firewall starts. Where none does there is nothing to
// judge.
type One struct{}

// Check makes the check.
func (One) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := started(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var names []string
		var ev []check.Evidence
		for _, f := range all {
			names = append(names, f.name)
			ev = append(ev, f.evidence("one firewall", f.service.How))
		}
		switch len(all) {
		case 0:
			return check.Absent("no firewall starts")
		case 1:
			return check.Passed("", ev...)
		}
		return check.Failed(strings.Join(names, ", "), ev...)
	}), nil
}

// DefaultDeny asks that what no rule of the firewall lets through is dropped or refused,
// for IPv4 and, unless the system is configured without it, for IPv6. Rules that let
// through nearly everything count as a firewall that is open: all of TCP, all of one
// network card, every new connection. Where no firewall starts that fails, or with Started
// is not applicable. Of several that start each has to deny.
type DefaultDeny struct {
	Direction string `yaml:"direction,required"` // input or forward
	Started   bool   // only where a firewall starts
}

// Check makes the check.
func (a DefaultDeny) Check() (check.Check, error) {
	if a.Direction != "input" && a.Direction != "forward" {
		return nil, errors.New("the direction is neither input nor forward")
	}
	return check.Func(a.examine), nil
}

func (a DefaultDeny) examine(ctx context.Context, sys *inventory.System) check.Result {
	all, err := started(ctx, sys)
	if err != nil {
		return check.FromError(err)
	}
	if len(all) == 0 {
		if a.Started {
			return check.Absent("no firewall starts")
		}
		return check.Failed("", check.Evidence{Subject: "nftables, iptables, ufw or firewalld", Want: "started at boot", Got: "none starts"})
	}
	var good, bad []check.Evidence
	var errs []error
	for _, f := range all {
		for _, family := range []int{4, 6} {
			ev, denies, err := a.judge(ctx, sys, f, family)
			switch {
			case err != nil:
				if len(errs) == 0 || errs[len(errs)-1].Error() != err.Error() { // most often both families have the same
					errs = append(errs, err)
				}
			case denies:
				good = append(good, ev)
			default:
				bad = append(bad, ev)
			}
		}
	}
	if len(bad) > 0 {
		return check.Failed("", bad...)
	}
	if err := errors.Join(errs...); err != nil {
		return check.FromError(err)
	}
	return check.Passed("", good...)
}

// judge answers whether one firewall denies one family.
func (a DefaultDeny) judge(ctx context.Context, sys *inventory.System, f firewall, family int) (check.Evidence, bool, error) {
	if f.decide == nil {
		return check.Evidence{}, false, fmt.Errorf("%s starts, whose rules are not understood: %w", f.service.Name, inventory.ErrUnavailable)
	}
	d, err := f.decide(a.Direction, family)
	if err != nil {
		return check.Evidence{}, false, err
	}
	ev := check.Evidence{Source: d.Source, Line: d.Line, Subject: fmt.Sprintf("%s, IPv%d %s", f.name, family, a.Direction),
		Want: "dropped or refused by default", Got: "dropped or refused"}
	if ev.Source == "" {
		ev.Source = f.service.Source
	}
	if d.Verdict == netfilter.Deny {
		return ev, true, nil
	}
	if family == 6 {
		off, err := withoutIPv6(ctx, sys)
		if err != nil {
			return ev, false, err
		}
		if off.Source != "" {
			ev.Source, ev.Line, ev.Got = off.Source, off.Line, "the system is without IPv6"
			return ev, true, nil
		}
	}
	if d.Verdict == netfilter.Unknown {
		return ev, false, fmt.Errorf("%s:%d: it is not known what this rule decides: %w", ev.Source, d.Line, inventory.ErrUnavailable)
	}
	ev.Got = "let through"
	return ev, false, nil
}
