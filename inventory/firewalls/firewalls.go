// Package firewalls tells which firewalls of a host start when the system boots, and what
// becomes of packets that no rule of theirs chooses, as their files configure it: nftables,
// iptables, ufw and firewalld. Files that no service loads decide nothing. The rules that a
// running kernel has at the moment are asked by netlink, which is out of reach here.
package firewalls

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Firewall is one that starts when the system boots.
type Firewall struct {
	Name    string // nftables, iptables, ufw, firewalld, or that of another's service
	Service services.Service
	Files   map[int]string // of iptables: the files that its services load, by family, 4 and 6
}

// others are services of firewalls whose configuration is not read.
var others = [...]string{"shorewall.service", "shorewall6.service", "shorewall-lite.service", "ferm.service",
	"csf.service", "lfd.service", "arno-iptables-firewall.service", "foomuuri.service", "vuurmuur.service",
	"uruk.service", "apf.service", "fiaif.service", "firehol.service", "awall.service"}

// Fact is the firewalls that start when the system boots: those whose service does, by
// [services.Fact], and which are not switched off by their own configuration, as ufw can be.
var Fact = inventory.NewFact("firewalls", func(ctx context.Context, s *inventory.System) ([]Firewall, error) {
	boot, err := services.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []Firewall
	for _, look := range []find{findByService("nftables"), findIptables, findUFW, findByService("firewalld")} {
		f, err := look(ctx, s, boot)
		if err != nil {
			return nil, err
		}
		if f != nil {
			all = append(all, *f)
		}
	}
	for _, name := range others {
		if v, ok := boot.Service(name); ok && v.AtBoot {
			all = append(all, Firewall{Name: strings.TrimSuffix(name, ".service"), Service: v})
		}
	}
	return all, nil
})
