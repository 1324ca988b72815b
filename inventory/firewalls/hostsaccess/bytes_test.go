package hostsaccess_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/firewalls/hostsaccess"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// tcpdmatch decides about a client that no rule names.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"hosts.deny":  {Key: "ALL", Sep: ": ", Value: "ALL", Other: "10.", Comment: "#"},
		"hosts.allow": {Key: "ALL", Sep: ": ", Value: "ALL: DENY", Other: "ALL: ALLOW", Comment: "#"},
		"except":      {Key: "ALL", Sep: ": ", Value: "ALL EXCEPT 10.", Other: "10. EXCEPT ALL", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			file := "hosts.deny"
			if name == "hosts.allow" {
				file = name
			}
			ours := func(t *testing.T, text string) string {
				p, err := hostsaccess.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/" + file: text, "usr/lib/libwrap.so.0": ""})))
				if err != nil {
					return bytetable.Error
				}
				_, in := p.Others()
				return fmt.Sprint(in)
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "tcpdmatch", "sh")
				dir := bytetable.Tree(t, map[string]string{"hosts.allow": "", "hosts.deny": "", file: text})
				out, _ := oracle.Code(t, "sh", "-c", "cd "+dir+" && tcpdmatch -d nosuchd 203.0.113.77 2>&1")
				switch {
				case strings.Contains(string(out), "granted"):
					return "true"
				case strings.Contains(string(out), "denied"):
					return "false"
				}
				return bytetable.Error
			}, nil)
		})
	}
}
