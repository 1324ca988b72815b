package module_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/module"
)

type maker interface{ Check() (check.Check, error) }

// What passes, and what there is nothing to judge of, shows what was looked at.
func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		piece   string // of evidence
	}{
		"blocked": {module.Blocked{Names: []string{"a-b"}}, kernel + "-- etc/modprobe.d/a.conf --\ninstall a-b /bin/false\n", check.Pass,
			"a_b: blocked, want blocked (etc/modprobe.d/a.conf:1)"},
		"in no kernel": {module.Blocked{Names: []string{"x"}}, kernel, check.Pass, "x: in none of 1 installed kernels, want blocked (lib/modules/6/modules.dep)"},
		"no kernel":    {module.Blocked{Names: []string{"x", "y"}}, "-- etc/modprobe.d/a.conf --\ninstall y /bin/false\n", check.NotApplicable, "x: no kernel is installed, want blocked"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
