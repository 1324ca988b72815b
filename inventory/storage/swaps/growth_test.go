package swaps_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/storage/swaps"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := swaps.Parse(b); return err }
	growth.All(t, 10, read)
	growth.Limit(t, "/dev/a partition\n", "1026: ", read)
}
