package check_test

import (
	"context"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
)

func TestCyclicChildren(t *testing.T) {
	c := simple(func(context.Context, *inventory.System) check.Result {
		all := make([]check.Result, 1)
		all[0] = check.Result{Status: check.Fail, Children: all}
		return all[0]
	})
	t.Log(run(t, c).Status)
}
