package rsyslog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/rsyslog"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := rsyslog.Parse(b); return err }
	growth.All(t, 150, read, "*.* /a\n", "{", "\\\n", "action(type=\"omfile\" file=\"/a\")\n")
	growth.Limit(t, "*.* /a\n", "line 100001: ", read)
}

func TestIncludesAreCounted(t *testing.T) {
	fan := "-- usr/sbin/rsyslogd --\n-- etc/rsyslog.conf --\n" + strings.Repeat("$IncludeConfig /etc/a.conf\n", 60)
	for i := range 3 {
		fan += fmt.Sprintf("-- etc/%c.conf --\n%s", 'a'+i, strings.Repeat(fmt.Sprintf("$IncludeConfig /etc/%c.conf\n", 'b'+i), 60))
	}
	_, err := rsyslog.Fact.Of(t.Context(), inventorytest.System(t, fan+"-- etc/d.conf --\n"))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/") {
		t.Errorf("got %v", err)
	}
}
