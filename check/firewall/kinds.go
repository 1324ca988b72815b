package firewall

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// firewall.default-deny, firewall.on and firewall.one.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("firewall.default-deny", DefaultDeny.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsPrivileges),
			kind.Doc("The firewall drops or refuses what none of its rules lets through.")),
		kind.New("firewall.on", On.Check, kind.States(check.Configured, check.Running), kind.Doc("A firewall starts when the system boots.")),
		kind.New("firewall.one", One.Check, kind.Doc("Not more than one firewall starts.")),
	}
}
