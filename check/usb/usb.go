// Package usb provides ready-made checks of the USB devices that a system accepts. [Kinds] lists
// the names of the checks in baselines.
package usb

import (
	"context"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/devices/usbguard"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Authorized is the kind usb.authorised. It requires that USBGuard starts, runs at this moment on a
// running system, and accepts only devices that a rule names. Its policies must not allow other
// devices, whether they are present at the start, inserted later or match no rule. No rule may allow
// all devices. If USBGuard is not installed, the check is NotApplicable.
type Authorized struct{}

// policies are the relevant settings, and their values that accept no unknown device.
var policies = []struct {
	name string
	good []string
}{
	{"ImplicitPolicyTarget", []string{"block", "reject"}},
	{"PresentDevicePolicy", []string{"apply-policy", "block", "reject"}},
	{"InsertedDevicePolicy", []string{"apply-policy", "block", "reject"}},
}

// Check returns the check. The error is always nil.
func (Authorized) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		c, err := usbguard.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		all, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		one, _ := all.Service("usbguard.service")
		ev := check.Evidence{Position: inventory.Position{Source: one.Source}, Subject: "usbguard.service", Want: "started at boot", Got: one.How}
		if one.How == "" {
			ev.Got = "not there"
		}
		if one.Unsure != nil {
			return one.Unsure
		}
		now := services.Activity{}
		if one.AtBoot {
			if now, err = services.Now(ctx, sys, all, one); err != nil {
				return err
			}
			ev.Got = now.After(ev.Got)
		}
		v.Judge(one.AtBoot && now.State != services.Inactive, ev)
		judgeConfig(v, c)
		return nil
	}), nil
}

// judgeConfig judges the policies, and the rules up to the first that blocks all devices.
func judgeConfig(v *check.Verdict, c *usbguard.Config) {
	const want = "devices that a rule allows"
	for _, p := range policies {
		for _, s := range c.Values(p.name) {
			ev := check.Evidence{Position: s.Position, Subject: s.Name, Want: want, Got: s.Value}
			if s.Compiled() {
				ev.Got += ", which is the program's own value"
			}
			good := slices.Contains(p.good, s.Value)
			if !good {
				ev.Got = "others too"
			}
			v.Judge(good, ev)
		}
	}
	for _, r := range c.Rules {
		if r.Target == "allow" {
			ev := check.Evidence{Position: r.Position, Subject: "rule", Want: want, Got: "some are allowed"}
			if r.All {
				ev.Got = "all are allowed"
			}
			v.Judge(!r.All, ev)
		}
		if (r.Target == "block" || r.Target == "reject") && r.All {
			break // later rules are not reached
		}
	}
}
