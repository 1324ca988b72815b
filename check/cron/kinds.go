package cron

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made check of this package by its name in baselines:
// cron.programs-protected.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("cron.programs-protected", ProgramsProtected.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only root can change what the jobs of root run.")),
	}
}
