package firewalld_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/firewalls/firewalld"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error {
		_, err := firewalld.ParseZone([]byte("<zone>" + string(b) + "</zone>"))
		return err
	}
	growth.All(t, 120, read, "<forward/>", "<interface name=\"a\"/>", "<rule priority=\"1\"><accept/></rule>")
	growth.Limit(t, "<forward/>", "limit", read)
}
