package boot_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/boot"
	"github.com/hardening-sdk/hardening/check/checktest"
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
		"parameters": {boot.Parameters{Forbid: []string{"nokaslr"}, Rescue: []string{"single"}, Want: map[string][]string{"audit": {"1"}}}, "-- boot/grub/grub.cfg --\nlinux /v audit=1 secret=x\n", check.Pass,
			"command line of the kernel: none of 2 that do, audit=1, want none that turns protection off, audit=1 (boot/grub/grub.cfg:1)"},
		"wanted alone": {boot.Parameters{Want: map[string][]string{"quiet": {""}}}, "-- boot/grub/grub.cfg --\nlinux /v quiet\n", check.Pass,
			"command line of the kernel: quiet=, want quiet= (boot/grub/grub.cfg:1)"},
		"for repairs": {boot.Parameters{Want: map[string][]string{"audit": {"1"}}}, "-- boot/grub/grub.cfg --\nmenuentry 'a (recovery mode)' {\nlinux /v single\n}\n", check.Pass,
			"command line of the kernel: an entry for repairs, of which nothing is asked (boot/grub/grub.cfg:2)"},
		"locked": {boot.Locked{}, "-- boot/grub/grub.cfg --\nset superusers=\"r\"\nexport superusers\npassword_pbkdf2 r grub.pbkdf2.sha512.1.a.b\nlinux /v\n", check.Pass,
			"grub: superusers have a hashed password, want a hashed password, or nobody may (boot/grub/grub.cfg:1)"},
		"secrets": {boot.SecretsPrivate{}, "-- boot/grub/grub.cfg mode=0600 --\nset superusers=\"r\"\nexport superusers\npassword_pbkdf2 r grub.pbkdf2.sha512.1.a.b\nlinux /v\n", check.Pass,
			"boot/grub/grub.cfg: mode 0600, user 0, group 0, want mode 0700 or less, owned by one of [\"root\"]"},
		"no secrets": {boot.SecretsPrivate{}, "-- boot/grub/grub.cfg --\nlinux /v\n", check.NotApplicable, "passwords: none (boot/grub/grub.cfg)"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
