package kernel_test

import (
	"errors"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

func TestLockdown(t *testing.T) {
	const file = "live: true\n-- sys/kernel/security/lockdown --\n"
	for fixture, want := range map[string]string{
		file + "[none] integrity confidentiality\n": "none", file + "none [integrity] confidentiality\n": "integrity",
		file + "none integrity [confidentiality]\n": "confidentiality", "live: true\n-- sys/kernel/security/lsm --\n": "",
	} {
		got, err := kernel.Lockdown.Of(t.Context(), inventorytest.System(t, fixture))
		if got.Value != want || got.Source != "sys/kernel/security/lockdown" || err != nil {
			t.Errorf("%s: got %+v, %v", fixture, got, err)
		}
	}
	for fixture, want := range map[string]error{
		file + "none\n": inventory.ErrUnavailable, "live: true\n": inventory.ErrUnavailable, "": inventory.ErrNotLive,
		"live: true\n-- sys/kernel/security dir --\n": inventory.ErrUnavailable,
	} {
		if got, err := kernel.Lockdown.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, want) {
			t.Errorf("%s: got %+v, %v, want %v", fixture, got, err, want)
		}
	}
}
