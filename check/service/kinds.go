package service

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines: service.off,
// service.on, service.orphans and service.protected.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("service.off", Off.Check, kind.States(check.Configured, check.Running), kind.Doc("No unit of some names starts, and none is active on a running system.")),
		kind.New("service.on", On.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsPrivileges), kind.Doc("At least one of some units starts at boot, and is active on a running system.")),
		kind.New("service.orphans", Orphans.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Each enabled service has its program.")),
		kind.New("service.protected", Protected.Check, kind.Needs(check.NeedsPrivileges), kind.Doc("Only root can change what services run as root.")),
	}
}
