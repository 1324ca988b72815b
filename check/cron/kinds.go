package cron

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// cron.programs-protected and cron.runs.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("cron.programs-protected", ProgramsProtected.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only root can change what the jobs of root run.")),
		kind.New("cron.runs", Runs.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsPrivileges),
			kind.Doc("One of some commands runs at set times, by cron or a timer.")),
	}
}
