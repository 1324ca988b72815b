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
	"github.com/hardening-sdk/hardening/inventory/systemd"
)

// Protected asks of each service that starts as root, at boot, by a timer, a socket or
// another unit, that only root can change what it runs: its unit file and drop-ins, the
// programs that its Exec lines name, and the folders they lie in.
type Protected struct {
	Allow []string // patterns of units that are judged elsewhere
}

// Check makes the check.
func (a Protected) Check() (check.Check, error) {
	if err := validPatterns(a.Allow); err != nil {
		return nil, err
	}
	return of(func(ctx context.Context, sys *inventory.System, units *systemd.Units) check.Result {
		var services []*systemd.Unit
		for _, u := range units.All {
			if strings.HasSuffix(u.Name, ".service") && u.Name == u.ID && u.Load == systemd.Loaded && !matches(u.Name, a.Allow) && started(units, u.Name) != "" {
				services = append(services, u)
			}
		}
		var errs []error
		seen := map[string]string{}
		r := check.Each(services, func(u *systemd.Unit) (check.Evidence, bool) {
			ev, bad, err := changeable(ctx, sys, u, seen)
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

// changeable answers the first part of a service that others than root can change.
func changeable(ctx context.Context, sys *inventory.System, u *systemd.Unit, seen map[string]string) (check.Evidence, bool, error) {
	for _, p := range partsOf(u) {
		for _, name := range []string{p.name, path.Dir(p.name)} {
			how, ok := seen[name]
			if !ok {
				var err error
				if how, _, err = file.Changeable(ctx, sys, name); err != nil {
					return check.Evidence{}, false, err
				}
				seen[name] = how
			}
			if how != "" {
				return check.Evidence{Source: p.source, Line: p.line, Subject: u.Name, Want: "only root can change it", Got: "/" + name + " " + how}, true, nil
			}
		}
	}
	return check.Evidence{}, false, nil
}

// execs are the settings whose programs a service runs, systemd.service(5).
var execs = []string{"ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost"}

// partsOf answers the files of a unit and, where they run as root, its programs. A program
// without a folder is looked for in root's own; one with a specifier is not known.
func partsOf(u *systemd.Unit) []part {
	all := []part{{u.Path, u.Path, 0}}
	for _, d := range u.DropIns {
		all = append(all, part{d.Path, d.Path, 0})
	}
	user, set := u.Value("Service", "User")
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
				all = append(all, part{strings.TrimPrefix(path.Clean(c.Path), "/"), v.File, v.Line})
			}
		}
	}
	return all
}
