package sysctl_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

func TestInterfaces(t *testing.T) {
	const key = "net.ipv4.conf.*.rp_filter"
	for fixture, want := range map[string][]string{
		"": {"net.ipv4.conf.all.rp_filter", "net.ipv4.conf.default.rp_filter"},
		"live: true\n-- proc/sys/net/ipv4/conf/all/rp_filter --\n-- proc/sys/net/ipv4/conf/eth0.1/rp_filter --\n": {
			"net.ipv4.conf.all.rp_filter", "net/ipv4/conf/eth0.1/rp_filter"},
	} {
		if got, err := sysctl.Interfaces.Of(t.Context(), inventorytest.System(t, fixture), key); !slices.Equal(got, want) || err != nil {
			t.Errorf("%s: got %q, %v", fixture, got, err)
		}
	}
	if got, err := sysctl.Interfaces.Of(t.Context(), inventorytest.System(t, "live: true\n"), key); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("a kernel without IPv4: got %q, %v", got, err)
	}
	if got, err := sysctl.Interfaces.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/sys/net/ipv4/conf error=EACCES --\n"), key); err == nil {
		t.Errorf("a folder that cannot be listed: got %q", got)
	}
}
