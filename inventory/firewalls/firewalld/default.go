package firewalld

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// inner are what names of interfaces begin with behind which are containers and guests of
// the host, and its own loopback.
var inner = []string{"lo", "docker", "virbr", "podman", "cni", "veth"}

// Default answers what becomes of a packet in a direction, input or forward, that nothing
// chooses, of either family. It is Accept where the default zone, or one that a network
// card or everybody is bound to, lets everything in. Where rules are handed to iptables as
// they are, and where a zone is named that is not there, the answer is
// [inventory.ErrUnavailable].
func (c *Config) Default(direction string) (netfilter.Decision, error) {
	z, ok := c.Zones[c.DefaultZone.Value]
	if !ok {
		return netfilter.Decision{}, fmt.Errorf("the default zone is not there: %w", inventory.ErrUnavailable)
	}
	if z.Accepts() {
		return netfilter.Decision{Verdict: netfilter.Accept, Source: z.Source}, nil
	}
	for _, name := range slices.Sorted(maps.Keys(c.Zones)) {
		if z := c.Zones[name]; z.Accepts() && (slices.ContainsFunc(z.Interfaces, outer) || slices.ContainsFunc(z.Senders, everybody)) {
			return netfilter.Decision{Verdict: netfilter.Accept, Source: z.Source}, nil
		}
	}
	for _, b := range c.Bindings {
		z, ok := c.Zones[b.Zone]
		if !ok {
			return netfilter.Decision{}, fmt.Errorf("%s: a zone that is not there: %w", b.Source, inventory.ErrUnavailable)
		}
		if z.Accepts() {
			return netfilter.Decision{Verdict: netfilter.Accept, Source: b.Source}, nil
		}
	}
	for _, p := range c.Policies {
		toHost := slices.Contains(p.Egress, "HOST")
		if (p.Target == "ACCEPT" || p.Open) && slices.ContainsFunc(p.Ingress, c.faces) && toHost == (direction == "input") {
			return netfilter.Decision{Verdict: netfilter.Accept, Source: p.Source}, nil
		}
	}
	if c.Direct {
		return netfilter.Decision{}, fmt.Errorf("%s has rules of its own: %w", direct, inventory.ErrUnavailable)
	}
	return netfilter.Decision{Verdict: netfilter.Deny, Source: c.DefaultZone.Source, Line: c.DefaultZone.Line}, nil
}

func outer(name string) bool {
	return !slices.ContainsFunc(inner, func(p string) bool { return strings.HasPrefix(name, p) })
}

// faces reports whether packets of the network are in a zone: the default one, any, or one
// that something is bound to.
func (c *Config) faces(zone string) bool {
	z := c.Zones[zone]
	return zone == "ANY" || zone == c.DefaultZone.Value || slices.ContainsFunc(z.Interfaces, outer) || len(z.Senders) > 0 ||
		slices.ContainsFunc(c.Bindings, func(b Binding) bool { return b.Zone == zone })
}
