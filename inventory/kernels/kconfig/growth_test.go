package kconfig_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/kernels/kconfig"
)

func TestGrowth(t *testing.T) {
	growth.All(t, 40, func(b []byte) error { _, err := kconfig.Parse(b); return err }, "CONFIG_A=y\n", "# CONFIG_A is not set\n")
}
