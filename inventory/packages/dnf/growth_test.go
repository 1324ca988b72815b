package dnf_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/dnf"
)

// Each section of many is looked at once.
func TestManySections(t *testing.T) {
	const main = "-- etc/dnf/dnf.conf --\n[main]\ngpgcheck=1\n-- etc/yum.repos.d/a.repo --\n"
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "[r%d]\nenabled=%d\n", i, i%2)
	}
	text := b.String()
	all, err := dnf.Repos.Of(t.Context(), inventorytest.System(t, main+text+"[r0]\nenabled=1\n"))
	if err != nil || len(all) != 20_000 || !all[0].Enabled || all[19_998].Enabled || !all[19_999].Enabled || all[1].Line != 4 {
		t.Errorf("got %d, %v", len(all), err)
	}
	_, err = dnf.Repos.Of(t.Context(), inventorytest.System(t, main+strings.Repeat(text, 6)))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/yum.repos.d/a.repo: line ") {
		t.Errorf("got %v", err)
	}
}
