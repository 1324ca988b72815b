package encryption

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// encryption.policy, encryption.swap and encryption.volumes.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("encryption.policy", Policy.Check,
			kind.Doc("The cryptographic policy of the system is none of the refused ones.")),
		kind.New("encryption.swap", Swap.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsLive),
			kind.Doc("Memory that is written to a disk is encrypted there.")),
		kind.New("encryption.volumes", Volumes.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsLive),
			kind.Doc("The root and the file systems at some mount points lie on encrypted volumes.")),
	}
}
