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
// concludes, by anything but Unknown, Error and NotChecked, although parts that are not known could
// make it answer otherwise, is an Error. So is one that answers the same question in two ways, or
// with no status of XCCDF 1.2.
type Table struct {
	Op     string                // its name in expressions
	Parts  int                   // how many parts it takes; 0 is any number
	Decide func([]Status) Status // of the parts in their order; it keeps nothing

	sound bool // it never concludes over what is not known, and need not be asked
}

// The tables that every expression may name.
var (
	tableAll = Table{Op: "all", sound: true, Decide: first(Fail, Error, Unknown, NotChecked, Pass)}
	tableAny = Table{Op: "any", sound: true, Decide: first(Pass, Error, Unknown, NotChecked, Fail)}
	tableNot = Table{Op: "not", sound: true, Parts: 1, Decide: func(parts []Status) Status {
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
	parts := make([]Status, len(r.Children))
	for i, child := range r.Children {
		parts[i] = child.Status
	}
	switch answer, err := c.table.decide(parts); {
	case err != nil:
		return Result{Status: Error, Message: err.Error(), Children: r.Children}, false
	default:
		r.Status = answer
	}
	r.pick()
	if !slices.Contains(taints, true) || !concludes(r.Status) || !c.table.rests(parts, taints, r.Status) {
		return r, false
	}
	if r.Status == Fail {
		return r, true
	}
	return overruled(r, t.AllFailures()), false
}

// concludes reports whether a status says that something is so.
func concludes(s Status) bool { return s != Unknown && s != Error && s != NotChecked }

// decide returns what the table says of parts, and an error for a table that cannot be believed.
func (t Table) decide(parts []Status) (Status, error) {
	answer := t.Decide(slices.Clone(parts))
	if t.sound {
		return answer, nil
	}
	if int(answer) >= len(statusNames) {
		return Error, fmt.Errorf("table %q answered an %s status", t.Op, answer)
	}
	if again := t.Decide(slices.Clone(parts)); again != answer {
		return Error, fmt.Errorf("table %q answers %s and %s of the same parts", t.Op, answer, again)
	}
	open := make([]bool, len(parts))
	for i, s := range parts {
		open[i] = !concludes(s)
	}
	switch {
	case !slices.Contains(open, true) || !concludes(answer):
		return answer, nil
	case answer == Informational || answer == NotSelected:
		return Unknown, nil // which says nothing, and is no more than that of what is not known
	}
	if other, ok := t.otherwise(parts, open, answer); ok {
		return Error, fmt.Errorf("table %q answers %s, and could answer %s if all parts were known", t.Op, answer, other)
	}
	return answer, nil
}

// maxOpen is how many parts that are not known are tried in all ways.
const maxOpen = 5

// otherwise returns an answer that the table gives if open parts were something else. With more of
// them than can be tried it could be any.
func (t Table) otherwise(parts []Status, open []bool, answer Status) (Status, bool) {
	var at []int
	for i, o := range open {
		if o {
			at = append(at, i)
		}
	}
	if len(at) > maxOpen {
		return Unknown, true
	}
	could := [...]Status{Pass, Fail, NotApplicable}
	ways := 1
	for range at {
		ways *= len(could)
	}
	for way := range ways {
		try := slices.Clone(parts)
		for _, i := range at {
			try[i], way = could[way%len(could)], way/len(could)
		}
		if got := t.Decide(try); got != answer {
			return got, true
		}
	}
	return answer, false
}

// rests reports whether an answer rests on a Fail over a failed read, which may be anything.
func (t Table) rests(parts []Status, taints []bool, answer Status) bool {
	if t.sound {
		parts = slices.Clone(parts)
		for i, tainted := range taints {
			if tainted && parts[i] == Fail {
				parts[i] = Unknown
			}
		}
		return t.Decide(parts) != answer
	}
	open := make([]bool, len(parts))
	for i, s := range parts {
		open[i] = !concludes(s) || taints[i]
	}
	_, other := t.otherwise(parts, open, answer)
	return other
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
	if opposite, ok := map[Status]Status{Pass: Fail, Fail: Pass, Fixed: Fail}[r.Status]; ok && len(some) == 0 {
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
