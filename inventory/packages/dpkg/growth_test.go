package dpkg_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := dpkg.Parse(b); return err }
	growth.All(t, 20, read, "Package: a\nVersion: 1\n\n", "Package: a\n", "a: b\n c\n")
	// A stanza of many fields.
	var b strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&b, "f%d: x\n", i)
	}
	text := b.String() + "Package: a\nVersion: 1\n\n" + strings.Repeat("Package: a\nVersion: 1\n\n", 10_000)
	if all, err := dpkg.Parse([]byte(text)); len(all) != 10_001 || err != nil {
		t.Errorf("got %d packages, %v", len(all), err)
	}
	if err := read([]byte(text + b.String() + b.String())); err == nil || !strings.Contains(err.Error(), "more") {
		t.Errorf("fields that are there twice: got %v", err)
	}
}
