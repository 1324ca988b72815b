// Package winservice has ready-made checks of the services and drivers of Windows: which of
// them must not start.
package winservice

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/winservice"
)

// Disabled asks that services or drivers are disabled, and on a running system that none of
// them runs all the same. One that is not installed passes, since nothing can start it.
//
// A manual start does not pass: another service, a user or an event may bring it about.
type Disabled struct {
	Names []string `yaml:"names,required"` // of services, not those for display: RemoteRegistry
}

// Check makes the check.
func (a Disabled) Check() (check.Check, error) {
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

// disabled is the check of one service, by its name.
type disabled string

// Examine judges the service.
func (c disabled) Examine(ctx context.Context, sys *inventory.System) check.Result {
	s, err := winservice.Named.Of(ctx, sys, string(c))
	ev := check.Evidence{Position: inventory.Position{Source: s.Source}, Subject: string(c), Want: "disabled"}
	switch {
	case errors.Is(err, inventory.ErrAbsent):
		ev.Source, ev.Want, ev.Got = winservice.Key, "disabled or not installed", "not installed"
		return check.Passed("", ev)
	case err != nil:
		return check.FromError(err)
	}
	if ev.Got = s.Start.String(); s.State.Active() {
		ev.Want, ev.Got = "disabled and stopped", ev.Got+", "+string(s.State)
	}
	if s.Start == winservice.Disabled && !s.State.Active() {
		return check.Passed("", ev)
	}
	return check.Failed("", ev)
}
