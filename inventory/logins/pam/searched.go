package pam

import (
	"context"

	"github.com/hardening-sdk/hardening/inventory"
)

// Key names a value in a file of names and values.
type Key struct{ File, Name string }

// Searched is what a module of Linux-PAM finds for a name in a file such as etc/login.defs,
// by [SearchKey]. Where no line has the name, or there is no such file, the setting is empty
// and [inventory.Setting.Compiled].
var Searched = inventory.NewKeyed("pam file", search)

func search(ctx context.Context, s *inventory.System, k Key) (inventory.Setting, error) {
	b, err := s.ReadOnce(ctx, k.File)
	if err != nil && !inventory.IsAbsent(err, k.File) {
		return inventory.Setting{}, err
	}
	v, ok := SearchKey(b, k.Name)
	if ok {
		v.Source = k.File
	}
	return v, nil
}
