package clock_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/clock"
)

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined.
func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"sources":      {clock.Sources{}.Check, base + unit("chrony.service") + "-- usr/sbin/chronyd --\n-- etc/chrony.conf --\npool a\n", check.Pass, "chrony.service: pool, want a source of the time (etc/chrony.conf:1)"},
		"none":         {clock.Sources{}.Check, base, check.NotApplicable, "chrony, systemd-timesyncd, NTPsec, ntpd or OpenNTPD: none starts, want started at boot"},
		"one":          {clock.One{}.Check, base + unit("chrony.service"), check.Pass, "chrony.service: started at boot, want one service that sets the clock (usr/lib/systemd/system/chrony.service)"},
		"none of them": {clock.One{}.Check, base, check.NotApplicable, "chrony, systemd-timesyncd, NTPsec, ntpd or OpenNTPD: none starts, want started at boot"},
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
