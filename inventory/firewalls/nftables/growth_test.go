package nftables_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/nftables"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := parse(string(b)); return err }
	table := func(b []byte) error { return read([]byte(base + string(b) + "\n}\n}\n")) }
	growth.All(t, 700, read, "add table a\n")
	growth.All(t, 700, table, "accept\n", "tcp dport { 22, 80 } accept\n")
	growth.Limit(t, "a,", "f:1: ", read)
	growth.Limit(t, "accept\n", "f:", table)
}

// What a small configuration asks for is bounded.
func TestBounds(t *testing.T) {
	fan := "-- etc/nftables.conf --\n"
	for i := range 4 {
		fan += strings.Repeat(fmt.Sprintf("include \"/etc/%c\"\n", 'a'+i), 20) + fmt.Sprintf("-- etc/%c --\n", 'a'+i)
	}
	for name, fixture := range map[string]string{
		"includes":  fan,
		"variables": "-- etc/nftables.conf --\ndefine a = x\n" + strings.Repeat("define a = $a,$a\n", 60),
		"a map":     "-- etc/nftables.conf --\n" + base + strings.Repeat("meta mark 1 ", 1_000) + "tcp dport vmap { " + strings.Repeat("1 : accept, ", 1_000) + " }\n}\n}\n",
	} {
		_, err := nftables.Fact.Of(t.Context(), inventorytest.System(t, fixture), "etc/nftables.conf")
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Inserted rules stand before the others, the last one first, and tables are found by their names.
func TestManyRules(t *testing.T) {
	var b strings.Builder
	b.WriteString(base + "}\n}\n")
	for i := range 4_000 {
		fmt.Fprintf(&b, "insert rule inet f i return\nadd table t%d\n", i)
	}
	b.WriteString("insert rule inet f i accept\ndelete table t7\n")
	r, err := parse(b.String())
	if err != nil {
		t.Fatal(err)
	}
	rules := r.Tables[0].Chains["i"].Rules
	if len(rules) != 4_001 || rules[0].Verdict != "accept" || rules[1].Line < rules[2].Line || len(r.Tables) != 4_000 {
		t.Errorf("got %d rules, %d tables", len(rules), len(r.Tables))
	}
}
