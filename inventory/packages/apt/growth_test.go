package apt_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/apt"
)

func TestGrowth(t *testing.T) {
	conf := func(b []byte) error { _, err := apt.Parse(b); return err }
	growth.All(t, 200, conf, "a;", "a \"b\";\n", "/*a*/", "A{}")
	growth.Limit(t, "a;", "line 1: ", conf)
	list := func(b []byte) error { _, err := apt.ParseSources(b); return err }
	growth.All(t, 150, list, "deb a b/\n", "deb [a=b] a b/\n")
	growth.Limit(t, "deb a b/\n", "line 25001: ", list)
	stanzas := func(b []byte) error { _, err := apt.ParseDeb822(b); return err }
	growth.All(t, 150, stanzas, "a: b\n\n", "a: b\n c\n", "a: b c ")
	growth.Linear(t, " c\n", 30, func(b []byte) error { return stanzas(append([]byte("a: b\n"), b...)) })
	growth.Limit(t, "a: b\n", "line 49997: ", stanzas)
}

// What a small configuration asks for is bounded, and names are found without looking at all.
func TestBounds(t *testing.T) {
	fan := "-- etc/apt/apt.conf --\n"
	for i := range 4 {
		fan += strings.Repeat(fmt.Sprintf("#include \"/etc/%c\";\n", 'a'+i), 20) + fmt.Sprintf("-- etc/%c --\n", 'a'+i)
	}
	for name, fixture := range map[string]string{
		"includes": fan,
		"blocks":   "-- etc/apt/apt.conf --\n" + strings.Repeat("a", 1<<15) + " {\n" + strings.Repeat("b;\n", 1<<10) + "};\n",
		"elements": "-- etc/apt/apt.conf --\na" + strings.Repeat("::", 100_001) + " \"b\";\n",
	} {
		_, err := apt.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/apt/apt.conf") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	var many strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&many, "A%d \"x\";\n", i)
	}
	c, err := apt.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/apt/apt.conf --\n"+many.String()))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := c.Lookup("a39999"); !ok || v.Line != 40_000 {
		t.Errorf("got %+v", v)
	}
}
