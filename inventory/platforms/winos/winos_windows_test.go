package winos_test

import (
	"regexp"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms/winos"
)

// The command interpreter reports the same version as the registry. It leaves
// the update out on some releases.
func TestAgreesWithVer(t *testing.T) {
	out := oracle.Run(t, "cmd", "/c", "ver")
	m := regexp.MustCompile(`(\d+\.\d+\.\d+)(\.\d+)?`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("got %q", out)
	}
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	r, err := winos.Fact.Of(t.Context(), inventorytest.Open(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	if got := regexp.MustCompile(`^\d+\.\d+\.\d+`).FindString(r.Version()); got != string(m[1]) {
		t.Errorf("got %s, want %s of %q", r.Version(), m[1], out)
	}
}
