// Package firewall has ready-made checks of the firewall of a host, as its files configure
// it: nftables, iptables, ufw and firewalld. A firewall counts if its service starts when
// the system boots; files that no service loads decide nothing. The rules that a running
// kernel has at the moment are asked by netlink, which is out of reach here. [Kinds] has the names
// of the checks in baselines.
package firewall

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
	"github.com/hardening-sdk/hardening/inventory/services"
)

func evidence(f firewalls.Firewall, want, got string) check.Evidence {
	return check.Evidence{Position: inventory.Position{Source: f.Service.Source}, Subject: f.Service.Name, Want: want, Got: got}
}

// none is evidence that no firewall starts.
func none(want string) check.Evidence {
	return check.Evidence{Subject: "nftables, iptables, ufw or firewalld", Want: want, Got: "none starts"}
}

// On is the kind firewall.on. It requires that a firewall starts when the system boots: that its
// service does, and that it is not switched off by its own configuration, as ufw can be. On a running
// system the service has to be active, by [services.Now].
type On struct{}

// Check returns the check.
func (On) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := firewalls.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		boot, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			v.Bad(none("started at boot"))
		}
		for _, f := range all {
			now, err := services.Now(ctx, sys, boot, f.Service)
			if err != nil {
				return err
			}
			ev := evidence(f, "started at boot", now.After(f.Service.How))
			if now.State == services.Inactive {
				ev.Position = now.Position
			}
			v.Judge(now.State != services.Inactive, ev)
		}
		return nil
	}), nil
}

// One is the kind firewall.one. It requires that not more than one firewall starts. Where none does
// there is nothing to judge.
type One struct{}

// Check returns the check.
func (One) Check() (check.Check, error) {
	return check.Of(firewalls.Fact, func(v *check.Verdict, all []firewalls.Firewall) {
		var names []string
		for _, f := range all {
			names = append(names, f.Name)
			v.Judge(len(all) == 1, evidence(f, "one firewall", f.Service.How))
		}
		switch len(all) {
		case 0:
			v.Say("no firewall starts")
			v.Absent(none("one firewall"))
		case 1:
		default:
			v.Say(strings.Join(names, ", "))
		}
	}), nil
}

// DefaultDeny is the kind firewall.default-deny. It requires that what no rule of the firewall lets
// through is dropped or refused, for IPv4 and, unless the system is configured without it, for
// IPv6. Rules that let through nearly everything count as a firewall that is open: all of TCP,
// all of one network card, every new connection. Where no firewall starts that fails, or with
// Started is not applicable. Of several that start each has to deny.
type DefaultDeny struct {
	Direction string `yaml:"direction,required" enum:"input,forward" doc:"packets to the system itself, or through it"`
	Started   bool   `doc:"whether a system on which no firewall starts has nothing to judge, where it would fail otherwise"`
}

// Check returns the check.
func (a DefaultDeny) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return check.Func(a.examine), nil
}

func (a DefaultDeny) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	all, err := firewalls.Fact.Of(ctx, sys)
	if err != nil {
		return err
	}
	switch {
	case len(all) == 0 && a.Started:
		v.Say("no firewall starts")
		v.Absent(none("started at boot"))
	case len(all) == 0:
		v.Bad(none("started at boot"))
	}
	for _, f := range all {
		for _, family := range []int{4, 6} {
			ev, denies, err := a.judge(ctx, sys, f, family)
			if err != nil {
				v.Err(err)
				continue
			}
			v.Judge(denies, ev)
		}
	}
	return nil
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
