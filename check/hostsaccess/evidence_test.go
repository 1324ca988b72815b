package hostsaccess_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/hostsaccess"
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
		"refused":    {hostsaccess.DefaultDeny{}.Check, library + "-- etc/hosts.deny --\nALL: ALL\n", check.Pass, "clients that no line names: refused, want refused (etc/hosts.deny:1)"},
		"no libwrap": {hostsaccess.DefaultDeny{}.Check, "", check.NotApplicable, "lib: not there; lib: not there; lib/libwrap.so.0: not there"},
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
