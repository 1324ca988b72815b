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

// Table is a truth table that combines the statuses of several checks into one. An [Expr] refers to
// it by its name. A format with its own operators, such as OVAL, defines a Table for each:
//
//	one := check.Table{Op: "oval.one", Decide: func(parts []check.Status) check.Status { ... }}
//	c := one.Of(a, b)
//
// The status of each part already accounts for its failed reads. The result is an Error if Decide
// is unsound: it returns a status other than Unknown, Error and NotChecked although parts without a
// verdict could change the answer, it returns two answers for the same parts, or it returns an
// invalid status.
type Table struct {
	Op     string                // name in expressions
	Parts  int                   // number of parts; 0 means any number
	Decide func([]Status) Status // returns the status for the parts, in order; must be pure

	sound bool // known to be sound; not tested at run time
}

// The tables that every expression may use.
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

// first returns a Decide function that returns the first status in order that a part has, or
// NotApplicable.
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

// All returns a check that fails if one of the checks fails. Otherwise its status is the first of
// Error, Unknown, NotChecked and Pass that one of the checks has, else NotApplicable. Without
// checks it is NotApplicable.
func All(checks ...Check) Check { return tableAll.Of(checks...) }

// Any returns a check that passes if one of the checks passes, even if others could not read
// something. Otherwise its status is the first of Error, Unknown, NotChecked and Fail that one of
// the checks has, else NotApplicable. Without checks it is NotApplicable.
func Any(checks ...Check) Check { return tableAny.Of(checks...) }

// Not returns a check that swaps Pass and Fail, and turns their evidence accordingly. All other
// results stay the same.
func Not(c Check) Check { return tableNot.Of(c) }

// Of returns a check that examines all parts and combines their results by the table.
func (t Table) Of(parts ...Check) Check { return combined{t, parts} }

// combined is a check that combines others by a table.
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
		if ctx.Err() != nil { // each further part would only report the same
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
	return overrule(r, t.AllFailures()), false
}

// concludes reports whether s is a conclusion, that is, not Unknown, Error or NotChecked.
func concludes(s Status) bool { return s != Unknown && s != Error && s != NotChecked }

// decide returns the status for parts. It returns an error if the table is unsound.
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
		return Unknown, nil // the answer judges nothing, so the open parts decide
	}
	if other, ok := t.otherwise(parts, open, answer); ok {
		return Error, fmt.Errorf("table %q answers %s, and could answer %s if all parts were known", t.Op, answer, other)
	}
	return answer, nil
}

// maxOpen is the maximum number of open parts for which otherwise tries all combinations.
const maxOpen = 5

// otherwise tries all verdicts for the open parts. It returns an answer that differs from answer
// and reports whether there is one. If there are more than maxOpen open parts, it assumes that
// there is.
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

// rests reports whether the answer could be another one if the tainted parts, whose Fail depends on
// a failed read, were not known.
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

// fold returns the status that tables treat s as: Fixed is Pass, and statuses that judge nothing
// are NotApplicable.
func fold(s Status) Status {
	switch s {
	case Fixed:
		return Pass
	case Informational, NotSelected:
		return NotApplicable
	}
	return s
}

// pick sets the message, reason and evidence of r to those of the children that decided: the ones
// with the status of r. If there are none, as in a negation, it takes the children with the
// opposite status and turns their evidence.
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
	r.Message = shorten(strings.Join(deduplicate(messages), "; "))
	for _, e := range interleave(some) {
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

// withStatus returns the results that count as s.
func withStatus(all []Result, s Status) []Result {
	var some []Result
	for _, c := range all {
		if fold(c.Status) == s {
			some = append(some, c)
		}
	}
	return some
}

// interleave returns the evidence of all results: the first piece of each, then the second of each,
// and so on, so that a sample contains evidence of each result.
func interleave(all []Result) []Evidence {
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

// turned returns e as evidence for the negated check.
func (e Evidence) turned() Evidence {
	if rest, ok := strings.CutPrefix(e.Want, "not "); ok {
		e.Want = rest
	} else if e.Want != "" {
		e.Want = "not " + e.Want
	}
	return e
}

// deduplicate returns the strings of all without repetitions, in the same order.
func deduplicate(all []string) []string {
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
