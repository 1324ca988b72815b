// Package winservice provides the ready-made check of Windows services and drivers that must not
// start. [Kinds] has the name of the check in baselines.
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

// Disabled is the kind winservice.disabled. It requires that services or drivers are disabled. On a
// running system it also requires that they are not running. A service that is not installed
// passes.
//
// A service with the start type "manual" fails, because a user, another service or an event may
// start it.
type Disabled struct {
	Names []string `yaml:"names,required" doc:"names of services or drivers, not those for display, such as RemoteRegistry"`
}

// Check returns the check. It returns an error if the arguments are invalid.
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
		checks = append(checks, checkDisabled(name))
	}
	return check.All(checks...), nil
}

// checkDisabled returns the check of the service with the given name.
func checkDisabled(name string) check.Check {
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
