package services_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
	"github.com/hardening-sdk/hardening/inventory/services/inittab"
	openrcfmt "github.com/hardening-sdk/hardening/inventory/services/openrc"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

func TestGrowth(t *testing.T) {
	for _, c := range []struct {
		parse func([]byte)
		line  string
	}{
		{func(b []byte) { cron.Parse(b, cron.System) }, "* * * * * root /a\n"},
		{func(b []byte) { cron.Parse(b, cron.User) }, "@daily a\n"},
		{func(b []byte) { inittab.Parse(b) }, "::wait:b\n"},
		{func(b []byte) { openrcfmt.Parse(b) }, "need a b\n"},
	} {
		growth.Test(t, "", c.line, 64, c.parse)
		for _, unit := range []string{"\n", "# x\n", "a b\n", "a \\\n", ":", "x=y\n"} {
			growth.Test(t, "", unit, 16, c.parse)
		}
	}
}

func TestLimits(t *testing.T) {
	for want, c := range map[string]struct {
		fixture string
		of      func(*inventory.System) error
	}{
		"etc/crontab: line 100000": {"-- etc/crontab --\n" + strings.Repeat("@daily root a\n", 100_001),
			func(s *inventory.System) error { _, err := cron.Jobs.Of(t.Context(), s); return err }},
		"etc/inittab: line 100001": {"-- etc/inittab --\n" + strings.Repeat("::wait:b\n", 100_001),
			func(s *inventory.System) error { _, err := inittab.Fact.Of(t.Context(), s); return err }},
		"etc/init.d/a: ": {"-- etc/runlevels/boot/x link=/etc/init.d/x --\n-- etc/init.d/a mode=0755 --\nneed" + strings.Repeat(" b", 100_001) + "\n",
			func(s *inventory.System) error { _, err := openrcfmt.Fact.Of(t.Context(), s); return err }},
		"etc/systemd/journald.conf:100002": {"-- usr/lib/systemd/systemd-journald --\n-- etc/systemd/journald.conf --\n[Journal]\n" + strings.Repeat("x=y\n", 100_001),
			func(s *inventory.System) error {
				_, err := systemdconf.Fact.Of(t.Context(), s, "journald.conf")
				return err
			}},
	} {
		if err := c.of(inventorytest.System(t, c.fixture)); !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
