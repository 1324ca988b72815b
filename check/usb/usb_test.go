package usb_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/usb"
)

const system = "-- usr/sbin/usbguard-daemon --\n-- etc/init.d/usbguard mode=0755 --\n-- etc/runlevels/default/usbguard link=/etc/init.d/usbguard --\n" +
	"-- etc/usbguard/rules.conf --\nallow id 1d6b:0002\n-- etc/usbguard/usbguard-daemon.conf --\nRuleFile=/etc/usbguard/rules.conf\n"

func TestAuthorized(t *testing.T) {
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"the daemon's own values": {system, check.Pass},
		"allows":                  {system + "ImplicitPolicyTarget=allow\n", check.Fail},
		"one of two lines":        {system + "ImplicitPolicyTarget=block\nImplicitPolicyTarget=allow\n", check.Fail},
		"keeps what is there":     {system + "PresentDevicePolicy=keep\n", check.Fail},
		"a rule for all":          {strings.Replace(system, "allow id 1d6b:0002", "allow", 1), check.Fail},
		"a rule behind block":     {strings.Replace(system, "allow id 1d6b:0002", "block\nallow", 1), check.Pass},
		"does not start":          {strings.Replace(system, "runlevels/default/usbguard", "runlevels/default/x", 1), check.Fail},
		"not installed":           {"-- etc/runlevels dir --\n", check.NotApplicable},
		"no configuration":        {"-- usr/sbin/usbguard-daemon --\n", check.Error},
	} {
		made, err := usb.Authorized{}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func ExampleAuthorized() {
	c, err := usb.Authorized{}.Check()
	r, err := checktest.Judge(system+"ImplicitPolicyTarget=allow\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Line, err)
	// Output: fail ImplicitPolicyTarget 2 <nil>
}
