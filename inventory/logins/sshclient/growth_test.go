package sshclient_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshclient"
)

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 8, "# x\n": 8, "a b\n": 96, "[a]\n": 32, "a \"b\"\n": 96, "Host a\nb c\n": 64} {
		growth.Test(t, "", unit, most, func(b []byte) { sshclient.Parse(b) })
	}
}

func TestLimits(t *testing.T) {
	fan := ""
	for i := range 15 {
		fan += fmt.Sprintf("-- etc/ssh/f%d --\n%s", i, strings.Repeat(fmt.Sprintf("Include f%d\n", i+1), 40))
	}
	long := strings.Repeat("a", 1<<20)
	for name, c := range map[string]struct{ fixture, want string }{
		"lines": {"-- etc/ssh/ssh_config --\n" + strings.Repeat("a b\n", 100_001), "etc/ssh/ssh_config: line 100001"},
		"fan":   {"-- etc/ssh/ssh_config --\nInclude f0\n" + fan + "-- etc/ssh/f15 --\na b\n", "etc/ssh/f14:"},
		"again": {"-- etc/ssh/ssh_config --\n" + strings.Repeat("Include many\n", 200) + "-- etc/ssh/many --\n" + strings.Repeat("a b\n", 1000), "etc/ssh/ssh_config:"},
		"hosts": {"-- etc/ssh/ssh_config --\nHost " + long + "\nInclude many\n-- etc/ssh/many --\n" + strings.Repeat("Host a\nb c\nHost d\ne f\n", 20), "etc/ssh/many:"},
	} {
		_, err := sshclient.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %.300v, want %q in it", name, err, c.want)
		}
	}
}
