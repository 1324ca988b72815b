package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// Table says how the results of parts become one: a truth table with a name, by which an [Expr]
// means it. Formats with tables of their own, such as OVAL, state them:
//
//	one := check.Table{Op: "oval.one", Decide: func(parts []check.Status) check.Status { ... }}
//	c := one.Of(a, b)
//
// Each part is settled by itself: what it could not read has become its status. A table that
// passes, or finds no subject, although the part that is not known could make it answer
// otherwise, is an Error; so is one that answers with no status of the table of XCCDF 1.2.
type Table struct {
	Op     string                // its name in expressions
	Parts  int                   // how many parts it takes; 0 is any number
	Decide func([]Status) Status // of the parts in their order; it keeps nothing and changes nothing
}

// The tables that every expression may name.
var (
	tableAll = Table{Op: "all", Decide: first(Fail, Error, Unknown, NotChecked, Pass)}
	tableAny = Table{Op: "any", Decide: first(Pass, Error, Unknown, NotChecked, Fail)}
	tableNot = Table{Op: "not", Parts: 1, Decide: func(parts []Status) Status {
		switch parts[0] {
		case Pass:
			return Fail
		case Fail:
			return Pass
		}
		return parts[0]
	}}
)

// first returns a table that answers the first of some statuses that a part has.
func first(order ...Status) func([]Status) Status {
	return func(parts []Status) Status {
		for _, s := range order {
			for _, p := range parts {
				if fold(p) == s {
					return s
				}
			}
		}
		return NotApplicable
	}
}

// All passes where every check does. A Fail of one fails; else it is Error, Unknown or
// NotChecked if one is; else Pass if one passed; else NotApplicable, as is no check at
// all.
func All(checks ...Check) Check { return tableAll.Of(checks...) }

// Any passes where one check does: what the others could not read was not needed then, which
// a fallback written by hand has to say by System.Excuse. Else it is Error, Unknown or NotChecked
// if one is; else Fail if one failed; else NotApplicable, as is no check at all.
func Any(checks ...Check) Check { return tableAny.Of(checks...) }

// Not swaps Pass and Fail, the evidence with them; all other results stay.
func Not(c Check) Check { return tableNot.Of(c) }

// Of returns the check that the table makes of parts.
func (t Table) Of(parts ...Check) Check { return combined{t, parts} }

// combined is a check made of others by a table.
type combined struct {
	table Table
	parts []Check
}

func (c combined) Examine(ctx context.Context, sys *inventory.System) Result {
	return examineOpen(ctx, sys, c)
}

func (c combined) examine(ctx context.Context, sys *inventory.System) (Result, bool) {
	if c.table.Decide == nil || c.table.Parts > 0 && c.table.Parts != len(c.parts) {
		return Result{Status: Error, Message: fmt.Sprintf("table %q takes %d parts, not %d", c.table.Op, c.table.Parts, len(c.parts))}, false
	}
	t := new(trail.Trail)
	h := sys.Handle(t.Writer())
	defer t.Settle()
	r := Result{}
	taints := make([]bool, len(c.parts))
	for i, part := range c.parts {
		if ctx.Err() != nil { // the rest would only say so, one by one
			return fromError(scope.Cause(ctx)), false
		}
		child, tainted := settle(ctx, h, part)
		r.Children = append(r.Children, child)
		taints[i] = tainted
	}
	if err := c.decide(&r); err != nil {
		return Result{Status: Error, Message: err.Error(), Children: r.Children}, false
	}
	if c.doubtful(r, taints) {
		if r.Status == Fail {
			return r, true
		}
		return overruled(r, t.AllFailures()), false
	}
	return r, false
}

// decide sets what the table says of the children, and takes over what decided.
func (c combined) decide(r *Result) error {
	parts := make([]Status, len(r.Children))
	for i, child := range r.Children {
		parts[i] = child.Status
	}
	r.Status = c.table.Decide(slices.Clone(parts))
	if int(r.Status) >= len(statusNames) {
		return fmt.Errorf("table %q answered an %s status", c.table.Op, r.Status)
	}
	if r.Status == Pass || r.Status == Fixed || r.Status == NotApplicable {
		for i, s := range parts {
			if s != Unknown && s != Error && s != NotChecked {
				continue
			}
			for _, could := range [...]Status{Pass, Fail} {
				parts[i] = could
				if got := c.table.Decide(slices.Clone(parts)); got != r.Status {
					return fmt.Errorf("table %q answers %s, and would answer %s if part %d were %s and not %s", c.table.Op, r.Status, got, i+1, could, s)
				}
			}
			parts[i] = s
		}
	}
	r.pick()
	return nil
}

// doubtful reports whether the result rests on a Fail over a failed read: were it Unknown, which
// is all that can be said of it beside others, the table would answer otherwise.
func (c combined) doubtful(r Result, taints []bool) bool {
	if !slices.Contains(taints, true) {
		return false
	}
	parts := make([]Status, len(r.Children))
	for i, child := range r.Children {
		if parts[i] = child.Status; taints[i] && child.Status == Fail {
			parts[i] = Unknown
		}
	}
	return c.table.Decide(parts) != r.Status
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

// pick takes over the message, reason and evidence of the children that decided: those with the
// status of the whole. Where none has it they are those with the opposite one, turned, as under
// a negation.
func (r *Result) pick() {
	some := withStatus(r.Children, fold(r.Status))
	turned := false
	if opposite := map[Status]Status{Pass: Fail, Fail: Pass, Fixed: Fail}[r.Status]; len(some) == 0 {
		some, turned = withStatus(r.Children, opposite), true
	}
	var messages []string
	for _, c := range some {
		if c.Message != "" {
			messages = append(messages, c.Message)
		}
		if r.Reason == "" && !turned {
			r.Reason, r.Err = c.Reason, c.Err
		}
		r.Omitted += c.Omitted
		r.Subjects += c.Subjects
	}
	r.Message = brief(strings.Join(once(messages), "; "))
	for _, e := range inTurns(some) {
		if len(r.Evidence) == maxEvidence {
			r.Omitted++
			continue
		}
		if turned {
			e = e.turned()
		}
		r.Evidence = append(r.Evidence, e)
	}
}

func withStatus(all []Result, s Status) []Result {
	var some []Result
	for _, c := range all {
		if fold(c.Status) == s {
			some = append(some, c)
		}
	}
	return some
}

// inTurns returns the evidence of results, the first piece of each, then the second, so that a
// sample has something of all.
func inTurns(all []Result) []Evidence {
	var list []Evidence
	for i, more := 0, true; more; i++ {
		more = false
		for _, r := range all {
			if i < len(r.Evidence) {
				list = append(list, r.Evidence[i])
				more = true
			}
		}
	}
	return list
}

// turned returns evidence of the opposite question.
func (e Evidence) turned() Evidence {
	if rest, ok := strings.CutPrefix(e.Want, "not "); ok {
		e.Want = rest
	} else if e.Want != "" {
		e.Want = "not " + e.Want
	}
	return e
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
