package check_test

import (
	"context"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
)

// simple is a check that makes its result by hand, as no author should.
type simple func(context.Context, *inventory.System) check.Result

func (f simple) Examine(ctx context.Context, sys *inventory.System) check.Result { return f(ctx, sys) }

func passed(message string, ev ...check.Evidence) check.Result {
	return check.Result{Status: check.Pass, Message: message, Evidence: ev}
}

func failed(message string, ev ...check.Evidence) check.Result {
	return check.Result{Status: check.Fail, Message: message, Evidence: ev}
}

func absent(message string) check.Result {
	return check.Result{Status: check.NotApplicable, Message: message}
}

// fromError returns the result of a check that has nothing but an error.
func fromError(err error) check.Result {
	v := new(check.Verdict)
	v.Err(err)
	return v.Result()
}

// good says that whatever a fact has is good.
func good[T any](v *check.Verdict, _ T) { v.Good(check.Evidence{}) }
