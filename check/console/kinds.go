package console

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made check of this package by its name in baselines:
// console.needs-login.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("console.needs-login", NeedsLogin.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("No console logs anybody in by itself or runs a bare shell.")),
	}
}
