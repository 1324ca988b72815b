package packages_test

import (
	"errors"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages"
)

func TestFetched(t *testing.T) {
	const lists = "live: true\n-- var/cache/dnf dir mtime=2025-03-04T00:00:00Z --\n"
	got, err := packages.Fetched.Of(t.Context(), inventorytest.System(t, lists))
	if want := time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC); got.Folder != "var/cache/dnf" ||
		!got.Changed.Equal(want) || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	for fixture, want := range map[string]error{"": inventory.ErrNotLive, "live: true\n": inventory.ErrAbsent} {
		if got, err := packages.Fetched.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, want) {
			t.Errorf("%s: got %+v, %v, want %v", fixture, got, err, want)
		}
	}
	cfg := inventorytest.Config(t, lists)
	cfg.Exclude = []string{"var/lib"}
	if got, err := packages.Fetched.Of(t.Context(), inventorytest.Open(t, cfg)); !errors.Is(err, inventory.ErrExcluded) {
		t.Errorf("a folder that is left out: got %+v, %v", got, err)
	}
}

func TestRestarts(t *testing.T) {
	const hook = "live: true\n-- etc/kernel/postinst.d/unattended-upgrades --\n"
	for fixture, want := range map[string]bool{hook: false, hook + "-- run/reboot-required --\n": true,
		"live: true\n-- run/reboot-required --\n": true} {
		if got, err := packages.Restarts.Of(t.Context(), inventorytest.System(t, fixture)); got.Pending != want ||
			got.Source != "run/reboot-required" || err != nil {
			t.Errorf("%s: got %+v, %v", fixture, got, err)
		}
	}
	for fixture, want := range map[string]error{"": inventory.ErrNotLive, "live: true\n": inventory.ErrUnavailable} {
		if got, err := packages.Restarts.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, want) {
			t.Errorf("%s: got %+v, %v, want %v", fixture, got, err, want)
		}
	}
	cfg := inventorytest.Config(t, hook)
	cfg.Exclude = []string{"run"}
	if got, err := packages.Restarts.Of(t.Context(), inventorytest.Open(t, cfg)); !errors.Is(err, inventory.ErrExcluded) {
		t.Errorf("a folder that is left out: got %+v, %v", got, err)
	}
}
