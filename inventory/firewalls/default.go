package firewalls

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/firewalld"
	"github.com/hardening-sdk/hardening/inventory/firewalls/iptables"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
	"github.com/hardening-sdk/hardening/inventory/firewalls/nftables"
	"github.com/hardening-sdk/hardening/inventory/firewalls/ufw"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Packet describes a packet that no particular rule of a firewall matches.
type Packet struct {
	Firewall  string // the Name of a [Firewall] of [Fact]
	Direction string // input or forward
	Family    int    // 4 or 6
}

// Default reports what a firewall does with a packet that no particular rule matches. The error
// is [inventory.ErrAbsent] if the firewall does not start at boot, and [inventory.ErrUnavailable]
// if its configuration is not understood.
var Default = inventory.NewKeyed("firewall default", decide)

// decide hands the packet to the firewall that it names.
func decide(ctx context.Context, s *inventory.System, p Packet) (netfilter.Decision, error) {
	all, err := Fact.Of(ctx, s)
	if err != nil {
		return netfilter.Decision{}, err
	}
	i := slices.IndexFunc(all, func(f Firewall) bool { return f.Name == p.Firewall })
	if i < 0 {
		return netfilter.Decision{}, fmt.Errorf("%s does not start: %w", p.Firewall, inventory.ErrAbsent)
	}
	switch p.Firewall {
	case "nftables":
		return decideNftables(ctx, s, p)
	case "iptables":
		return decideIptables(ctx, s, all[i].Files[p.Family], p)
	case "ufw":
		return decideUFW(ctx, s, p)
	case "firewalld":
		return decideFirewalld(ctx, s, p)
	}
	err = fmt.Errorf("%s starts, whose rules are not understood: %w", all[i].Service.Name, inventory.ErrUnavailable)
	return netfilter.Decision{}, err
}

// decideNftables reads the file of rules that nftables.service loads. A decision that no line of
// it makes has the file as its source.
func decideNftables(ctx context.Context, s *inventory.System, p Packet) (netfilter.Decision, error) {
	boot, err := services.Fact.Of(ctx, s)
	if err != nil {
		return netfilter.Decision{}, err
	}
	file, err := rulesFile(ctx, s, boot)
	if err != nil {
		return netfilter.Decision{}, err
	}
	rules, err := nftables.Fact.Of(ctx, s, file)
	if err != nil {
		return netfilter.Decision{}, err
	}
	d := rules.Default(p.Direction, p.Family)
	if d.Source == "" {
		d.Source = file
	}
	return d, nil
}

// decideIptables reads the file of rules of one family. If no service loads a file, or the file is
// missing, every packet is accepted.
func decideIptables(ctx context.Context, s *inventory.System, file string, p Packet) (netfilter.Decision, error) {
	if file == "" {
		return netfilter.Decision{Verdict: netfilter.Accept}, nil
	}
	parse := func(b []byte) (netfilter.Chains, error) { return iptables.Parse(b, p.Family) }
	chains, err := inventory.ParseFile(ctx, s, file, parse)
	if inventory.IsAbsent(err, file) {
		return netfilter.Decision{Verdict: netfilter.Accept}, nil // nothing is loaded
	}
	if err != nil {
		return netfilter.Decision{}, err
	}
	d := chains.Default(strings.ToUpper(p.Direction))
	d.Source = file
	return d, nil
}

// decideUFW reads the configuration of ufw.
func decideUFW(ctx context.Context, s *inventory.System, p Packet) (netfilter.Decision, error) {
	c, err := ufw.Fact.Of(ctx, s)
	if err != nil {
		return netfilter.Decision{}, err
	}
	return c.Default(p.Direction, p.Family), nil
}

// decideFirewalld reads the configuration of firewalld.
func decideFirewalld(ctx context.Context, s *inventory.System, p Packet) (netfilter.Decision, error) {
	c, err := firewalld.Fact.Of(ctx, s)
	if err != nil {
		return netfilter.Decision{}, err
	}
	return c.Default(p.Direction)
}
