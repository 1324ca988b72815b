// Package usb has ready-made checks of which USB devices a system takes. [Kinds] names them.
package usb

import (
	"context"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/devices/usbguard"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Authorized is the kind usb.authorised: it asks that USBGuard starts where it is installed, and that
// it lets in only devices that a rule names: its policies for devices that are there, that are
// plugged in and that no rule names do not allow, and no rule allows all. Where it is not installed
// there is nothing to judge.
type Authorized struct{}

// policies are the settings that decide, and the values that let in no unknown device.
var policies = []struct {
	name string
	good []string
}{
	{"ImplicitPolicyTarget", []string{"block", "reject"}},
	{"PresentDevicePolicy", []string{"apply-policy", "block", "reject"}},
	{"InsertedDevicePolicy", []string{"apply-policy", "block", "reject"}},
}

// Check makes the check.
func (Authorized) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		c, err := usbguard.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		services, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		one, _ := services.Service("usbguard.service")
		ev := check.Evidence{Position: inventory.Position{Source: one.Source}, Subject: "usbguard.service", Want: "started at boot", Got: one.How}
		if one.How == "" {
			ev.Got = "not there"
		}
		v.Judge(one.AtBoot, ev)
		judgeConfig(v, c)
		return nil
	}), nil
}

// judgeConfig judges the policies and the rules that are reached.
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
			break // what follows is not reached
		}
	}
}
