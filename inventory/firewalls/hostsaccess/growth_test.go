package hostsaccess_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/firewalls/hostsaccess"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := hostsaccess.Parse(b); return err }
	growth.All(t, 130, read, "a: b\n", "\\\n", "a EXCEPT ")
	growth.Limit(t, "a: b\n", "line 25001: ", read)
}
