package pam_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/pam"
)

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined.
func TestEvidence(t *testing.T) {
	const quality = "-- etc/pam.d/passwd --\npassword requisite pam_pwquality.so minlen=14\npassword required pam_unix.so use_authtok remember=5 sha512\n"
	nullok := pam.OptionAbsent{Module: "pam_unix", Group: "auth", Forbid: []string{"nullok"}}.Check
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"length":             {pam.MinimumLength{Length: 14}.Check, quality, check.Pass, "pam_pwquality minlen: 14, want 14 characters or more (etc/pam.d/passwd:1)"},
		"length, no stack":   {pam.MinimumLength{Length: 14}.Check, "-- etc/pam.d/x --\nauth required pam_unix.so\n", check.NotApplicable, "passwd or login or sshd: no such stack (etc/pam.d)"},
		"nothing stored":     {pam.MinimumLength{Length: 14}.Check, "-- etc/pam.d/passwd --\npassword requisite pam_deny.so\npassword required pam_unix.so\n", check.Pass, "passwd: no other is stored, want 14 characters or more (etc/pam.d/passwd:2)"},
		"dictionary":         {pam.Dictionary{}.Check, quality, check.Pass, "pam_pwquality dictcheck: it is checked, the module's own value, want a password that is easily guessed is refused (etc/pam.d/passwd:1)"},
		"dictionary, no PAM": {pam.Dictionary{}.Check, "", check.NotApplicable, "etc/pam.conf: not there; etc/pam.d: not there; usr/etc/pam.d: not there"},
		"history":            {pam.History{Remember: 5}.Check, quality, check.Pass, "pam_unix remember: the last 5, want the last 5 are refused (etc/pam.d/passwd:2)"},
		"history, no PAM":    {pam.History{Remember: 5}.Check, "", check.NotApplicable, "etc/pam.conf: not there; etc/pam.d: not there; usr/etc/pam.d: not there"},
		"hashing":            {pam.Hashing{}.Check, quality, check.Pass, "pam_unix hash: sha512, want one of yescrypt, gost_yescrypt, blowfish, sha512 (etc/pam.d/passwd:2)"},
		"hashing, no stack":  {pam.Hashing{}.Check, "-- etc/pam.d/x --\nauth required pam_unix.so\n", check.NotApplicable, "pam_unix of password: no such stack (etc/pam.d)"},
		"option":             {nullok, "-- etc/pam.d/x --\nauth required pam_unix.so try_first_pass\n", check.Pass, "pam_unix of auth: none of these, want no nullok (etc/pam.d/x:1)"},
		"option, no stack":   {nullok, quality, check.NotApplicable, "pam_unix of auth: in no stack, want no nullok (etc/pam.d)"},
		"lockout":            {pam.Lockout{MaxDeny: 5, MinUnlock: 600}.Check, "-- etc/pam.d/login --\nauth required pam_tally2.so deny=5 unlock_time=900\nauth required pam_unix.so\n", check.Pass, "pam_tally2 deny: 5, want 1 to 5 (etc/pam.d/login:1); pam_tally2 unlock_time: 900, want 600 or more, or 0 for good (etc/pam.d/login:1)"},
		"lockout, no stack":  {pam.Lockout{MaxDeny: 5, MinUnlock: 600, Services: []string{"login"}}.Check, quality, check.NotApplicable, "login: no such stack (etc/pam.d)"},
		"su":                 {pam.SuRestricted{}.Check, "-- usr/bin/su mode=4755 --\n-- etc/pam.d/su --\nauth required pam_wheel.so use_uid\nauth required pam_unix.so\n", check.Pass, "su: pam_wheel refuses others, want only members of a group may become root (etc/pam.d/su:1)"},
		"no su":              {pam.SuRestricted{}.Check, quality, check.NotApplicable, "su: not there (usr/bin/su)"},
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
