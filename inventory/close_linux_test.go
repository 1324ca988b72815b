package inventory_test

import (
	"os"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
)

// Config.Close and System.Close give back all descriptors.
func TestCloseGivesBackDescriptors(t *testing.T) {
	open := func() int {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	var all []inventory.Config // kept, so that no collector of garbage helps
	before := open()
	for range 20 {
		cfg, err := inventory.Dir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		sys, err := inventory.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := sys.Close(); err != nil {
			t.Error(err)
		}
		if err := cfg.Close(); err != nil {
			t.Error(err)
		}
		all = append(all, cfg)
	}
	if after := open(); after > before {
		t.Errorf("%d descriptors before and %d after %d trees were closed", before, after, len(all))
	}
}
