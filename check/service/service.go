// Package service has ready-made checks of the services of a system: which start when it
// boots, which have to, and which have lost their program.
//
// They judge by unit files, links and drop-ins of systemd, the runlevels of OpenRC, and the
// links of init scripts, and so alike on a running host and an image. Services have the
// names of units everywhere. Where nothing tells what starts it is unknown.
package service

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// of judges the services of the system.
func of(judge func(*services.Services) check.Result) check.Check {
	return check.OldOf(services.Fact, judge)
}

// Off asks that no unit of some names starts at boot, or later by a socket, timer, path or
// automount unit that does. Where none of them is there, there is nothing to judge.
type Off struct {
	Units []string `yaml:"units,required"` // patterns of path.Match: cups.service, avahi-daemon.*
	Allow []string // patterns of units that are needed all the same
}

// Check makes the check.
func (a Off) Check() (check.Check, error) {
	if err := validPatterns(a.Units, a.Allow); err != nil {
		return nil, err
	}
	return of(func(all *services.Services) check.Result {
		some := all.Match(func(name string) bool { return matches(name, a.Units) && !matches(name, a.Allow) })
		return check.Each(some, func(v services.Service) (check.Evidence, bool) {
			ev := check.Evidence{Position: inventory.Position{Source: v.Source}, Subject: v.Name, Want: "off, masked or removed"}
			if v.Starts() {
				ev.Got = v.How
			}
			return ev, v.Starts()
		})
	}), nil
}

// On asks that at least one of some units starts at boot.
type On struct {
	AnyOf []string `yaml:"any-of,required"` // names of units
}

// Check makes the check.
func (a On) Check() (check.Check, error) {
	if len(a.AnyOf) == 0 {
		return nil, errors.New("any-of must not be empty")
	}
	return of(func(all *services.Services) check.Result {
		var off []check.Evidence
		for _, name := range a.AnyOf {
			v, ok := all.Service(name)
			if !ok {
				continue
			}
			e := check.Evidence{Position: inventory.Position{Source: v.Source}, Subject: name, Want: "started at boot", Got: v.How}
			if v.AtBoot {
				return check.Passed("", e)
			}
			off = append(off, e)
		}
		if len(off) == 0 {
			off = []check.Evidence{{Subject: check.AnyOf(a.AnyOf), Want: "started at boot", Got: "not there"}}
		}
		return check.Failed("", off...)
	}), nil
}

// Orphans asks that each service that is enabled has its program: that the file which
// ExecStart= names is there. A service whose Condition may keep it off is none: one that
// asks for a file that is missing, or that cannot be told from the unit alone.
type Orphans struct {
	Allow []string // patterns of units whose program comes later
}

// Check makes the check.
func (a Orphans) Check() (check.Check, error) {
	if err := validPatterns(a.Allow); err != nil {
		return nil, err
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		units, err := systemd.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var services []*systemd.Unit
		for _, u := range units.All {
			if strings.HasSuffix(u.Name, ".service") && u.Name == u.ID && !matches(u.Name, a.Allow) && u.State.Enabled() {
				services = append(services, u)
			}
		}
		var errs []error
		r := check.Each(services, func(u *systemd.Unit) (check.Evidence, bool) {
			e, missing, err := orphan(ctx, sys, u)
			errs = append(errs, err)
			return e, missing
		})
		if err := errors.Join(errs...); err != nil && r.Status != check.Fail {
			return check.FromError(err)
		}
		return r
	}), nil
}

// orphan reports whether the program of a service is missing, with the line that names it.
func orphan(ctx context.Context, sys *inventory.System, u *systemd.Unit) (check.Evidence, bool, error) {
	for _, v := range u.Values("Service", "ExecStart") {
		commands, err := systemd.ParseCommand(v.Text)
		if err != nil {
			continue // systemd does not run it either
		}
		for _, c := range commands {
			if strings.Contains(c.Prefix, "-") || strings.Contains(c.Path, "%") {
				continue
			}
			program, err := files.FindFirst(ctx, sys, programs(c.Path)...)
			if err != nil {
				return check.Evidence{}, false, err
			}
			if program != "" {
				continue
			}
			if off, err := conditioned(ctx, sys, u); err != nil || off {
				return check.Evidence{}, false, err
			}
			return check.Evidence{Position: v.Position, Subject: u.Name, Want: "a program that is there", Got: c.Path + " is missing"}, true, nil
		}
	}
	return check.Evidence{}, false, nil
}

// folders are where systemd looks for a program without a folder, systemd-path(1),
// search-binaries-default.
var folders = []string{"usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin"}

// programs returns the names in the tree that a command can mean.
func programs(command string) []string {
	if strings.HasPrefix(command, "/") {
		return []string{strings.TrimPrefix(path.Clean(command), "/")}
	}
	var all []string
	for _, f := range folders {
		all = append(all, f+"/"+command)
	}
	return all
}

// conditioned reports whether the service stays off, or may, by a file that it asks for.
func conditioned(ctx context.Context, sys *inventory.System, u *systemd.Unit) (bool, error) {
	for _, key := range []string{"ConditionPathExists", "ConditionFileIsExecutable", "ConditionFileNotEmpty", "ConditionPathIsDirectory"} {
		for _, v := range u.Values("Unit", key) {
			if !strings.HasPrefix(v.Text, "/") || strings.Contains(v.Text, "%") {
				return true, nil // negated, one of several, or of a name that only the host knows
			}
			found, err := files.FindFirst(ctx, sys, strings.TrimPrefix(path.Clean(v.Text), "/"))
			if err != nil || found == "" {
				return found == "", err
			}
		}
	}
	return false, nil
}

func matches(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, name); return ok })
}

func validPatterns(lists ...[]string) error {
	for _, p := range slices.Concat(lists...) {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return fmt.Errorf("%q is no pattern of units", p)
		}
	}
	return nil
}
