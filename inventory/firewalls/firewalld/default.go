package firewalld

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// inner are the prefixes of the names of interfaces that do not lead to the network: the loopback,
// and those to containers and guests of the host.
var inner = []string{"lo", "docker", "virbr", "podman", "cni", "veth"}

// Default returns the decision about a packet in a direction, input or forward, that no particular
// rule matches. It is the same for both families. The verdict is Accept if the default zone accepts
// everything, or a zone that a network card or all senders are bound to. The error is
// [inventory.ErrUnavailable] if there are direct rules, or if a zone is named that does not exist.
func (c *Config) Default(direction string) (netfilter.Decision, error) {
	z, ok := c.Zones[c.DefaultZone.Value]
	if !ok {
		return netfilter.Decision{}, fmt.Errorf("the default zone is not there: %w", inventory.ErrUnavailable)
	}
	if z.Accepts() {
		return netfilter.Decision{Verdict: netfilter.Accept, Position: inventory.Position{Source: z.Source}}, nil
	}
	// Zones that accept, and that a card or all senders are bound to by the zone's own file.
	for _, name := range slices.Sorted(maps.Keys(c.Zones)) {
		z := c.Zones[name]
		reached := slices.ContainsFunc(z.Interfaces, isOuter) || slices.ContainsFunc(z.Senders, isEverybody)
		if z.Accepts() && reached {
			return netfilter.Decision{Verdict: netfilter.Accept, Position: inventory.Position{Source: z.Source}}, nil
		}
	}
	// Zones that connections are bound to.
	for _, b := range c.Bindings {
		z, ok := c.Zones[b.Zone]
		if !ok {
			return netfilter.Decision{}, fmt.Errorf("%s: a zone that is not there: %w", b.Source, inventory.ErrUnavailable)
		}
		if z.Accepts() {
			return netfilter.Decision{Verdict: netfilter.Accept, Position: inventory.Position{Source: b.Source}}, nil
		}
	}
	// Policies that accept what comes from the network.
	outer := c.findOuter()
	for _, p := range c.Policies {
		toHost := slices.Contains(p.Egress, "HOST")
		accepts := p.Target == "ACCEPT" || p.Open
		if accepts && slices.ContainsFunc(p.Ingress, func(zone string) bool { return outer[zone] }) && toHost == (direction == "input") {
			return netfilter.Decision{Verdict: netfilter.Accept, Position: inventory.Position{Source: p.Source}}, nil
		}
	}
	if c.Direct {
		return netfilter.Decision{}, fmt.Errorf("%s has rules of its own: %w", direct, inventory.ErrUnavailable)
	}
	return netfilter.Decision{Verdict: netfilter.Deny, Position: c.DefaultZone.Position}, nil
}

// isOuter reports whether an interface may lead to the network.
func isOuter(name string) bool {
	return !slices.ContainsFunc(inner, func(p string) bool { return strings.HasPrefix(name, p) })
}

// findOuter returns the zones that packets of the network may belong to: the default zone, ANY, and
// those that a card, a sender or a connection is bound to.
func (c *Config) findOuter() map[string]bool {
	all := map[string]bool{"ANY": true, c.DefaultZone.Value: true}
	for name, z := range c.Zones {
		if slices.ContainsFunc(z.Interfaces, isOuter) || len(z.Senders) > 0 {
			all[name] = true
		}
	}
	for _, b := range c.Bindings {
		all[b.Zone] = true
	}
	return all
}
