// Package service has ready-made checks of the services of a system: which start when it
// boots, which have to, and which have lost their program.
//
// They judge by unit files, links and drop-ins of systemd, the runlevels of OpenRC, and the
// links of init scripts, and so alike on a running host and an image. Services have the
// names of units everywhere. Where nothing tells what starts it is unknown. [Kinds] has the names
// of the checks in baselines.
package service

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/internal/glob"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Off is the kind service.off: it asks that no unit of some names starts at boot, or later by a
// socket, timer, path or automount unit that does. Where none of them is there, there is nothing
// to judge.
type Off struct {
	Units []string `yaml:"units,required" doc:"units, as patterns of glob(7), such as cups.service and avahi-daemon.*"`
	Allow []string `doc:"patterns of units that are needed all the same"`
}

// Check makes the check.
func (a Off) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validPatterns(a.Units, a.Allow); err != nil {
		return nil, err
	}
	const want = "off, masked or removed"
	return check.Of(services.Fact, func(v *check.Verdict, all *services.Services) {
		for _, s := range all.Match(func(name string) bool { return matches(name, a.Units) && !matches(name, a.Allow) }) {
			v.Judge(!s.Starts(), check.Evidence{Position: s.Position, Subject: s.Name, Want: want, Got: s.How})
		}
		for _, p := range a.Units {
			ev := check.Evidence{Subject: p, Want: want}
			if len(a.Allow) > 0 {
				ev.Got = "none but what is allowed"
			}
			v.Absent(ev)
		}
	}), nil
}

// On is the kind service.on: it asks that at least one of some units starts at boot.
type On struct {
	AnyOf []string `yaml:"any-of,required" doc:"names of units, one of which starts"`
}

// Check makes the check.
func (a On) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.AnyOf) == 0 {
		return nil, errors.New("any-of must not be empty")
	}
	return check.Of(services.Fact, func(v *check.Verdict, all *services.Services) {
		var on, off []check.Evidence
		for _, name := range a.AnyOf {
			s, ok := all.Service(name)
			ev := check.Evidence{Position: s.Position, Subject: name, Want: "started at boot", Got: s.How}
			switch {
			case !ok:
			case s.AtBoot:
				on = append(on, ev)
			default:
				off = append(off, ev)
			}
		}
		if len(on)+len(off) == 0 {
			off = []check.Evidence{{Subject: setting.AnyOf(a.AnyOf), Want: "started at boot", Got: "not there"}}
		}
		for _, ev := range on {
			v.Good(ev)
		}
		if len(on) == 0 {
			for _, ev := range off {
				v.Bad(ev)
			}
		}
	}), nil
}

// Orphans is the kind service.orphans: it asks that each service that is enabled has its program:
// that the file which ExecStart= names is there. A service whose Condition may keep it off is
// none: one that asks for a file that is missing, or that cannot be told from the unit alone.
type Orphans struct {
	Allow []string `doc:"patterns of units whose program comes later"`
}

// Check makes the check.
func (a Orphans) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validPatterns(a.Allow); err != nil {
		return nil, err
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		units, err := systemd.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		for _, u := range units.All {
			if !strings.HasSuffix(u.Name, ".service") || u.Name != u.ID || matches(u.Name, a.Allow) || !u.State.Enabled() {
				continue
			}
			ev, missing, err := orphan(ctx, sys, u)
			if err != nil {
				v.Err(err, ev)
				continue
			}
			v.Judge(!missing, ev)
		}
		v.Absent(check.Evidence{Subject: "services", Want: "enabled", Got: "none is"})
		return nil
	}), nil
}

// orphan reports whether the program of a service is missing, with the line that names it.
func orphan(ctx context.Context, sys *inventory.System, u *systemd.Unit) (check.Evidence, bool, error) {
	ev := check.Evidence{Position: inventory.Position{Source: u.Path}, Subject: u.Name, Want: "a program that is there", Got: "it names none that has to be there"}
	for _, v := range u.Values("Service", "ExecStart") {
		commands, err := systemd.ParseCommand(v.Text)
		if err != nil {
			continue // systemd does not run it either
		}
		for _, c := range commands {
			if strings.Contains(c.Prefix, "-") || strings.Contains(c.Path, "%") {
				continue
			}
			ev.Position, ev.Got = v.Position, c.Path
			program, err := files.FindFirst(ctx, sys, programs(c.Path)...)
			if err != nil {
				return ev, false, err
			}
			if program != "" {
				continue
			}
			ev.Got += " is missing"
			off, err := conditioned(ctx, sys, u)
			if err == nil && off {
				ev.Got += ", and a condition may keep the service off"
			}
			return ev, !off, err
		}
	}
	return ev, false, nil
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
	return slices.ContainsFunc(patterns, func(p string) bool { return glob.Match(p, name) })
}

func validPatterns(lists ...[]string) error {
	for _, p := range slices.Concat(lists...) {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return fmt.Errorf("%q is no pattern of units", p)
		}
	}
	return nil
}
