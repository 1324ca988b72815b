package pam

import (
	"context"

	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
)

// Key is a name to look up in a file of names and values.
type Key struct{ File, Name string }

// Searched returns the value that a module of Linux-PAM finds for a name in a file such as
// etc/login.defs, by [SearchKey]. Without a line of that name, or without the file, the setting is
// empty and [inventory.Setting.Compiled].
var Searched = inventory.NewKeyed("pam file", search)

func search(ctx context.Context, s *inventory.System, k Key) (inventory.Setting, error) {
	name, b, err := vendored.Read(k.File, func(name string) ([]byte, error) { return s.ReadOnce(ctx, name) }, inventory.IsAbsent)
	if err != nil && !inventory.IsAbsent(err, name) {
		return inventory.Setting{}, err
	}
	v, ok := SearchKey(b, k.Name)
	if ok {
		v.Source = name
	}
	return v, nil
}
