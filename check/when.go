package check

import (
	"context"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// composite is a check made of others. Its examine returns, beside the result,
// whether a Fail of it rests on a read that failed.
type composite interface {
	Check
	examine(ctx context.Context, sys *inventory.System) (Result, bool)
}

// When examines then only where cond passes. Where cond fails or is NotApplicable, so
// is the whole; any other result of cond is that of the whole.
func When(cond, then Check) Check { return when{cond, then} }

type when struct{ cond, then Check }

func (w when) Examine(ctx context.Context, sys *inventory.System) Result {
	return examineOpen(ctx, sys, w)
}

func (w when) examine(ctx context.Context, sys *inventory.System) (Result, bool) {
	t := new(trail.Trail)
	cond, tainted := settle(ctx, sys.Handle(t.Writer()), w.cond)
	t.Settle()
	switch fold(cond.Status) {
	case Pass:
		return settle(ctx, sys, w.then)
	case Fail:
		r := cond
		r.Status, r.Children = NotApplicable, []Result{cond}
		if len(cond.Evidence) > 0 {
			r.Message = brief("the condition is not met: " + cond.Evidence[0].String())
		}
		if tainted {
			r = overruled(r, t.AllFailures())
		}
		return r, false
	}
	return cond, false
}
