package clock

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines: clock.one and
// clock.sources.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("clock.one", One.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Not more than one service that sets the clock starts.")),
		kind.New("clock.sources", Sources.Check, kind.States(check.Configured, check.Running), kind.Doc("Each service that sets the clock has a source of the time.")),
	}
}
