package usb_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/usb"
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
		"own value": {usb.Authorized{}, system, check.Pass, "ImplicitPolicyTarget: block, which is the program's own value, want devices that a rule allows"},
		"set":       {usb.Authorized{}, system + "ImplicitPolicyTarget=reject\n", check.Pass, "ImplicitPolicyTarget: reject, want devices that a rule allows (etc/usbguard/usbguard-daemon.conf:2)"},
		"rule":      {usb.Authorized{}, system, check.Pass, "rule: some are allowed, want devices that a rule allows (etc/usbguard/rules.conf:1)"},
		"none":      {usb.Authorized{}, "-- etc/runlevels dir --\n", check.NotApplicable, "usr/sbin/usbguard-daemon: not there"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
