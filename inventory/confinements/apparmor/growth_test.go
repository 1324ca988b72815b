package apparmor_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/confinements/apparmor"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := apparmor.Parse(b); return err }
	growth.All(t, 250, read, "/a\n", "/a {\n", "profile (\n", "{ ", " }", "@{a}\n")
	growth.Limit(t, "/a {\n", "line 100001: ", read)
	loaded := func(b []byte) error { _, err := apparmor.ParseLoaded(b); return err }
	growth.All(t, 120, loaded, "a (enforce)\n")
	growth.Limit(t, "a (enforce)\n", "line 100001: ", loaded)
	if all, ok := (apparmor.Profile{Program: "/" + strings.Repeat("{a}", 1<<20)}).Paths(); ok {
		t.Errorf("a path that is none: got %d", len(all))
	}
}
