package mount

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made check of this package by its name in baselines: mount.options.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("mount.options", Options.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsLive),
			kind.Doc("A file system of its own, with the wanted options, is mounted at each target.")),
	}
}
