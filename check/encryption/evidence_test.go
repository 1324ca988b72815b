package encryption_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/encryption"
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
		"volume":      {encryption.Volumes{Targets: []string{}}, live + crypt, check.Pass, "/: encrypted, want encrypted (proc/self/mountinfo:1)"},
		"in memory":   {encryption.Volumes{Targets: []string{}}, "live: true\n-- proc/self/mountinfo --\n22 1 0:9 / / rw - tmpfs tmpfs rw\n", check.Pass, "/: in memory, want encrypted (proc/self/mountinfo:1)"},
		"none":        {encryption.Volumes{Targets: []string{}}, "", check.NotApplicable, "file systems: none (etc/fstab)"},
		"swap":        {encryption.Swap{}, "-- etc/fstab --\n/dev/mapper/a / ext4\n/dev/mapper/b none swap sw\n-- etc/crypttab --\nb UUID=1\n", check.Pass, "/dev/mapper/b: encrypted, want encrypted (etc/fstab:2)"},
		"no swap":     {encryption.Swap{}, "-- etc/fstab --\n/dev/mapper/a / ext4\n", check.Pass, "swap: none, want encrypted, or none (etc/fstab)"},
		"no swap now": {encryption.Swap{}, live + "-- proc/swaps --\nFilename Type Size Used Priority\n", check.Pass, "swap: none, want encrypted, or none (proc/swaps)"},
		"no fstab":    {encryption.Swap{}, "", check.NotApplicable, "file systems: none (etc/fstab)"},
		"policy":      {encryption.Policy{Refuse: []string{"LEGACY"}}, "-- etc/crypto-policies/config --\ndefault\n", check.Pass, "cryptographic policy: DEFAULT, want none of LEGACY (etc/crypto-policies/config:1)"},
		"no policy":   {encryption.Policy{Refuse: []string{"LEGACY"}}, "", check.NotApplicable, "cryptographic policy: not there (etc/crypto-policies/config)"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
