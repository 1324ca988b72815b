package usbguard_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/devices/usbguard"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestGrowth(t *testing.T) {
	settings := func(b []byte) error { _, err := usbguard.ParseSettings(b); return err }
	growth.All(t, 90, settings)
	growth.Limit(t, "HidePII=b\n", "line 100001: ", settings)
	rules := func(b []byte) error { _, err := usbguard.ParseRules(b); return err }
	growth.All(t, 60, rules, "allow\n", "allow { ")
	growth.Limit(t, "allow\n", "line 100001: ", rules)
}

// A file of rules that is named again and again is read once, and counted each time.
func TestFilesAreCounted(t *testing.T) {
	const main = "-- usr/sbin/usbguard-daemon --\n-- etc/usbguard/usbguard-daemon.conf --\n"
	for name, fixture := range map[string]string{
		"rules": main + strings.Repeat("RuleFile=/etc/r\n", 200) + "-- etc/r --\n" + strings.Repeat("allow\n", 1_000),
		"files": main + strings.Repeat("RuleFile=/etc/r\n", 2_001) + "-- etc/r --\nallow\n",
	} {
		_, err := usbguard.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/r: ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
