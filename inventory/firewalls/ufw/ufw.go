// Package ufw tells what ufw(8) loads when the system boots: whether it is enabled, by
// etc/ufw/ufw.conf, its default policies, by etc/default/ufw, and whether its files of
// rules let in everything all the same.
package ufw

import (
	"context"
	"fmt"
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

// Config is the configuration. Settings are inventory.Setting with the file and line of
// each; one that is not set has no source.
type Config struct {
	Enabled, IPv6 inventory.Setting
	Policies      map[string]inventory.Setting // by direction: input, forward
	chains        map[int]netfilter.Chains     // by family
}

// On reports whether ufw loads anything: its start script takes "yes" and "YES".
func (c *Config) On() bool { return yes(c.Enabled.Value) }

func yes(v string) bool { return v == "yes" || v == "YES" }

// Fact is the configuration. It is [inventory.ErrAbsent] where etc/ufw/ufw.conf is not
// there, without which ufw does not start.
var Fact = inventory.NewFact("ufw", func(ctx context.Context, s *inventory.System) (*Config, error) {
	first, err := variables(ctx, s, enabling)
	if inventory.IsAbsent(err, enabling) {
		return nil, fmt.Errorf("%s: %w", enabling, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	c := &Config{Enabled: first["ENABLED"], Policies: map[string]inventory.Setting{}, chains: map[int]netfilter.Chains{}}
	if !c.On() {
		return c, nil
	}
	vars, err := variables(ctx, s, defaults)
	if err != nil {
		return nil, err
	}
	for name, v := range first { // it is sourced after the other, ufw-init-functions
		vars[name] = v
	}
	c.IPv6, c.Policies["input"], c.Policies["forward"] = vars["IPV6"], vars["DEFAULT_INPUT_POLICY"], vars["DEFAULT_FORWARD_POLICY"]
	info, err := s.Stat(ctx, hook)
	if err == nil && info.Mode()&0o111 != 0 {
		return nil, fmt.Errorf("%s may be run: %w", hook, inventory.ErrUnavailable)
	}
	if err != nil && !inventory.IsAbsent(err, hook) {
		return nil, err
	}
	for _, family := range []int{4, 6} {
		if c.chains[family], err = rules(ctx, s, family); err != nil {
			return nil, err
		}
	}
	return c, nil
})

func variables(ctx context.Context, s *inventory.System, file string) (map[string]inventory.Setting, error) {
	b, err := s.ReadFile(ctx, file)
	if err != nil {
		return nil, err
	}
	list, errs := shellvar.Parse(b)
	if len(errs) > 0 {
		return nil, fmt.Errorf("%s: more than variables: %w", file, inventory.ErrUnavailable)
	}
	all := map[string]inventory.Setting{}
	for _, v := range list {
		all[v.Key] = inventory.Setting{Name: v.Key, Value: v.Value, Source: file, Line: v.Line}
	}
	return all, nil
}

// rules reads the three files of a family.
func rules(ctx context.Context, s *inventory.System, family int) (netfilter.Chains, error) {
	all := netfilter.Chains{}
	for _, name := range []string{"before", "user", "after"} {
		file := "etc/ufw/" + name + map[int]string{4: "", 6: "6"}[family] + ".rules"
		b, err := s.ReadFile(ctx, file)
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

// Default answers what becomes of a packet of a family, 4 or 6, in a direction, input or
// forward, that no particular rule takes. Without IPV6=yes ufw drops all of IPv6.
func (c *Config) Default(direction string, family int) netfilter.Decision {
	policy := c.Policies[direction]
	if family == 6 && !yes(c.IPv6.Value) {
		return netfilter.Decision{Verdict: netfilter.Deny, Source: c.IPv6.Source, Line: c.IPv6.Line}
	}
	d := netfilter.Decision{Verdict: netfilter.Deny, Source: policy.Source, Line: policy.Line}
	switch policy.Value {
	case "DROP", "REJECT":
	case "ACCEPT":
		d.Verdict = netfilter.Accept
		return d
	default: // iptables-restore refuses it, and the policy stays what it was
		d.Verdict = netfilter.Accept
		return d
	}
	// The files may have rules for the chains of the kernel too.
	if open := c.chains[family].Decided(strings.ToUpper(direction)); open.Verdict == netfilter.Accept || open.Verdict == netfilter.Unknown {
		return open
	}
	for _, place := range []string{"before", "user", "after"} {
		name := "ufw" + map[int]string{4: "", 6: "6"}[family] + "-" + place + "-" + direction
		if open := c.chains[family].Decided(name); open.Verdict == netfilter.Accept || open.Verdict == netfilter.Unknown {
			return open
		}
	}
	return d
}
