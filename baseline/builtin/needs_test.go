package builtin_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
)

// Conformance finds needs that are not declared on fixtures; here they are looked for on the
// trees of real distributions.
func TestNeedsAreDeclaredOnTrees(t *testing.T) {
	for _, suite := range oracle.Suites {
		t.Run(suite, func(t *testing.T) {
			cfg, err := inventory.Dir(oracle.Tree(t, suite))
			if err != nil {
				t.Fatal(err)
			}
			for _, rule := range allRules(t) {
				for _, err := range checktest.Undeclared(t.Context(), rule, cfg) {
					t.Errorf("%s: %v", rule.ID, err)
				}
			}
		})
	}
}

// Many rules can be judged without the walk, and for any account.
func TestMostRulesAreCheap(t *testing.T) {
	count := map[string]int{}
	for _, r := range allRules(t) {
		for _, n := range strings.Fields(r.Needs.String() + " all") {
			count[n]++
		}
	}
	if count["walk"] == 0 || count["live"] == 0 || count["privileges"] == 0 || count["walk"] > 10 || count["privileges"] > count["all"]/2 || count["live"] > count["all"]/3 {
		t.Errorf("got %v", count)
	}
}
