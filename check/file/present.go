package file

import (
	"context"
	"errors"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Present asks that at least one of some files is there.
type Present struct {
	AnyOf []string `yaml:"any-of,required"` // names in the tree, without the first slash, or patterns of glob(7)
}

// Check makes the check.
func (a Present) Check() (check.Check, error) {
	if len(a.AnyOf) == 0 {
		return nil, errors.New("any-of must not be empty")
	}
	if err := validNames(a.AnyOf); err != nil {
		return nil, err
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		names, err := files.Expand(ctx, sys, a.AnyOf)
		if err != nil {
			return check.FromError(err)
		}
		name, err := files.FindFirst(ctx, sys, names...)
		switch {
		case err != nil:
			return check.FromError(err)
		case name != "":
			return check.Passed("", check.Evidence{Position: inventory.Position{Source: name}, Subject: name, Want: "there", Got: "there"})
		}
		return check.Failed("", check.Evidence{Subject: check.AnyOf(a.AnyOf), Want: "there", Got: "not there"})
	}), nil
}
