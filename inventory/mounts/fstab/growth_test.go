package fstab_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := fstab.Parse(b); return err }
	growth.All(t, 130, read, "a b c\n", "a / c a,")
	growth.Limit(t, "a b c\n", "line 100001: ", read)
}
