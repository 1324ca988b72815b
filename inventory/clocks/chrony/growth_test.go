package chrony_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/clocks/chrony"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := chrony.Parse(b); return err }
	growth.All(t, 80, read, "server a\n", "log a b c d e f g\n")
	growth.Limit(t, "server a\n", "line 50001: ", read)
}

func TestIncludesAreCounted(t *testing.T) {
	fan := "-- usr/sbin/chronyd --\n-- etc/chrony/chrony.conf --\n"
	for i := range 4 {
		fan += strings.Repeat(fmt.Sprintf("include /etc/%c\n", 'a'+i), 20) + fmt.Sprintf("-- etc/%c --\n", 'a'+i)
	}
	_, err := chrony.Fact.Of(t.Context(), inventorytest.System(t, fan))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/") {
		t.Errorf("got %v", err)
	}
}
