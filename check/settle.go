package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// settle examines c through its own handle, which tracks the reads. If a read failed that could
// change the verdict, settle overrules the verdict. It also reports whether a Fail depends on a
// failed read.
func settle(ctx context.Context, sys *inventory.System, c Check) (Result, bool) {
	t := new(trail.Trail)
	h := sys.Handle(t.Writer())
	defer t.Close()
	defer t.Settle()
	if comp, ok := c.(composite); ok {
		return comp.examine(ctx, h)
	}
	r := normalize(guard(ctx, h, c)).bounded(0)
	failures := t.Failures()
	if len(failures) == 0 {
		return r, false
	}
	switch r.Status {
	case Pass, Fixed, NotApplicable, Informational, NotSelected:
		return overrule(r, failures), false
	}
	return r, r.Status == Fail
}

// examineOpen implements Examine for a composite that another check calls directly. Whether that
// check uses the result is not known, so failed reads of the composite also count for the caller.
func examineOpen(ctx context.Context, sys *inventory.System, c composite) Result {
	r, _ := c.examine(ctx, sys.Handle(new(trail.Trail).Writer()))
	return r
}

// guard examines c and turns a panic into an Error, so that it does not affect other checks.
func guard(ctx context.Context, sys *inventory.System, c Check) (r Result) {
	defer func() {
		if p := recover(); p != nil {
			tell(sys, "check", p)
			r = Result{Status: Error, Reason: reason.Panic, Message: shorten(fmt.Sprintf("check panicked: %v", p))}
		}
	}()
	if c == nil {
		return Result{Status: Error, Message: "no check"}
	}
	return c.Examine(ctx, sys)
}

// normalize returns r with contradictions resolved: a Pass with an error becomes an Error, and so
// does an invalid status.
func normalize(r Result) Result {
	r.Err = tame(r.Err)
	switch {
	case int(r.Status) >= len(statusNames):
		return Result{Status: Error, Message: "check answered an " + r.Status.String() + " status"}
	case r.Err == nil:
		return r
	case r.Status == Pass || r.Status == Fixed:
		r.Status = Error
		r.Message = shorten(fmt.Sprintf("passed with an error: %v", r.Err))
	case r.Status == NotApplicable && classify(r.Err).status != NotApplicable:
		e := fromError(r.Err)
		r.Status, r.Reason, r.Message = e.Status, e.Reason, e.Message
	}
	return r
}

// overrule returns r with the status, reason and message of the most severe failure.
func overrule(r Result, failures []trail.Failure) Result {
	if len(failures) == 0 {
		return Result{Status: Error, Message: "overruled without a failed read", Children: r.Children}
	}
	worst := failures[0]
	for _, f := range failures[1:] {
		if classify(tame(f.Err)).gravity > classify(tame(worst.Err)).gravity {
			worst = f
		}
	}
	out := fromError(worst.Err)
	if out.Status == NotApplicable { // not expected: an absent subject is not a failed read
		out.Status = Error
	}
	out.Children, out.Evidence, out.Omitted, out.Subjects = r.Children, nil, 0, r.Subjects
	if n := len(failures) - 1; n > 0 {
		out.Message = fmt.Sprintf("%s (and %d more that could not be read)", out.Message, n)
	}
	return out
}

// Limits of results that a check creates without a Verdict.
const (
	maxChildren = 100 // children of one result
	maxNested   = 3   // nesting depth of results
)

// bounded returns a copy of r, at the nesting level depth, with limited strings, evidence and
// children. The copy can be changed without changing r.
func (r Result) bounded(depth int) Result {
	r.Message = shorten(r.Message)
	r.Reason = reason.Reason(cut(string(r.Reason), maxMessage))
	if n := len(r.Evidence) - maxEvidence; n > 0 {
		r.Omitted += n
	}
	r.Evidence = slices.Clone(r.Evidence[:min(len(r.Evidence), maxEvidence)])
	for i, e := range r.Evidence {
		r.Evidence[i] = e.bounded()
	}
	if depth == maxNested {
		r.Children = nil
	}
	r.Children = slices.Clone(r.Children[:min(len(r.Children), maxChildren)])
	for i, c := range r.Children {
		r.Children[i] = c.bounded(depth + 1)
	}
	return r
}
