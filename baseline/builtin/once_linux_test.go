package builtin_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// However many rules ask, no file is opened twice to be read: facts are shared.
func TestEachFileIsReadOnce(t *testing.T) {
	b := source(t, "linux-server")
	for _, suite := range comparedTrees() {
		tree := oracle.Tree(t, suite)
		cfg, err := inventory.Dir(tree)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		times := map[inventory.Read]int{}
		s := inventorytest.Open(t, inventorytest.Record(cfg, func(r inventory.Read) {
			mu.Lock()
			defer mu.Unlock()
			if r.Op == filetree.OpRead {
				times[r]++
			}
		}))
		if _, err := check.Run(t.Context(), s, b.Compiled(), check.Options{}); err != nil {
			t.Fatal(err)
		}
		var twice []string
		for r, n := range times {
			if n > 1 {
				twice = append(twice, r.String())
			}
		}
		slices.Sort(twice)
		t.Logf("%s: %d files read or looked for", suite, len(times))
		if len(twice) > 0 {
			t.Errorf("%s: more than once: %q", suite, twice)
		}
	}
}
