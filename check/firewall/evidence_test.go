package firewall_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/firewall"
)

var boots = system[:strings.Index(system, "-- usr/lib/systemd/system/nftables.service")]

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined.
func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"on":           {firewall.On{}.Check, system, check.Pass, "nftables.service: started at boot by multi-user.target, want started at boot (usr/lib/systemd/system/nftables.service)"},
		"one":          {firewall.One{}.Check, system, check.Pass, "nftables.service: started at boot by multi-user.target, want one firewall (usr/lib/systemd/system/nftables.service)"},
		"none of them": {firewall.One{}.Check, boots, check.NotApplicable, "nftables, iptables, ufw or firewalld: none starts, want one firewall"},
		"denied":       {firewall.DefaultDeny{Direction: "input"}.Check, strings.Replace(system, "table ip ", "table inet ", 1), check.Pass, "nftables, IPv4 input: dropped or refused, want dropped or refused by default (etc/nftables.conf:3); nftables, IPv6 input: dropped or refused, want dropped or refused by default (etc/nftables.conf:3)"},
		"none started": {firewall.DefaultDeny{Direction: "input", Started: true}.Check, boots, check.NotApplicable, "nftables, iptables, ufw or firewalld: none starts, want started at boot"},
	} {
		made, err := c.make()
		r, err := checktest.Judge(c.fixture, made, err)
		var all []string
		for _, e := range r.Evidence {
			all = append(all, e.String())
		}
		if shown := strings.Join(all, "; "); err != nil || r.Status != c.want || shown != c.shown {
			t.Errorf("%s: got %s %q (%s), %v, want %s", name, r.Status, shown, r.Message, err, c.want)
		}
	}
}
