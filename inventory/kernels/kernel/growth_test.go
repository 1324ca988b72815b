package kernel_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

func TestGrowth(t *testing.T) {
	growth.All(t, 40, func(b []byte) error { kernel.ParseCommandLine(string(b)); return nil }, "a=\"b\" ")
	_, err := kernel.CommandLine.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/cmdline --\n"+strings.Repeat("a ", 100_001)))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "proc/cmdline: ") {
		t.Errorf("got %v", err)
	}
}
