package clock_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/clock"
)

const base = `
-- usr/lib/systemd/system/default.target --
[Unit]
`

func unit(name string) string {
	return "-- usr/lib/systemd/system/" + name + " --\n[Service]\nExecStart=/usr/sbin/x\n-- etc/systemd/system/default.target.wants/" + name + " link=/usr/lib/systemd/system/" + name + " --\n"
}

func TestChecks(t *testing.T) {
	sources, compiled, one := clock.Sources{}.Check, clock.Sources{Compiled: true}.Check, clock.One{}.Check
	const chronyd, timesyncd = "-- usr/sbin/chronyd --\n", "-- usr/lib/systemd/systemd-timesyncd --\n"
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
	}{
		"chrony":              {sources, unit("chrony.service") + chronyd + "-- etc/chrony/chrony.conf --\npool a\n", check.Pass},
		"chrony without":      {sources, unit("chrony.service") + chronyd + "-- etc/chrony/chrony.conf --\nrtcsync\n", check.Fail},
		"chrony, broken":      {sources, unit("chrony.service") + chronyd + "-- etc/chrony/chrony.conf --\npool\n", check.Error},
		"chrony, no program":  {sources, unit("chrony.service") + "-- etc/chrony/chrony.conf --\npool a\n", check.Unknown},
		"chrony, not started": {sources, chronyd + "-- etc/chrony/chrony.conf --\npool a\n", check.NotApplicable},
		"chrony, unreadable":  {sources, unit("chrony.service") + chronyd + "-- etc/chrony/chrony.conf error=EACCES --\n", check.Unknown},
		"timesyncd":           {sources, unit("systemd-timesyncd.service") + timesyncd + "-- etc/systemd/timesyncd.conf --\n[Time]\nNTP=a\n", check.Pass},
		"fallback":            {sources, unit("systemd-timesyncd.service") + timesyncd + "-- etc/systemd/timesyncd.conf --\n[Time]\nNTP=\nFallbackNTP=b\n", check.Pass},
		"compiled":            {compiled, unit("systemd-timesyncd.service") + timesyncd, check.Pass},
		"compiled, no":        {sources, unit("systemd-timesyncd.service") + timesyncd, check.Fail},
		"compiled, emptied":   {compiled, unit("systemd-timesyncd.service") + timesyncd + "-- etc/systemd/timesyncd.conf --\n[Time]\nFallbackNTP=\n", check.Fail},
		"ntpsec":              {sources, unit("ntpsec.service") + "-- etc/ntpsec/ntp.conf --\npool a\n", check.Pass},
		"ntp, local clock":    {sources, unit("ntp.service") + "-- etc/ntp.conf --\nserver 127.127.1.0\n", check.Fail},
		"two, one without":    {sources, unit("openntpd.service") + "-- etc/openntpd/ntpd.conf --\nservers a\n" + unit("ntp.service") + "-- etc/ntp.conf --\n", check.Fail},
		"no systemd":          {sources, "", check.Unknown},
		"one":                 {one, unit("chrony.service"), check.Pass},
		"one by two names":    {one, unit("chrony.service") + "-- etc/systemd/system/chronyd.service link=/usr/lib/systemd/system/chrony.service --\n", check.Pass},
		"two":                 {one, unit("chrony.service") + unit("systemd-timesyncd.service"), check.Fail},
		"one is masked":       {one, unit("chrony.service") + unit("systemd-timesyncd.service") + "-- etc/systemd/system/systemd-timesyncd.service link=/dev/null --\n", check.Pass},
		"none":                {one, "", check.NotApplicable},
	} {
		made, err := c.make()
		fixture := base + c.fixture
		if name == "no systemd" {
			fixture = "-- etc/passwd --\n"
		}
		if r, err := checktest.Judge(fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s %v (%s), %v, want %s", name, r.Status, r.Evidence, r.Message, err, c.want)
		}
	}
}

func ExampleSources() {
	c, err := clock.Sources{}.Check()
	r, err := checktest.Judge(base+unit("chrony.service")+"-- usr/sbin/chronyd --\n-- etc/chrony.conf --\nserver time.example.org\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Source, r.Evidence[0].Line, r.Evidence[0].Got, err)
	// Output: pass etc/chrony.conf 1 server <nil>
}
