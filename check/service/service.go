// Package service provides ready-made checks of the services of a system: which services must or
// must not start, whether their programs exist, and who can change them. [Kinds] lists the names of
// the checks in baselines.
//
// The checks judge the unit files, links and drop-ins of systemd, the runlevels of OpenRC, and the
// links of init scripts. This works for running hosts and images. Services are named like units of
// systemd everywhere. If none of these exists, a check is Unknown.
package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// Off is the kind service.off. It requires that no unit that Units matches starts at boot, or later
// through a socket, timer, path or automount unit that starts at boot. On a running system none may be
// active either, by [services.ActiveUnits]. If there is no such unit, the check is NotApplicable.
type Off struct {
	Units []string `yaml:"units,required" doc:"units, as patterns of glob(7), such as cups.service and avahi-daemon.*"`
	Allow []string `doc:"patterns of units that are needed all the same"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Off) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validatePatterns(a.Units, a.Allow); err != nil {
		return nil, err
	}
	const want = "off, masked or removed"
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		active, err := services.ActiveUnits(ctx, sys)
		if err != nil {
			return err
		}
		wanted := func(name string) bool { return matches(name, a.Units) && !matches(name, a.Allow) }
		for _, s := range append(all.Match(wanted), all.OfUsers()...) {
			if !wanted(s.Name) {
				continue
			}
			if now, is := active[s.ID]; is && !s.Starts() {
				v.Bad(check.Evidence{Position: now.Position, Subject: s.Name, Want: want, Got: now.After(s.How)})
				continue
			}
			v.Judge(!s.Starts(), check.Evidence{Position: s.Position, Subject: s.Name, Want: want, Got: s.How})
		}
		// What was started by hand, or is still active without its unit file.
		for _, name := range slices.Sorted(maps.Keys(active)) {
			if _, listed := all.Service(name); !listed && wanted(name) {
				v.Bad(check.Evidence{Position: active[name].Position, Subject: name, Want: want, Got: active[name].How})
			}
		}
		for _, p := range a.Units {
			ev := check.Evidence{Subject: p, Want: want}
			if len(a.Allow) > 0 {
				ev.Got = "none but what is allowed"
			}
			v.Absent(ev)
		}
		return nil
	}), nil
}

// On is the kind service.on. It requires that at least one of the units starts at boot and, on a
// running system, runs at this moment, by [services.Now].
type On struct {
	AnyOf []string `yaml:"any-of,required" doc:"names of units, one of which starts"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a On) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.AnyOf) == 0 {
		return nil, errors.New("any-of must not be empty")
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		var on, off []check.Evidence
		var unsure error
		for _, name := range a.AnyOf {
			s, ok := all.Service(name)
			ev := check.Evidence{Position: s.Position, Subject: name, Want: "started at boot", Got: s.How}
			switch {
			case !ok:
			case s.Unsure != nil:
				unsure = errors.Join(unsure, s.Unsure)
			case s.AtBoot:
				now, err := services.Now(ctx, sys, all, s)
				ev.Got = now.After(ev.Got)
				switch {
				case err != nil:
					unsure = errors.Join(unsure, err)
				case now.State == services.Inactive:
					ev.Position, ev.Want = now.Position, "started at boot, and active"
					off = append(off, ev)
				default:
					on = append(on, ev)
				}
			default:
				off = append(off, ev)
			}
		}
		if len(on) == 0 && unsure != nil {
			return unsure
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
		return nil
	}), nil
}

// Orphans is the kind service.orphans. It requires that the programs in ExecStart= of each enabled
// service exist. It accepts a missing program if a condition of the unit may prevent the start,
// because the condition requires a missing file or cannot be evaluated from the unit alone.
type Orphans struct {
	Allow []string `doc:"patterns of units whose program comes later"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Orphans) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validatePatterns(a.Allow); err != nil {
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
			ev, missing, err := isOrphan(ctx, sys, u)
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

// isOrphan reports whether a program of a service is missing. It returns evidence with the line
// that names the program.
func isOrphan(ctx context.Context, sys *inventory.System, u *systemd.Unit) (check.Evidence, bool, error) {
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
			program, err := files.FindFirst(ctx, sys, programsOf(c.Path)...)
			if err != nil {
				return ev, false, err
			}
			if program != "" {
				continue
			}
			ev.Got += " is missing"
			off, err := mayStayOff(ctx, sys, u)
			if err == nil && off {
				ev.Got += ", and a condition may keep the service off"
			}
			return ev, !off, err
		}
	}
	return ev, false, nil
}

// folders are the folders where systemd searches for a program without a path, systemd-path(1),
// search-binaries-default.
var folders = []string{"usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin"}

// programs returns the names in the tree that a command can refer to.
func programsOf(command string) []string {
	if strings.HasPrefix(command, "/") {
		return []string{strings.TrimPrefix(path.Clean(command), "/")}
	}
	var all []string
	for _, f := range folders {
		all = append(all, f+"/"+command)
	}
	return all
}

// mayStayOff reports whether a condition on files may prevent the start of the service.
func mayStayOff(ctx context.Context, sys *inventory.System, u *systemd.Unit) (bool, error) {
	for _, key := range []string{"ConditionPathExists", "ConditionFileIsExecutable", "ConditionFileNotEmpty", "ConditionPathIsDirectory"} {
		for _, v := range u.Values("Unit", key) {
			if !strings.HasPrefix(v.Text, "/") || strings.Contains(v.Text, "%") {
				return true, nil // negated, an alternative, or a name that only the host can expand
			}
			found, err := files.FindFirst(ctx, sys, strings.TrimPrefix(path.Clean(v.Text), "/"))
			if err != nil || found == "" {
				return found == "", err
			}
		}
	}
	return false, nil
}

// matches reports whether name matches one of the patterns.
func matches(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return glob.Match(p, name) })
}

// validatePatterns returns an error if a pattern is empty or malformed.
func validatePatterns(lists ...[]string) error {
	for _, p := range slices.Concat(lists...) {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return fmt.Errorf("%q is no pattern of units", p)
		}
	}
	return nil
}
