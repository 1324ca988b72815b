package setting

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/accounts/useradd"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// Value asks that a setting of a configuration has an accepted value in effect: the one of
// the line that decides, else the program's own. A system without the configuration has
// nothing to judge. A setting that no line sets and whose own value is not known fails.
type Value struct {
	In   string `yaml:"in,required"`   // one of [Configurations]
	Name string `yaml:"name,required"` // as the manual of the configuration spells it
	Accept
	// Unset says that a setting that no line sets passes where the program's own value
	// is not told.
	Unset bool
}

// source is a configuration whose settings are told one by one.
type source struct {
	// known reports whether there is a setting of the name; nil where programs of all
	// kinds bring their own.
	known func(name string) bool
	// of returns the setting in effect, and false where nothing sets it and the program's
	// own value is not known.
	of func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error)
}

// sources is the configurations by name.
var sources = map[string]source{
	"auditd.conf": {
		known: func(name string) bool { return slices.Contains(auditd.Names(), name) },
		of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
			all, err := auditd.Fact.Of(ctx, s)
			v, ok := all[name]
			return v, ok, err
		},
	},
	"coredump.conf": daemonOfSystemd("coredump.conf"),
	"journald.conf": daemonOfSystemd("journald.conf"),
	"logind.conf":   daemonOfSystemd("logind.conf"),
	"login.defs": {of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
		all, err := logindefs.Fact.Of(ctx, s)
		v, ok := all[name]
		return v, ok, err
	}},
	"timesyncd.conf": daemonOfSystemd("timesyncd.conf"),
	"useradd": {of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
		all, err := useradd.Fact.Of(ctx, s)
		v, ok := all[name]
		return v, ok, err
	}},
}

// daemonOfSystemd is a configuration of systemd's own; see [systemdconf.Config.Lookup] for the form of
// values.
func daemonOfSystemd(file string) source {
	return source{
		known: func(name string) bool { _, ok := systemdconf.Section(file, name); return ok },
		of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
			c, err := systemdconf.Fact.Of(ctx, s, file)
			if err != nil {
				return inventory.Setting{}, false, err
			}
			section, _ := systemdconf.Section(file, name)
			v, ok := c.Lookup(section, name)
			return v, ok, nil
		},
	}
}

// Configurations returns the names of the configurations whose settings can be judged,
// sorted.
func Configurations() []string { return slices.Sorted(maps.Keys(sources)) }

// Check makes the check.
func (a Value) Check() (check.Check, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	from, ok := sources[a.In]
	if !ok {
		return nil, fmt.Errorf("%q is none of %s", a.In, strings.Join(Configurations(), ", "))
	}
	if from.known != nil && !from.known(a.Name) {
		return nil, fmt.Errorf("%q is no setting of %s whose value is told", a.Name, a.In)
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		v, set, err := from.of(ctx, sys, a.Name)
		if err != nil {
			return check.FromError(err)
		}
		ev := check.Evidence{Position: v.Position, Subject: a.Name, Want: a.Wanted(), Got: a.Got(v.Value)}
		switch {
		case !set:
			ev.Source, ev.Line, ev.Got = a.In, 0, "not set"
		case v.Compiled():
			ev.Source, ev.Got = a.In, ev.Got+", which is the program's own value"
		}
		if set && a.Accepts(v.Value) || !set && a.Unset {
			return check.Passed("", ev)
		}
		return check.Failed("", ev)
	}), nil
}
