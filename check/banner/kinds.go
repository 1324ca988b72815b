package banner

import "github.com/hardening-sdk/hardening/check/kind"

// Kinds returns the ready-made checks of this package by their names in baselines: banner.reveals
// and banner.warns.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("banner.reveals", Reveals.Check, kind.Doc("What is shown before a login does not tell which system this is.")),
		kind.New("banner.warns", Warns.Check, kind.Doc("A text with one of some words is shown before a login.")),
	}
}
