package banner_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/banner"
	"github.com/hardening-sdk/hardening/check/checktest"
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
		"console":           {banner.Warns{On: "console", Words: []string{"x", "authorised"}}.Check, "-- etc/issue --\nAuthorised use only\n", check.Pass, "console: a text with authorised, want a text with one of x, authorised (etc/issue)"},
		"SSH":               {banner.Warns{On: "ssh", Words: []string{"authorised"}}.Check, server + "-- etc/ssh/sshd_config --\nBanner /etc/issue.net\n-- etc/issue.net --\nAuthorised use only\n", check.Pass, "SSH: a text with authorised, want a text with one of authorised (etc/issue.net)"},
		"no server":         {banner.Warns{On: "ssh", Words: []string{"authorised"}}.Check, "", check.NotApplicable, "usr/sbin/sshd: not there"},
		"reveals nothing":   {banner.Reveals{}.Check, release + "-- etc/issue --\nGo away\n", check.Pass, "etc/issue: neither an escape for it nor its name, want neither name nor version of the system"},
		"reveals no escape": {banner.Reveals{}.Check, "-- etc/issue --\nGo away\n", check.Pass, "etc/issue: no escape for it; the system says no name of its own, want neither name nor version of the system"},
		"no text":           {banner.Reveals{Files: []string{"etc/motd"}}.Check, release, check.NotApplicable, "etc/issue: not there; etc/motd: not there"},
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
