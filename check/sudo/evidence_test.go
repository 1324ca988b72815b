package sudo_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/check/sudo"
)

// What passes, and what there is nothing to judge of, shows what was looked at.
func TestEvidence(t *testing.T) {
	const file = "-- etc/sudoers --\n"
	on := setting.Accept{Want: []string{"on"}}
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		piece   string // of evidence
	}{
		"setting":           {sudo.Setting{Name: "use_pty", Accept: on}, file + "Defaults use_pty\n", check.Pass, "use_pty: on, want on (etc/sudoers:1)"},
		"own value":         {sudo.Setting{Name: "authenticate", Accept: on, Default: "on"}, file, check.Pass, "authenticate: on, which is the program's own value, want on (etc/sudoers)"},
		"password":          {sudo.PasswordsAsked{}, file + "alice ALL=/bin/a secret\n", check.Pass, "alice: a password is asked for /bin/a, want a password is asked for (etc/sudoers:1)"},
		"password, allowed": {sudo.PasswordsAsked{}, file + "root ALL=NOPASSWD: ALL\n", check.Pass, "root: somebody who may: ALL, want a password is asked for (etc/sudoers:1)"},
		"named":             {sudo.NotForAll{}, file + "alice ALL=ALL\n", check.Pass, "alice: named users or groups for ALL, want named users or groups (etc/sudoers:1)"},
		"one command":       {sudo.NotForAll{}, file + "ALL ALL=/bin/ls\n", check.Pass, "ALL: everybody, and not for everything, but for /bin/ls, want named users or groups (etc/sudoers:1)"},
		"by name":           {sudo.NoExceptions{}, file + "alice ALL=/bin/ls -l\n", check.Pass, "alice: /bin/ls, want the allowed commands by name (etc/sudoers:1)"},
		"no rules":          {sudo.NoExceptions{}, file, check.NotApplicable, "rules: none (etc/sudoers)"},
		"no sudo":           {sudo.NoExceptions{}, "", check.NotApplicable, "etc/sudoers: not there"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
