package registry

import "github.com/hardening-sdk/hardening/check/kind"

// Kinds returns the ready-made check of this package by its name in baselines: registry.value.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("registry.value", Value.Check, kind.Doc("The registry of Windows holds a value as wanted.")),
	}
}
