package module

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made check of this package by its name in baselines: module.blocked.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("module.blocked", Blocked.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsPrivileges),
			kind.Doc("No kernel of the system has or can load any of the modules.")),
	}
}
