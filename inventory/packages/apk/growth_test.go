package apk_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/packages/apk"
)

func TestGrowth(t *testing.T) {
	growth.All(t, 40, func(b []byte) error { _, err := apk.Parse(b); return err }, "P:a\nV:b\n\n", "P:a\n")
}
