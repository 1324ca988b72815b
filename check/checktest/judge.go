package checktest

import (
	"context"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// Judge returns the result of the check c on the system described by fixture. If err is not nil,
// Judge returns it; so the results of a Check method can be passed directly. Judge needs no
// testing.TB and is meant for examples. Tests should prefer [Conform] and [Golden].
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
