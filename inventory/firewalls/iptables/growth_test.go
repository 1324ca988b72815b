package iptables_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/firewalls/iptables"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error {
		_, err := iptables.Parse([]byte("*filter\n"+string(b)+"COMMIT\n"), 4)
		return err
	}
	growth.All(t, 120, read, "-I INPUT -j DROP\n", "-A INPUT -j DROP\n", "-F\n")
	growth.Limit(t, "-I INPUT -j DROP\n", "line 100001: ", read) // the chain is one more
}

// Rules that are put first stand in the order of iptables, and to flush all chains costs nothing
// where they have no rules.
func TestManyRules(t *testing.T) {
	var b strings.Builder
	b.WriteString("*filter\n:INPUT DROP\n")
	for i := range 20_000 {
		fmt.Fprintf(&b, ":c%d -\n", i)
	}
	b.WriteString(strings.Repeat("-F\n", 50_000))
	for range 20_000 {
		b.WriteString("-I INPUT -j RETURN\n-A INPUT -j DROP\n")
	}
	b.WriteString("-I INPUT -j ACCEPT\nCOMMIT\n")
	all, err := iptables.Parse([]byte(b.String()), 4)
	if err != nil {
		t.Fatal(err)
	}
	rules := all["INPUT"].Rules
	if len(rules) != 40_001 || rules[0].Verdict != "accept" || rules[1].Line < rules[2].Line || rules[20_001].Verdict != "deny" {
		t.Errorf("got %d rules, %+v", len(rules), rules[:3])
	}
}
