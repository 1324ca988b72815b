package confinement

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// confinement.enforced and confinement.on.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("confinement.enforced", Enforced.Check, kind.States(check.Configured, check.Running),
			kind.Doc("Nothing of SELinux or AppArmor that is set up only reports.")),
		kind.New("confinement.on", On.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsLive, check.NeedsPrivileges),
			kind.Doc("SELinux enforces a policy, or AppArmor is on with profiles.")),
	}
}
