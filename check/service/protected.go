package service

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Protected asks of each service that starts as root, at boot, by a timer, a socket or
// another unit, that only root can change what it runs: its unit file and drop-ins, the
// programs that its Exec lines name, and all folders on the way to them; without systemd its script.
type Protected struct {
	Allow []string // patterns of units that are judged elsewhere
}

// Check makes the check.
func (a Protected) Check() (check.Check, error) {
	if err := validPatterns(a.Allow); err != nil {
		return nil, err
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		some := all.Match(func(name string) bool {
			return strings.HasSuffix(name, ".service") && !matches(name, a.Allow)
		})
		some = slices.DeleteFunc(some, func(v services.Service) bool { return !v.Starts() })
		var errs []error
		seen := map[string]string{}
		r := check.Each(some, func(v services.Service) (check.Evidence, bool) {
			ev, bad, err := changeable(ctx, sys, v, partsOf(all.Units(), v), seen)
			errs = append(errs, err)
			return ev, bad
		})
		if err := errors.Join(errs...); err != nil && r.Status != check.Fail {
			return check.FromError(err)
		}
		return r
	}), nil
}

// part is a file that a service is made of, and the line that names it.
type part struct {
	name   string
	source string
	line   int
}

// changeable returns the first part of a service that others than root can change.
func changeable(ctx context.Context, sys *inventory.System, v services.Service, parts []part, seen map[string]string) (check.Evidence, bool, error) {
	for _, p := range parts {
		way, err := files.FindWay(ctx, sys, p.name)
		if err != nil {
			return check.Evidence{}, false, err
		}
		for _, name := range append([]string{p.name, path.Dir(p.name)}, way...) {
			how, ok := seen[name]
			if !ok {
				var err error
				if how, _, err = file.Changeable(ctx, sys, name); err != nil {
					return check.Evidence{}, false, err
				}
				seen[name] = how
			}
			if how != "" {
				return check.Evidence{Position: inventory.Position{Source: p.source, Line: p.line}, Subject: v.Name, Want: "only root can change it", Got: "/" + name + " " + how}, true, nil
			}
		}
	}
	return check.Evidence{}, false, nil
}

// execs are the settings whose programs a service runs, systemd.service(5).
var execs = []string{"ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost"}

// interpreters are programs whose first argument that is a path is what they run.
var interpreters = []string{"sh", "bash", "dash", "ksh", "zsh", "env", "perl", "python", "python2", "python3", "ruby", "node", "nodejs", "php", "java"}

// scriptOf returns what an interpreter is told to run.
func scriptOf(c systemd.Command) (string, bool) {
	if !slices.Contains(interpreters, strings.TrimRight(path.Base(c.Path), ".0123456789")) && !slices.Contains(interpreters, path.Base(c.Path)) {
		return "", false
	}
	for _, a := range c.Args {
		if strings.HasPrefix(a, "/") && !strings.ContainsAny(a, "% $") {
			return strings.TrimPrefix(path.Clean(a), "/"), true
		}
	}
	return "", false
}

// partsOf returns the files of a unit and, where they run as root, its programs; of an init
// script the script. A program without a folder is looked for in root's own; one with a
// specifier is not known.
func partsOf(units *systemd.Units, v services.Service) []part {
	all := []part{{v.Source, v.Source, 0}}
	if units == nil {
		return append(all, part{"etc/init.d/" + strings.TrimSuffix(v.Name, ".service"), v.Source, 0})
	}
	u, ok := units.Unit(v.Name)
	if !ok || u.Load != systemd.Loaded {
		return all
	}
	if u.Path != "" && u.Path != v.Source {
		all = append(all, part{u.Path, u.Path, 0})
	}
	for _, d := range u.DropIns {
		all = append(all, part{d.Path, d.Path, 0})
	}
	user, set := u.Lookup("Service", "User")
	asRoot := !set || slices.Contains([]string{"", "root", "0"}, user.Text)
	for _, key := range execs {
		for _, v := range u.Values("Service", key) {
			commands, err := systemd.ParseCommand(v.Text)
			if err != nil {
				continue // systemd does not run it either
			}
			for _, c := range commands {
				if !strings.HasPrefix(c.Path, "/") || strings.Contains(c.Path, "%") || !asRoot && !strings.ContainsAny(c.Prefix, "+!") {
					continue
				}
				all = append(all, part{strings.TrimPrefix(path.Clean(c.Path), "/"), v.Source, v.Line})
				if script, ok := scriptOf(c); ok {
					all = append(all, part{script, v.Source, v.Line})
				}
			}
		}
	}
	return all
}
