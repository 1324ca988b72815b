package cryptopolicy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms/cryptopolicy"
)

func TestFact(t *testing.T) {
	const config = "-- etc/crypto-policies/config --\n"
	for fixture, want := range map[string][]cryptopolicy.Name{
		"": nil,
		config + "# of the system\nDEFAULT:SHA1 # LEGACY\n-- etc/crypto-policies/state/current --\nDEFAULT\r\n": {
			{Name: "DEFAULT", Position: inventory.Position{Source: "etc/crypto-policies/config", Line: 2}}, {Name: "SHA1", Position: inventory.Position{Source: "etc/crypto-policies/config", Line: 2}},
			{Name: "DEFAULT", Position: inventory.Position{Source: "etc/crypto-policies/state/current", Line: 1}}},
	} {
		got, err := cryptopolicy.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if d := cmp.Diff(got, want); d != "" || err != nil {
			t.Errorf("%s: %s, %v", fixture, d, err)
		}
	}
	for _, fixture := range []string{config + "# nothing\n", "-- etc/crypto-policies/config error=EIO --\n"} {
		if got, err := cryptopolicy.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %v", fixture, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "DEFAULT", "\ufeffA:B\r\n", "::\x00:", strings.Repeat("x:", 1<<12)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := cryptopolicy.Parse(b)
		for _, n := range all {
			if n.Name == "" || n.Line < 1 {
				t.Errorf("%+v", n)
			}
		}
	})
}

func ExampleParse() {
	all, _ := cryptopolicy.Parse([]byte("DEFAULT:NO-SHA1\n"))
	for _, n := range all {
		fmt.Println(n.Name, n.Line)
	}
	// Output:
	// DEFAULT 1
	// NO-SHA1 1
}

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 4, "# x\n": 4, "DEFAULT\n": 32, "a:a\n": 96} {
		growth.Test(t, "", unit, most, func(b []byte) { cryptopolicy.Parse(b) })
	}
}

func TestLimit(t *testing.T) {
	_, err := cryptopolicy.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/crypto-policies/config --\n"+strings.Repeat("a\n", 100_001)))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/crypto-policies/config: line 100001") {
		t.Errorf("got %v", err)
	}
}
