package usb

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made check of this package by its name in baselines: usb.authorised.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("usb.authorised", Authorized.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsPrivileges),
			kind.Doc("USBGuard starts, and lets in only devices that a rule names.")),
	}
}
