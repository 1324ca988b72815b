package console_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/console"
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
		"getty": {console.NeedsLogin{}, units + "-- usr/lib/systemd/system/getty@.service --\n[Service]\nExecStart=-/sbin/agetty %I\n", check.Pass,
			"getty@.service: a login that asks, want a login that asks (usr/lib/systemd/system/getty@.service:2)"},
		"no units": {console.NeedsLogin{}, units, check.NotApplicable,
			"getty@*.service or serial-getty@*.service or console-getty.service or container-getty@*.service or autovt@*.service: not there"},
		"no lines": {console.NeedsLogin{}, "-- etc/runlevels/default dir --\n-- etc/inittab --\n::wait:/sbin/openrc default\n", check.NotApplicable, "consoles: none (etc/inittab)"},
		"another program": {console.NeedsLogin{}, units + "-- usr/lib/systemd/system/getty@.service --\n[Service]\nExecStart=/opt/kiosk\n", check.Pass,
			"getty@.service: neither a login by itself nor a bare shell, want a login that asks (usr/lib/systemd/system/getty@.service:2)"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
