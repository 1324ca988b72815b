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

// Value is the kind setting.value. It requires that the effective value of a setting is accepted.
// The effective value is that of the line that takes effect, else the default of the program. If no
// line sets the setting and its default is not known, the check fails unless Unset is true. If the
// system does not have the configuration, the check is NotApplicable.
type Value struct {
	// In is the name of the configuration, one of [Configurations].
	In   string `yaml:"in,required" enum:"auditd.conf,coredump.conf,journald.conf,login.defs,logind.conf,timesyncd.conf,useradd" doc:"the configuration"`
	Name string `yaml:"name,required" doc:"the setting, as the manual of the configuration spells it"`
	Accept
	Unset bool `doc:"whether a setting that no line sets passes where the program's own value is not told"`
}

// source is a configuration with single settings.
type source struct {
	file string // the main file, which is read for every setting
	// known reports whether the setting exists. It is nil if any program may define settings.
	known func(name string) bool
	// of returns the effective setting. It returns false if no line sets it and its default is not
	// known.
	of func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error)
}

// sources maps the names of configurations to their sources.
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
	"coredump.conf": systemdSource("coredump.conf"),
	"journald.conf": systemdSource("journald.conf"),
	"logind.conf":   systemdSource("logind.conf"),
	"login.defs": {file: "etc/login.defs", of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
		all, err := logindefs.Fact.Of(ctx, s)
		v, ok := all[name]
		return v, ok, err
	}},
	"timesyncd.conf": systemdSource("timesyncd.conf"),
	"useradd": {file: "etc/default/useradd", of: func(ctx context.Context, s *inventory.System, name string) (inventory.Setting, bool, error) {
		all, err := useradd.Fact.Of(ctx, s)
		v, ok := all[name]
		return v, ok, err
	}},
}

// systemdSource returns the source for a configuration of systemd. [systemdconf.Config.Lookup]
// describes the form of its values.
func systemdSource(file string) source {
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

// Configurations returns the names of the supported configurations, sorted.
func Configurations() []string { return slices.Sorted(maps.Keys(sources)) }

// Check returns the check. It returns an error if the arguments are invalid.
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
