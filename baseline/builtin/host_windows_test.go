package builtin_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// On the running Windows every rule comes to an answer, whatever it is, and none to an
// error; those for Linux do not apply.
func TestRulesOnThisHost(t *testing.T) {
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"windows-server", "linux-server"} {
		b := source(t, name)
		out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), b.Compiled(), check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s", checktest.Format(out))
		for _, o := range out {
			if s := o.Result.Status; s == check.Error || (s == check.NotApplicable) != (name == "linux-server") {
				t.Errorf("%s: got %s (%s) %s", o.Rule.ID, s, o.Result.Reason, o.Result.Message)
			}
		}
	}
	// The same keys judged as an image without the service control manager: the same
	// verdicts where nothing runs that should not.
	image := inventory.Config{FS: cfg.FS, Registry: cfg.Registry}
	b := source(t, "windows-server")
	out, err := check.Run(t.Context(), inventorytest.Open(t, image), b.Compiled(), check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range out {
		if s := o.Result.Status; s == check.Error || s == check.NotApplicable {
			t.Errorf("as an image, %s: got %s (%s) %s", o.Rule.ID, s, o.Result.Reason, o.Result.Message)
		}
	}
}
