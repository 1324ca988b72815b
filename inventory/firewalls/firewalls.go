// Package firewalls reports which firewalls start when the system boots, and what they do with
// packets that no particular rule matches. It knows nftables, iptables, ufw and firewalld, and
// reads their configuration files. A file that no service loads is ignored. The rules that the
// running kernel has at this moment are not read, since they are available by netlink only.
package firewalls

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Firewall is a firewall that starts when the system boots. Name is nftables, iptables, ufw or
// firewalld, or the name of the service of another firewall without ".service".
type Firewall struct {
	Name    string
	Service services.Service
	Files   map[int]string // the files that iptables loads, by family, 4 and 6; nil for others
}

// others are the services of firewalls whose configuration is not read.
var others = [...]string{"shorewall.service", "shorewall6.service", "shorewall-lite.service", "ferm.service",
	"csf.service", "lfd.service", "arno-iptables-firewall.service", "foomuuri.service", "vuurmuur.service",
	"uruk.service", "apf.service", "fiaif.service", "firehol.service", "awall.service"}

// Fact is the list of firewalls that start when the system boots. A firewall starts if its service
// starts, by [services.Fact], and its own configuration does not switch it off, as that of ufw can.
var Fact = inventory.NewFact("firewalls", collect)

func collect(ctx context.Context, s *inventory.System) ([]Firewall, error) {
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
		v, _ := boot.Service(name)
		on, err := v.Runs()
		if err != nil {
			return nil, err
		}
		if on {
			all = append(all, Firewall{Name: strings.TrimSuffix(name, ".service"), Service: v})
		}
	}
	return all, nil
}
