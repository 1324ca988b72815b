package systemd_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

func TestExtended(t *testing.T) {
	for fixture, want := range map[string][]string{
		"": nil,
		"-- etc/systemd/system/getty@tty1.service.d/a.conf --\n-- usr/lib/systemd/system/a.service --\n-- usr/lib/systemd/system/a.service.d/b.conf --\n" +
			"-- run/systemd/system/a.service.d/c.conf --\n": {"a.service", "getty@tty1.service"},
	} {
		got, err := systemd.Extended.Of(t.Context(), inventorytest.System(t, fixture))
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("%s: got %q, %v", fixture, got, err)
		}
	}
	if got, err := systemd.Extended.Of(t.Context(),
		inventorytest.System(t, "-- etc/systemd/system error=EIO --\n")); err == nil {
		t.Errorf("a folder that cannot be listed: got %q", got)
	}
}
