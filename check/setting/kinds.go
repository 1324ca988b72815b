package setting

import "github.com/hardening-sdk/hardening/check/kind"

// Kinds returns the ready-made check of this package by its name in baselines: setting.value.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("setting.value", Value.Check, kind.Doc("The setting of a program has an accepted value.")),
	}
}
