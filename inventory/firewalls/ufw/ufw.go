// Package ufw reads what ufw(8) loads when the system boots: from etc/ufw/ufw.conf whether it is
// enabled, from etc/default/ufw its default policies, and from the files etc/ufw/*.rules whether
// its rules accept everything in spite of the policies.
package ufw

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/iptables"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

const (
	enabling = "etc/ufw/ufw.conf"
	defaults = "etc/default/ufw"
	hook     = "etc/ufw/before.init"
)

// Config is the configuration of ufw. Each setting has its file and line; one that is not set has
// no source. If ufw is not enabled, only Enabled is set.
type Config struct {
	Enabled, IPv6 inventory.Setting
	Policies      map[string]inventory.Setting // by direction: input, forward
	chains        map[int]netfilter.Chains     // by family
}

// On reports whether ufw is enabled. Like its start script it accepts "yes" and "YES".
func (c *Config) On() bool { return isYes(c.Enabled.Value) }

// isYes reports whether a value switches something on.
func isYes(v string) bool { return v == "yes" || v == "YES" }

// Fact is the configuration of ufw. The error is [inventory.ErrAbsent] if etc/ufw/ufw.conf is
// missing, as ufw then does not start, and [inventory.ErrUnavailable] if a script could change the
// rules.
var Fact = inventory.NewFact("ufw", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	first, err := Variables.Of(ctx, s, enabling)
	if err != nil {
		return nil, err
	}
	c := &Config{
		Enabled:  first["ENABLED"],
		Policies: map[string]inventory.Setting{},
		chains:   map[int]netfilter.Chains{},
	}
	if !c.On() {
		return c, nil
	}
	vars, err := Variables.Of(ctx, s, defaults)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, fmt.Errorf("%s is missing, without which ufw does not start: %w", defaults, inventory.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	vars = maps.Clone(vars)
	maps.Copy(vars, first) // ufw-init-functions sources ufw.conf last, so that its values win
	c.IPv6 = vars["IPV6"]
	c.Policies["input"], c.Policies["forward"] = vars["DEFAULT_INPUT_POLICY"], vars["DEFAULT_FORWARD_POLICY"]
	// An executable hook may load any rules.
	info, err := s.Stat(ctx, hook)
	if err == nil && info.Mode()&0o111 != 0 {
		return nil, fmt.Errorf("%s may be run: %w", hook, inventory.ErrUnavailable)
	}
	if err != nil && !inventory.IsAbsent(err, hook) {
		return nil, err
	}
	for _, family := range []int{4, 6} {
		if c.chains[family], err = readRules(ctx, s, family); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Variables is the variables of one of the files of ufw that its start script sources, etc/ufw/ufw.conf
// or etc/default/ufw. The error is [inventory.ErrAbsent] if the file is missing, and
// [inventory.ErrUnavailable] if it does more than set variables.
var Variables = inventory.NewKeyed("variables of ufw", readVariables)

func readVariables(ctx context.Context, s *inventory.System, file string) (map[string]inventory.Setting, error) {
	b, err := s.ReadText(ctx, file)
	if inventory.IsAbsent(err, file) {
		return nil, fmt.Errorf("%s: %w", file, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	all := map[string]inventory.Setting{}
	for v, err := range shellvar.Shell(b) {
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %v: %w", file, v.Line, err, inventory.ErrUnavailable)
		}
		all[v.Key] = inventory.Setting{Name: v.Key, Value: v.Value, Position: inventory.Position{Source: file, Line: v.Line}}
	}
	return all, nil
}

// readRules reads the three files of rules of a family and joins their chains. A missing file has
// no rules.
func readRules(ctx context.Context, s *inventory.System, family int) (netfilter.Chains, error) {
	all := netfilter.Chains{}
	for _, name := range []string{"before", "user", "after"} {
		file := "etc/ufw/" + name + map[int]string{4: "", 6: "6"}[family] + ".rules"
		b, err := s.ReadText(ctx, file)
		if inventory.IsAbsent(err, file) {
			continue
		}
		if err != nil {
			return nil, err
		}
		some, err := iptables.Parse(b, family)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for chain, c := range some {
			c.Source = file
			for i := range c.Rules {
				c.Rules[i].Source = file
			}
			if have := all[chain]; have != nil {
				have.Rules = append(have.Rules, c.Rules...)
			} else {
				all[chain] = c
			}
		}
	}
	return all, nil
}

// Default returns the decision about a packet of a family, 4 or 6, in a direction, input or
// forward, that no particular rule matches. Without IPV6=yes ufw drops all of IPv6.
func (c *Config) Default(direction string, family int) netfilter.Decision {
	policy := c.Policies[direction]
	if family == 6 && !isYes(c.IPv6.Value) {
		return netfilter.Decision{Verdict: netfilter.Deny, Position: c.IPv6.Position}
	}
	d := netfilter.Decision{Verdict: netfilter.Deny, Position: policy.Position}
	switch policy.Value {
	case "DROP", "REJECT":
	case "ACCEPT":
		d.Verdict = netfilter.Accept
		return d
	default: // iptables-restore refuses it, and the policy stays what it was
		d.Verdict = netfilter.Accept
		return d
	}
	// The files may have rules for the built-in chains too.
	if open := c.chains[family].Decided(strings.ToUpper(direction)); mayAccept(open) {
		return open
	}
	// The policy holds unless one of the chains of ufw accepts before.
	for _, place := range []string{"before", "user", "after"} {
		name := "ufw" + map[int]string{4: "", 6: "6"}[family] + "-" + place + "-" + direction
		if open := c.chains[family].Decided(name); mayAccept(open) {
			return open
		}
	}
	return d
}

// mayAccept reports whether a decision accepts, or cannot be known.
func mayAccept(d netfilter.Decision) bool {
	return d.Verdict == netfilter.Accept || d.Verdict == netfilter.Unknown
}
