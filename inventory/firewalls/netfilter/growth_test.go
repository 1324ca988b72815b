package netfilter_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// Chains that each jump to the next one many times are walked through once for each depth.
func TestManyJumps(t *testing.T) {
	all := netfilter.Chains{}
	for i := range 16 {
		var rules []netfilter.Rule
		for range 5_000 {
			rules = append(rules, netfilter.Rule{Scope: netfilter.All, Verdict: netfilter.Jump, Target: fmt.Sprint(i + 1)})
		}
		all[fmt.Sprint(i)] = &netfilter.Chain{Policy: netfilter.Deny, Rules: rules}
	}
	all["16"] = &netfilter.Chain{}
	if got := all.Default("0"); got.Verdict != netfilter.Deny {
		t.Errorf("got %+v", got)
	}
}
