package netfilter_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

func TestDefault(t *testing.T) {
	jump := func(to string) netfilter.Rule {
		return netfilter.Rule{Scope: netfilter.All, Verdict: netfilter.Jump, Target: to, Position: inventory.Position{Line: 7}}
	}
	ring := netfilter.Chains{"a": {Policy: netfilter.Deny, Rules: []netfilter.Rule{jump("b"), jump("b")}}, "b": {Rules: []netfilter.Rule{jump("a"), jump("a")}}}
	for name, c := range map[string]struct {
		all  netfilter.Chains
		want netfilter.Decision
	}{
		"no chain": {nil, netfilter.Decision{Verdict: netfilter.Accept}},
		"a ring":   {ring, netfilter.Decision{Verdict: netfilter.Unknown}},
		"a return": {netfilter.Chains{"a": {Policy: netfilter.Accept, Rules: []netfilter.Rule{jump("b"), {Scope: netfilter.All, Verdict: netfilter.Deny, Position: inventory.Position{Line: 3}}}},
			"b": {Rules: []netfilter.Rule{{Scope: netfilter.Broad, Verdict: netfilter.Return}, {Scope: netfilter.All, Verdict: netfilter.Accept}}}}, netfilter.Decision{Verdict: netfilter.Deny, Position: inventory.Position{Line: 3}}},
	} {
		got := c.all.Default("a")
		if c.want.Line == 0 {
			got.Line = 0
		}
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestScopes(t *testing.T) {
	for name, want := range map[string]netfilter.Scope{"lo": netfilter.Some, "eth0": netfilter.Broad, "enp1s0": netfilter.Broad, `"wlan0"`: netfilter.Broad, "+": netfilter.All, "docker0": netfilter.Some} {
		if got := netfilter.Interface(name); got != want {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
	for ports, want := range map[string]netfilter.Scope{"22": netfilter.Some, "0-65535": netfilter.Broad, "1:": netfilter.Broad, "1024-65535": netfilter.Some, "": netfilter.Some} {
		if got := netfilter.Ports(ports); got != want {
			t.Errorf("%s: got %d, want %d", ports, got, want)
		}
	}
}

func ExampleChains_Default() {
	all := netfilter.Chains{"input": {Policy: netfilter.Deny, Position: inventory.Position{Line: 2}, Rules: []netfilter.Rule{{Scope: netfilter.All, Verdict: netfilter.Accept, Position: inventory.Position{Line: 9}}}}}
	fmt.Println(all.Default("input").Verdict, all.Default("input").Line)
	// Output: accept 9
}
