package confinement_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/confinement"
)

type maker interface{ Check() (check.Check, error) }

// What was looked at is shown, also where it passes or there is nothing to judge.
func TestEvidence(t *testing.T) {
	const (
		live     = "live: true\n-- sys/kernel/x --\n-- sys/module/apparmor/parameters/enabled --\nY\n"
		profiles = "-- etc/apparmor.d/p --\nprofile p /bin/p {\n}\n-- sys/kernel/security/apparmor/profiles --\n"
	)
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		piece   string // of evidence
	}{
		"on":         {confinement.On{}, selinux, check.Pass, "SELinux: enforcing, want enforcing (etc/selinux/config:1)"},
		"enforced":   {confinement.Enforced{}, selinux, check.Pass, "SELINUX: enforcing, want enforcing (etc/selinux/config:1)"},
		"a profile":  {confinement.Enforced{}, live + profiles + "p (enforce)\n", check.Pass, "p: enforced, want enforced (sys/kernel/security/apparmor/profiles:1)"},
		"allowed":    {confinement.Enforced{Allow: []string{"p"}}, live + profiles + "p (complain)\n", check.Pass, "p: in complain mode, which is allowed, want enforced (sys/kernel/security/apparmor/profiles:1)"},
		"no program": {confinement.Enforced{}, live + profiles + "p (complain)\n", check.Pass, "p: in complain mode, of a program that is not there, want enforced (sys/kernel/security/apparmor/profiles:1)"},
		"unconfined": {confinement.Enforced{}, live + profiles + "p (unconfined)\n", check.Pass, "p: unconfined by design, want enforced (sys/kernel/security/apparmor/profiles:1)"},
		"unloaded":   {confinement.Enforced{}, live + profiles, check.Fail, "AppArmor: none is, want profiles of files are loaded (sys/kernel/security/apparmor/profiles)"},
		"not all":    {confinement.Enforced{}, live + profiles + "q (enforce)\n-- bin/p --\n", check.Fail, "p: not loaded, want enforced (etc/apparmor.d/p:1)"},
		"no use":     {confinement.Enforced{}, live + profiles + "q (enforce)\n", check.Pass, "p: not loaded, of a program that is not there, want enforced (etc/apparmor.d/p:1)"},
		"neither":    {confinement.Enforced{}, "", check.NotApplicable, "SELinux: not there (etc/selinux/config)"},
		"off":        {confinement.Enforced{}, strings.Replace(selinux, "enforcing", "disabled", 1), check.NotApplicable, "SELinux: off (etc/selinux/config)"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
