package auditd_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
)

func TestGrowth(t *testing.T) {
	growth.All(t, 40, func(b []byte) error { _, err := auditd.Parse(b); return err }, "freq = 1\n")
}
