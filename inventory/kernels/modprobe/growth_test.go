package modprobe_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := modprobe.Parse(b); return err }
	growth.All(t, 60, read, "blacklist a\n", "\\\n")
	growth.Limit(t, "blacklist a\n", "line 100001: ", read)
}
