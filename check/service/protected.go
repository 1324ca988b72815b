package service

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Protected is the kind service.protected. It requires that only root can change what is run by
// services that start as root, at boot or through a timer, a socket or another unit. It judges the
// unit file, its drop-ins, the programs in its Exec lines, and all their parent folders. Without
// systemd it judges the init script.
type Protected struct {
	Allow []string `doc:"patterns of units that are judged elsewhere"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Protected) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validatePatterns(a.Allow); err != nil {
		return nil, err
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		seen := map[string]string{}
		for _, s := range all.Match(func(name string) bool { return strings.HasSuffix(name, ".service") && !matches(name, a.Allow) }) {
			if !s.Starts() {
				continue
			}
			ev, bad, err := isChangeable(ctx, sys, s, partsOf(all.Units(), s), seen)
			if err != nil {
				v.Err(err)
				continue
			}
			v.Judge(!bad, ev)
		}
		v.Absent(check.Evidence{Subject: "services", Want: "started", Got: "none is"})
		return nil
	}), nil
}

// part is a file of a service, with the line that names it.
type part struct {
	inventory.Position
	name string
}

// isChangeable reports whether users other than root can change a part of a service. It returns
// evidence with the first such part.
func isChangeable(ctx context.Context, sys *inventory.System, v services.Service, parts []part, seen map[string]string) (check.Evidence, bool, error) {
	ev := check.Evidence{Position: v.Position, Subject: v.Name, Want: "only root can change it"}
	for _, p := range parts {
		way, err := files.FindWay(ctx, sys, p.name)
		if err != nil {
			return ev, false, err
		}
		for _, name := range append([]string{p.name, path.Dir(p.name)}, way...) {
			how, ok := seen[name]
			if !ok {
				var err error
				if how, _, err = file.Changeable(ctx, sys, name); err != nil {
					return ev, false, err
				}
				seen[name] = how
			}
			if how != "" {
				ev.Position, ev.Got = p.Position, "/"+name+" "+how
				return ev, true, nil
			}
		}
	}
	ev.Got = fmt.Sprintf("only root can change its files (%d) and the folders above", len(parts))
	return ev, false, nil
}

// execs are the settings that contain programs, systemd.service(5).
var execs = []string{"ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost"}

// interpreters are programs that run the file in their first argument that is a path.
var interpreters = []string{"sh", "bash", "dash", "ksh", "zsh", "env", "perl", "python", "python2", "python3", "ruby", "node", "nodejs", "php", "java"}

// scriptOf returns the file that an interpreter runs, and reports whether there is one.
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

// partsOf returns the files of a unit and those of its programs that run as root. Without systemd
// it returns the init script. It skips programs without a path, which systemd searches for in
// folders of root, and programs with specifiers, which are not known.
func partsOf(units *systemd.Units, v services.Service) []part {
	all := []part{{v.Position, v.Source}}
	if units == nil {
		return append(all, part{v.Position, "etc/init.d/" + strings.TrimSuffix(v.Name, ".service")})
	}
	u, ok := units.Unit(v.Name)
	if !ok || u.Load != systemd.Loaded {
		return all
	}
	if u.Path != "" && u.Path != v.Source {
		all = append(all, part{inventory.Position{Source: u.Path}, u.Path})
	}
	for _, d := range u.DropIns {
		all = append(all, part{inventory.Position{Source: d.Path}, d.Path})
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
				all = append(all, part{v.Position, strings.TrimPrefix(path.Clean(c.Path), "/")})
				if script, ok := scriptOf(c); ok {
					all = append(all, part{v.Position, script})
				}
			}
		}
	}
	return all
}
