package sysctl_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := sysctl.Parse(b); return err }
	growth.All(t, 100, read, "a.b=c\n")
	growth.Limit(t, "x=y\n", "100001: ", read)
	half := strings.Repeat("x=y\n", 60_000)
	_, err := sysctl.Configured.Of(t.Context(), inventorytest.System(t, "-- etc/sysctl.d/a.conf --\n"+half+"-- etc/sysctl.d/b.conf --\n"+half))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/sysctl.d/b.conf:40001: ") {
		t.Errorf("two files that are too much together: got %v", err)
	}
}
