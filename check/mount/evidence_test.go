package mount_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/mount"
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
		"mounted": {mount.Options{Targets: []string{"tmp"}, Want: []string{"nodev"}}, "-- etc/fstab --\n//h/s /tmp cifs nodev,password=secret 0 0\n", check.Pass,
			"/tmp: nodev, want nodev (etc/fstab:1)"},
		"not mounted": {mount.Options{Targets: []string{"tmp"}, Want: []string{"nodev"}}, "live: true\n-- proc/self/mountinfo --\n22 1 0:9 / / rw - overlay overlay rw\n", check.Fail,
			"/tmp: no file system of its own, want nodev (proc/self/mountinfo)"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
