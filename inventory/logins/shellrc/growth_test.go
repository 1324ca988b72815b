package shellrc_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 4, "# x\n": 4, "a b\n": 4, "x=y\n": 96, "a ": 96, "\"a\" ": 64, "${a:=b} ": 64, "export a=b\n": 96,
		"{ a;": 8, "a <<b\nb\n": 16, "for a in b; do\n:\ndone\n": 32} {
		growth.Test(t, "", unit, most, func(b []byte) { shellrc.Parse(b) })
	}
	growth.Test(t, "a=", "()=", 16, func(b []byte) { shellrc.Parse(b) })
}

func TestLimits(t *testing.T) {
	fan := ""
	for i := range 8 {
		fan += fmt.Sprintf("-- etc/f%d --\n%s", i, strings.Repeat(fmt.Sprintf(". /etc/f%d\n", i+1), 40))
	}
	for name, c := range map[string]struct{ fixture, want string }{
		"statements": {"-- etc/profile --\n" + strings.Repeat("x=y\n", 100_001), "etc/profile: line 10000"},
		"words":      {"-- etc/profile --\n" + strings.Repeat("x ", 100_001), "etc/profile: line 1"},
		"fan":        {"-- etc/profile --\n. /etc/f0\n" + fan + "-- etc/f8 --\nx=y\n", "etc/profile:1: etc/f0:"},
		"again":      {"-- etc/profile --\n" + strings.Repeat(". /etc/many\n", 200) + "-- etc/many --\n" + strings.Repeat("x=y\n", 1000), "etc/profile:"},
	} {
		_, err := profileOf(t.Context(), inventorytest.System(t, c.fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
}
