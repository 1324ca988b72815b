package sshd_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 8, "# x\n": 8, "a b\n": 128, "[a]\n": 32, "a \"b\"\n": 128, "AllowUsers a b c\n": 64} {
		growth.Test(t, "", unit, most, func(b []byte) { sshd.Parse(b) })
	}
	for _, unit := range []string{"AllowUsers a\n", "HostKey /a\n", "Match all\nAllowUsers a\n", "Match User a\nAllowUsers b\n"} {
		growth.Test(t, base+"-- etc/ssh/sshd_config --\n", unit, 128, func(b []byte) {
			if _, err := sshd.Fact.Of(t.Context(), inventorytest.System(t, string(b))); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	fan := ""
	for i := range 12 {
		fan += fmt.Sprintf("-- etc/ssh/f%d --\n%s", i, strings.Repeat(fmt.Sprintf("Include f%d\n", i+1), 40))
	}
	long := strings.Repeat("a", 1<<20)
	for name, c := range map[string]struct{ fixture, want string }{
		"words":    {"-- etc/ssh/sshd_config --\n" + strings.Repeat("AllowUsers a b\n", 50_001), "etc/ssh/sshd_config: line 50001"},
		"fan":      {"-- etc/ssh/sshd_config --\nInclude f0\n" + fan + "-- etc/ssh/f12 --\nPort 1\n", "etc/ssh/f"},
		"patterns": {"-- etc/ssh/sshd_config --\n" + strings.Repeat("Include none\n", 2_001), "etc/ssh/sshd_config:2001"},
		"again":    {"-- etc/ssh/sshd_config --\n" + strings.Repeat("Include many\n", 300) + "-- etc/ssh/many --\n" + strings.Repeat("Port 1\n", 1000), "etc/ssh/sshd_config:"},
		"matches": {"-- etc/ssh/sshd_config --\nMatch User " + long + "\nInclude many\n-- etc/ssh/many --\n" + strings.Repeat("Match all\nPort 1\n", 100),
			"etc/ssh/many:"},
	} {
		_, err := sshd.Fact.Of(t.Context(), inventorytest.System(t, base+c.fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %.300v, want %q in it", name, err, c.want)
		}
	}
}
