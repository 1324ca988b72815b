package file

import (
	"context"
	"errors"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
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
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		names, err := expand(ctx, sys, a.AnyOf)
		if err != nil {
			return check.FromError(err)
		}
		for _, name := range names {
			if _, err := sys.Stat(ctx, name); err == nil {
				return check.Passed("", check.Evidence{Source: name, Subject: name, Want: "there", Got: "there"})
			} else if !inventory.IsAbsent(err, name) {
				return check.FromError(err)
			}
		}
		return check.Failed("", check.Evidence{Subject: check.AnyOf(a.AnyOf), Want: "there", Got: "not there"})
	}), nil
}
