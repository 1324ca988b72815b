package pam_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 4, "# x\n": 4, "a b\n": 8, "a \\\n": 16, "\\\n\n": 32, "auth required a.so\n": 48, "@include a\n": 64} {
		growth.Test(t, "", unit, most, func(b []byte) { pam.Parse(b) })
	}
	// Each entry of a module has what the module's file says, which is read once.
	const stack = "-- etc/pam.d/x --\nauth required pam_faillock.so\nauth required pam_faillock.so\npassword required pam_pwquality.so\npassword required pam_pwquality.so\n"
	for file, unit := range map[string]string{"faillock": "deny=3\n", "pwquality": "minlen=8\n"} {
		growth.Test(t, stack+"-- etc/security/"+file+".conf --\n", unit, 32, func(b []byte) {
			s := inventorytest.System(t, string(b))
			c, err := pam.Service.Of(t.Context(), s, "x")
			if err != nil {
				t.Fatal(err)
			}
			for _, st := range c.Stacks {
				for _, e := range st {
					if _, err := e.Settings(t.Context(), s); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

func TestLimits(t *testing.T) {
	fan := ""
	for i := range 10 {
		fan += fmt.Sprintf("-- etc/pam.d/f%d --\n%s", i, strings.Repeat(fmt.Sprintf("auth substack f%d\n", i+1), 20))
	}
	for name, c := range map[string]struct{ fixture, want string }{
		"words":    {"-- etc/pam.d/x --\n" + strings.Repeat("auth required a.so b\n", 50_001), "etc/pam.d/x: line 50001"},
		"fan":      {"-- etc/pam.d/x --\n@include f0\n" + fan + "-- etc/pam.d/f10 --\nauth required a.so\n", "etc/pam.d/f"},
		"old file": {"-- etc/pam.conf --\n" + strings.Repeat("x auth required a.so b\n", 50_001), "etc/pam.conf: line 50001"},
	} {
		_, err := pam.Service.Of(t.Context(), inventorytest.System(t, c.fixture), "x")
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
}
