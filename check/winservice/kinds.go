package winservice

import "github.com/hardening-sdk/hardening/check/kind"

// Kinds returns the ready-made check of this package by its name in baselines:
// winservice.disabled.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("winservice.disabled", Disabled.Check, kind.Doc("Services and drivers of Windows that are not wanted are disabled.")),
	}
}
