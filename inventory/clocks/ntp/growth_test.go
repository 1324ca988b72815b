package ntp_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/clocks/ntp"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, _, err := ntp.Parse(b); return err }
	growth.All(t, 80, read, "server a\n", "server a")
	growth.Limit(t, "server a\n", "line 100001: ", read)
}

func TestIncludesAreCounted(t *testing.T) {
	fan := "-- etc/ntp.conf --\n"
	for i := range 4 {
		fan += strings.Repeat(fmt.Sprintf("includefile /etc/%c\n", 'a'+i), 20) + fmt.Sprintf("-- etc/%c --\n", 'a'+i)
	}
	_, err := ntp.Fact.Of(t.Context(), inventorytest.System(t, fan), ntp.Org)
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/") {
		t.Errorf("got %v", err)
	}
}
