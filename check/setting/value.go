package setting

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/accounts/useradd"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// Value is the kind setting.value: it asks that a setting of a configuration has an accepted value in effect: the one of
// the line that decides, else the program's own. A system without the configuration has
// nothing to judge. A setting that no line sets and whose own value is not known fails.
type Value struct {
	// In is one of Configurations.
	In   string `yaml:"in,required" enum:"auditd.conf,coredump.conf,journald.conf,login.defs,logind.conf,timesyncd.conf,useradd" doc:"the configuration"`
	Name string `yaml:"name,required" doc:"the setting, as the manual of the configuration spells it"`
	Accept
	Unset bool `doc:"whether a setting that no line sets passes where the program's own value is not told"`
}

// source is a configuration whose settings are told one by one.
type source struct {
	file string // the main one, which is read for every setting
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
		file:  "etc/audit/auditd.conf",
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
	"login.defs": {file: "etc/login.defs", of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
		all, err := logindefs.Fact.Of(ctx, s)
		v, ok := all[name]
		return v, ok, err
	}},
	"timesyncd.conf": daemonOfSystemd("timesyncd.conf"),
	"useradd": {file: "etc/default/useradd", of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
		all, err := useradd.Fact.Of(ctx, s)
		v, ok := all[name]
		return v, ok, err
	}},
}

// daemonOfSystemd is a configuration of systemd's own; see [systemdconf.Config.Lookup] for the form of
// values.
func daemonOfSystemd(file string) source {
	return source{
		file:  "etc/systemd/" + file,
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
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	from := sources[a.In]
	if from.known != nil && !from.known(a.Name) {
		return nil, fmt.Errorf("%q is no setting of %s whose value is told", a.Name, a.In)
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		found, set, err := from.of(ctx, sys, a.Name)
		if err != nil {
			return err
		}
		ev := check.Evidence{Position: found.Position, Subject: a.Name, Want: a.Wanted(), Got: a.Got(found.Value)}
		switch {
		case !set:
			ev.Position, ev.Got = inventory.Position{Source: from.file}, "not set"
		case found.Compiled():
			ev.Source, ev.Got = from.file, ev.Got+", which is the program's own value"
		}
		v.Judge(set && a.Accepts(found.Value) || !set && a.Unset, ev)
		return nil
	}), nil
}
