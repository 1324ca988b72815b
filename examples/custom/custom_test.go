package custom

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const rules = `{format: hardening/v1, id: pump, title: The pump, version: 1.0.0, rules: [
  {id: linux.pump.debug-off, title: No debugger is let in, severity: high, check: {kind: pump.off, args: {feature: debug}}}]}`

func TestRule(t *testing.T) {
	b, err := baseline.Load(t.Context(), strings.NewReader(rules), "pump.yaml", baseline.LoadOptions{Kinds: Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	checktest.Conform(t, b.Compiled()[0],
		inventorytest.Config(t, "-- etc/pump.conf --\ndebug off\n"), inventorytest.Config(t, "-- etc/pump.conf --\ndebug on\n"))
}
