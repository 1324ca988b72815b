// Package winservice has ready-made checks of the services and drivers of Windows: which of
// them must not start. [Kinds] has the name of the check in baselines.
package winservice

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/winservice"
)

// Disabled is the kind winservice.disabled: it asks that services or drivers are disabled, and on a running system that none of
// them runs all the same. One that is not installed passes, since nothing can start it.
//
// A manual start does not pass: another service, a user or an event may bring it about.
type Disabled struct {
	Names []string `yaml:"names,required" doc:"names of services or drivers, not those for display, such as RemoteRegistry"`
}

// Check makes the check.
func (a Disabled) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Names) == 0 {
		return nil, errors.New("names must not be empty")
	}
	var checks []check.Check
	for _, name := range a.Names {
		if name == "" || strings.ContainsAny(name, "/\\\x00") {
			return nil, fmt.Errorf("%q is no name of a service", name)
		}
		checks = append(checks, disabled(name))
	}
	return check.All(checks...), nil
}

// disabled returns the check of one service, by its name.
func disabled(name string) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		s, err := winservice.Named.Of(ctx, sys, name)
		ev := check.Evidence{Position: s.Position, Subject: name, Want: "disabled"}
		switch {
		case errors.Is(err, inventory.ErrAbsent):
			ev.Position, ev.Want, ev.Got = inventory.Position{Source: winservice.Key}, "disabled or not installed", "not installed"
			v.Good(ev)
			return nil
		case err != nil:
			return err
		}
		if ev.Got = s.Start.String(); s.State.Active() {
			ev.Want, ev.Got = "disabled and stopped", ev.Got+", "+string(s.State)
		}
		v.Judge(s.Start == winservice.Disabled && !s.State.Active(), ev)
		return nil
	})
}
