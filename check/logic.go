package check

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// composite is a check made of others. Its examine returns, beside the result,
// whether a Fail of it rests on a read that failed.
type composite interface {
	Check
	examine(ctx context.Context, sys *inventory.System) (Result, bool)
}

// All passes where every check does. A Fail of one fails; else it is Error, Unknown or
// NotChecked if one is; else Pass if one passed; else NotApplicable, as is no check at
// all.
func All(checks ...Check) Check {
	return group{checks, [...]Status{Fail, Error, Unknown, NotChecked, Pass, NotApplicable}}
}

// Any passes where one check does: what the others could not read was not needed then, which
// a fallback written by hand has to say by System.Excuse. Else it is Error, Unknown or NotChecked if one is;
// else Fail if one failed; else NotApplicable, as is no check at all.
func Any(checks ...Check) Check {
	return group{checks, [...]Status{Pass, Error, Unknown, NotChecked, Fail, NotApplicable}}
}

// Not swaps Pass and Fail, the evidence with them; all other results stay.
func Not(c Check) Check { return not{c} }

// When examines then only where cond passes. Where cond fails or is NotApplicable, so
// is the whole; any other result of cond is that of the whole.
func When(cond, then Check) Check { return when{cond, then} }

// group is All or Any: the first status of its order that a child has decides.
type group struct {
	checks []Check
	order  [6]Status
}

func (g group) Examine(ctx context.Context, sys *inventory.System) Result {
	return examineOpen(ctx, sys, g)
}

func (g group) examine(ctx context.Context, sys *inventory.System) (Result, bool) {
	r := Result{Status: NotApplicable}
	taints := make([]bool, len(g.checks))
	for i, c := range g.checks {
		if ctx.Err() != nil { // the rest would only say so, one by one
			return FromError(scope.Cause(ctx)), false
		}
		child, tainted := settle(ctx, sys, c)
		r.Children = append(r.Children, child)
		taints[i] = tainted
	}
	r.Status = g.decide(r.Children)
	r.pick()
	return r, r.Status == Fail && g.tainted(r.Children, taints)
}

func (g group) decide(all []Result) Status {
	for _, s := range g.order {
		for _, r := range all {
			if fold(r.Status) == s {
				return s
			}
		}
	}
	return NotApplicable
}

// tainted reports whether a Fail is in doubt: All needs one failing child that is
// not, Any needs all of them.
func (g group) tainted(all []Result, taints []bool) bool {
	isAll := g.order[0] == Fail
	for i, r := range all {
		if r.Status == Fail && taints[i] != isAll {
			return !isAll
		}
	}
	return isAll
}

// fold returns the status that s counts as among others.
func fold(s Status) Status {
	switch s {
	case Fixed:
		return Pass
	case Informational, NotSelected:
		return NotApplicable
	}
	return s
}

// pick takes over the message, reason and evidence of the children that decided.
func (r *Result) pick() {
	var messages []string
	for _, c := range r.Children {
		if fold(c.Status) != r.Status {
			continue
		}
		if c.Message != "" {
			messages = append(messages, c.Message)
		}
		if r.Reason == "" {
			r.Reason, r.Err = c.Reason, c.Err
		}
		r.Omitted += c.Omitted
		for _, e := range c.Evidence {
			if len(r.Evidence) == MaxEvidence {
				r.Omitted++
				continue
			}
			r.Evidence = append(r.Evidence, e)
		}
	}
	r.Message = brief(strings.Join(once(messages), "; "))
}

// once returns the texts in their order, equal ones once.
func once(all []string) []string {
	var some []string
	seen := map[string]bool{}
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			some = append(some, s)
		}
	}
	return some
}

type not struct{ c Check }

func (n not) Examine(ctx context.Context, sys *inventory.System) Result {
	return examineOpen(ctx, sys, n)
}

func (n not) examine(ctx context.Context, sys *inventory.System) (Result, bool) {
	t := new(trail.Trail)
	r, tainted := settle(ctx, sys.Handle(t.Writer()), n.c)
	t.Settle()
	switch r.Status {
	case Pass:
		r.Status = Fail
	case Fail:
		if tainted {
			return overruled(Result{Status: Pass, Message: r.Message}, t.AllFailures()), false
		}
		r.Status = Pass
	default:
		return r, false
	}
	turned := make([]Evidence, len(r.Evidence))
	for i, e := range r.Evidence {
		if rest, ok := strings.CutPrefix(e.Want, "not "); ok {
			e.Want = rest
		} else if e.Want != "" {
			e.Want = "not " + e.Want
		}
		turned[i] = e
	}
	r.Evidence = turned
	return r, false
}

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
		r := Result{Status: NotApplicable, Message: cond.Message, Evidence: cond.Evidence, Children: []Result{cond}}
		if tainted {
			r = overruled(r, t.AllFailures())
		}
		return r, false
	}
	return cond, false
}
