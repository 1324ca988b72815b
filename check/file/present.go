package file

import (
	"context"
	"errors"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Present is the kind file.present. It requires that at least one of some files is there.
type Present struct {
	AnyOf []string `yaml:"any-of,required" doc:"names in the tree, without the first slash, or patterns of glob(7)"`
}

// Check returns the check.
func (a Present) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.AnyOf) == 0 {
		return nil, errors.New("any-of must not be empty")
	}
	if err := validNames(a.AnyOf); err != nil {
		return nil, err
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		names, err := files.Expand(ctx, sys, a.AnyOf)
		if err != nil {
			return err
		}
		name, err := files.FindFirst(ctx, sys, names...)
		switch {
		case err != nil:
			return err
		case name != "":
			v.Good(about(name, "there", "there"))
		case len(a.AnyOf) == 1:
			e := lookedFor(a.AnyOf[0])
			e.Want, e.Got = "there", "not there"
			v.Bad(e)
		default:
			v.Bad(check.Evidence{Subject: strings.Join(a.AnyOf, " or "), Want: "there", Got: "not there"})
		}
		return nil
	}), nil
}
