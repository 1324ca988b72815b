package sudoers_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

func TestGrowth(t *testing.T) {
	parse := func(b []byte) { sudoers.Parse(b) }
	for _, unit := range []string{"\n", "# x\n", "x\n"} {
		growth.Test(t, "", unit, 16, parse)
	}
	for _, unit := range []string{"a \\\n", "a b=/c\n", "Defaults a\n", "/c,", "EXEC:", "(a)/c,"} {
		growth.Test(t, "a b=", unit, 256, parse)
	}
	growth.Test(t, "User_Alias A=", "a,", 64, parse)
}

func TestLimits(t *testing.T) {
	fan := strings.Builder{}
	for i := range 8 {
		fmt.Fprintf(&fan, "-- etc/s%d --\n%s", i, strings.Repeat(fmt.Sprintf("@include /etc/s%d\n", i+1), 50))
	}
	for name, c := range map[string]struct{ fixture, want string }{
		"rules":    {"-- etc/sudoers --\n\n" + strings.Repeat("a b=/c\n", 60_000), "etc/sudoers: line 25002"},
		"members":  {"-- etc/sudoers --\nUser_Alias A = a" + strings.Repeat(",a", 100_000), "etc/sudoers: line 1"},
		"includes": {"-- etc/sudoers --\n@include /etc/s0\n" + fan.String() + "-- etc/s8 --\na b=/c\n", "etc/s7:"},
		"again": {"-- etc/sudoers --\n" + strings.Repeat("@include /etc/a\n", 200) + "-- etc/a --\na" + strings.Repeat(",a", 1000) + " b=/c\n",
			"etc/sudoers:100"},
	} {
		_, err := sudoers.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
}

func TestFinder(t *testing.T) {
	p, err := sudoers.Fact.Of(t.Context(), inventorytest.System(t,
		"-- etc/sudoers --\nUser_Alias A = B, !C\nUser_Alias B = x, A\nUser_Alias C = !y\nUser_Alias D = !z\nx ALL=ALL\n"))
	if err != nil {
		t.Fatal(err)
	}
	for wanted, all := range map[string]map[sudoers.Member]bool{
		"x": {{Name: "A", Negated: false}: true, {Name: "B", Negated: false}: true, {Name: "A", Negated: true}: false, {Name: "x", Negated: true}: false},
		"y": {{Name: "A", Negated: false}: true, {Name: "C", Negated: true}: true, {Name: "C", Negated: false}: false, {Name: "B", Negated: false}: true},
		"z": {{Name: "D", Negated: false}: false, {Name: "D", Negated: true}: true, {Name: "z", Negated: false}: true},
	} {
		find := p.Finder("User", func(name string) bool { return name == wanted })
		for m, want := range all {
			if got := find([]sudoers.Member{m}); got != want {
				t.Errorf("%s in %v: got %v", wanted, m, got)
			}
		}
	}
}
