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
	"github.com/hardening-sdk/hardening/inventory/firewalls"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

func evidence(f firewalls.Firewall, want, got string) check.Evidence {
	return check.Evidence{Position: inventory.Position{Source: f.Service.Source}, Subject: f.Service.Name, Want: want, Got: got}
}

// On asks that a firewall starts when the system boots: that its service does, and that it
// is not switched off by its own configuration, as ufw can be.
type On struct{}

// Check makes the check.
func (On) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := firewalls.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if len(all) == 0 {
			return check.Failed("", check.Evidence{Subject: "nftables, iptables, ufw or firewalld", Want: "started at boot", Got: "none starts"})
		}
		var ev []check.Evidence
		for _, f := range all {
			ev = append(ev, evidence(f, "started at boot", f.Service.How))
		}
		return check.Passed("", ev...)
	}), nil
}

// One asks that not more than one firewall starts. Where none does there is nothing to
// judge.
type One struct{}

// Check makes the check.
func (One) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := firewalls.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var names []string
		var ev []check.Evidence
		for _, f := range all {
			names = append(names, f.Name)
			ev = append(ev, evidence(f, "one firewall", f.Service.How))
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
	return check.OldFunc(a.examine), nil
}

func (a DefaultDeny) examine(ctx context.Context, sys *inventory.System) check.Result {
	all, err := firewalls.Fact.Of(ctx, sys)
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

// judge reports whether one firewall denies one family.
func (a DefaultDeny) judge(ctx context.Context, sys *inventory.System, f firewalls.Firewall, family int) (check.Evidence, bool, error) {
	d, err := firewalls.Default.Of(ctx, sys, firewalls.Packet{Firewall: f.Name, Direction: a.Direction, Family: family})
	if err != nil {
		return check.Evidence{}, false, err
	}
	ev := check.Evidence{Position: d.Position, Subject: fmt.Sprintf("%s, IPv%d %s", f.Name, family, a.Direction),
		Want: "dropped or refused by default", Got: "dropped or refused"}
	if ev.Source == "" {
		ev.Source = f.Service.Source
	}
	if d.Verdict == netfilter.Deny {
		return ev, true, nil
	}
	if family == 6 {
		off, err := firewalls.WithoutIPv6.Of(ctx, sys)
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
