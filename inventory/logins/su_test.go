package logins_test

import (
	"io/fs"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins"
)

func TestSu(t *testing.T) {
	for fixture, want := range map[string]logins.Switcher{
		"": {}, "-- bin/su mode=4755 --\n": {Program: "bin/su", AsksPAM: true, Mode: fs.ModeSetuid | 0o755}, "-- usr/bin/su --\n-- bin/su --\n": {Program: "usr/bin/su", AsksPAM: true, Mode: 0o644},
		"-- bin/su link=/bin/busybox --\n": {Program: "bin/su"}, "-- bin/su link=/bin/bbsuid --\n": {Program: "bin/su"},
		"-- bin/su link=busybox --\n-- bin/busybox mode=0755 --\n": {Program: "bin/su", Mode: 0o755},
		"-- usr/bin/su link=../../opt/su --\n":                     {Program: "usr/bin/su", AsksPAM: true},
	} {
		if got, err := logins.Su.Of(t.Context(), inventorytest.System(t, fixture)); got != want || err != nil {
			t.Errorf("%s: got %+v, %v", fixture, got, err)
		}
	}
	cfg := inventorytest.Config(t, "-- bin/su --\n")
	cfg.Exclude = []string{"usr"}
	if got, err := logins.Su.Of(t.Context(), inventorytest.Open(t, cfg)); err == nil ||
		inventory.IsAbsent(err, "usr/bin/su") {
		t.Errorf("a folder that is left out: got %+v, %v", got, err)
	}
}
