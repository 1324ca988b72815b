package crypttab_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/storage/crypttab"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := crypttab.Parse(b); return err }
	growth.All(t, 90, read)
	growth.Limit(t, "a b\n", "line 100001: ", read)
}
