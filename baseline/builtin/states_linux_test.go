package builtin_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
)

// Rules whose kinds say that they judge what is configured ask nothing of the running system.
func TestStatesAreDeclaredOnHost(t *testing.T) {
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range allRules(t) {
		if rule.Needs.Has(check.NeedsWalk) {
			continue // a walk of whatever lies on this host, for each
		}
		for _, err := range checktest.Undeclared(t.Context(), rule, cfg) {
			if strings.Contains(err.Error(), "judges what runs") {
				t.Errorf("%s: %v", rule.ID, err)
			}
		}
	}
}
