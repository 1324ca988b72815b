package logrotate_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/logrotate"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := logrotate.Parse(b); return err }
	growth.All(t, 80, read, "tabooext + .a\n", "/a {\n}\n", "/a ")
	growth.Limit(t, "/a ", ":1: ", read)
}

func TestIncludesAreCounted(t *testing.T) {
	fan := "-- usr/sbin/logrotate --\n-- etc/logrotate.conf --\n" + strings.Repeat("include /etc/a\n", 60)
	for i := range 3 {
		fan += fmt.Sprintf("-- etc/%c --\n%s", 'a'+i, strings.Repeat(fmt.Sprintf("include /etc/%c\n", 'b'+i), 60))
	}
	_, err := logrotate.Fact.Of(t.Context(), inventorytest.System(t, fan+"-- etc/d --\n"))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/") {
		t.Errorf("got %v", err)
	}
}
