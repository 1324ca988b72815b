package checktest

import (
	"context"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// Judge returns what one check finds on the system of a fixture. Without a test at hand it
// serves examples; in a test, Conform and Golden say more. The error is that of making the
// check, where it was not nil, or of the fixture.
func Judge(fixture string, c check.Check, err error) (check.Result, error) {
	if err != nil {
		return check.Result{}, err
	}
	cfg, err := inventorytest.Parse([]byte(fixture))
	if err != nil {
		return check.Result{}, err
	}
	sys, err := inventory.New(cfg)
	if err != nil {
		return check.Result{}, err
	}
	out, err := check.Run(context.Background(), sys, []check.Compiled{{Rule: check.Rule{ID: "check"}, Check: c}}, check.Options{})
	if err != nil {
		return check.Result{}, err
	}
	return out[0].Result, sys.Close()
}
