package kernel

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines: kernel.built,
// kernel.flaws, kernel.lockdown and kernel.settings.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("kernel.built", Built.Check, kind.States(check.Configured, check.Running),
			kind.Doc("The running kernel and all that are installed were built with accepted options.")),
		kind.New("kernel.flaws", Flaws.Check, kind.States(check.Running), kind.Needs(check.NeedsLive),
			kind.Doc("The running kernel names no flaw of the processors that can be used.")),
		kind.New("kernel.lockdown", Lockdown.Check, kind.States(check.Running), kind.Needs(check.NeedsLive),
			kind.Doc("The running kernel is in lockdown.")),
		kind.New("kernel.settings", Settings.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsLive),
			kind.Doc("Settings of the kernel have accepted values.")),
	}
}
