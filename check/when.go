package check

import (
	"context"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// composite is a check that combines others. Its method examine also reports whether a Fail depends
// on a failed read.
type composite interface {
	Check
	examine(ctx context.Context, sys *inventory.System) (Result, bool)
}

// When returns a check that examines cond first. If cond passes, the result is that of then. If
// cond is Fail or NotApplicable, the result is NotApplicable. Otherwise the result is that of cond.
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
			r.Message = shorten("the condition is not met: " + cond.Evidence[0].String())
		}
		if tainted {
			r = overrule(r, t.AllFailures())
		}
		return r, false
	}
	return cond, false
}
