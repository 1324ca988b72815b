// Package usb has ready-made checks of which USB devices a system takes.
package usb

import (
	"context"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/devices/usbguard"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Authorized asks that USBGuard starts where it is installed, and that it lets in only
// devices that a rule names: its policies for devices that are there, that are plugged in
// and that no rule names do not allow, and no rule allows all. Where it is not installed
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
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		c, err := usbguard.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		services, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var good, bad []check.Evidence
		v, _ := services.Service("usbguard.service")
		if ev := (check.Evidence{Position: inventory.Position{Source: v.Source}, Subject: "usbguard.service", Want: "started at boot", Got: v.How}); !v.AtBoot {
			if v.How == "" {
				ev.Got = "not there"
			}
			bad = append(bad, ev)
		}
		for _, p := range policies {
			for _, s := range c.Values(p.name) {
				ev := check.Evidence{Position: s.Position, Subject: s.Name, Want: "devices that a rule allows", Got: s.Value}
				if slices.Contains(p.good, s.Value) {
					good = append(good, ev)
				} else {
					ev.Got = "others too"
					bad = append(bad, ev)
				}
			}
		}
		for _, r := range c.Rules {
			if r.Target == "allow" && r.All {
				bad = append(bad, check.Evidence{Position: r.Position, Subject: "rule", Want: "devices that a rule allows", Got: "all are allowed"})
			}
			if (r.Target == "block" || r.Target == "reject") && r.All {
				break // what follows is not reached
			}
		}
		if len(bad) > 0 {
			return check.Failed("", bad...)
		}
		return check.Passed("", good...)
	}), nil
}
