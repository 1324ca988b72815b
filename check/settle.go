package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// settle examines c through a handle of its own and holds the result to what was
// read: a verdict that a failed read could change is overruled. It also reports
// whether a Fail rests on such a read.
func settle(ctx context.Context, sys *inventory.System, c Check) (Result, bool) {
	t := new(trail.Trail)
	h := sys.Handle(t.Writer())
	defer t.Close()
	defer t.Settle()
	if comp, ok := c.(composite); ok {
		return comp.examine(ctx, h)
	}
	r := normal(guarded(ctx, h, c)).bounded(0)
	failures := t.Failures()
	if len(failures) == 0 {
		return r, false
	}
	switch r.Status {
	case Pass, Fixed, NotApplicable, Informational, NotSelected:
		return overruled(r, failures), false
	}
	return r, r.Status == Fail
}

// examineOpen is Examine of a composite that is called by a check of somebody's own:
// whether that check takes its result over is not known, so what failed below stays
// a failure above.
func examineOpen(ctx context.Context, sys *inventory.System, c composite) Result {
	r, _ := c.examine(ctx, sys.Handle(new(trail.Trail).Writer()))
	return r
}

// guarded keeps a panic of one check from its siblings.
func guarded(ctx context.Context, sys *inventory.System, c Check) (r Result) {
	defer func() {
		if p := recover(); p != nil {
			tell(sys, "check", p)
			r = Result{Status: Error, Reason: reason.Panic, Message: brief(fmt.Sprintf("check panicked: %v", p))}
		}
	}()
	if c == nil {
		return Result{Status: Error, Message: "no check"}
	}
	return c.Examine(ctx, sys)
}

// normal returns r with what contradicts itself made an Error.
func normal(r Result) Result {
	r.Err = tame(r.Err)
	switch {
	case int(r.Status) >= len(statusNames):
		return Result{Status: Error, Message: "check answered an " + r.Status.String() + " status"}
	case r.Err == nil:
		return r
	case r.Status == Pass || r.Status == Fixed:
		r.Status = Error
		r.Message = brief(fmt.Sprintf("passed with an error: %v", r.Err))
	case r.Status == NotApplicable && classify(r.Err).status != NotApplicable:
		e := fromError(r.Err)
		r.Status, r.Reason, r.Message = e.Status, e.Reason, e.Message
	}
	return r
}

// overruled returns what r becomes because of the gravest failure.
func overruled(r Result, failures []trail.Failure) Result {
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
	if out.Status == NotApplicable { // an absent subject is no failure; it cannot be the gravest
		out.Status = Error
	}
	out.Children, out.Evidence, out.Omitted, out.Subjects = r.Children, nil, 0, r.Subjects
	if n := len(failures) - 1; n > 0 {
		out.Message = fmt.Sprintf("%s (and %d more that could not be read)", out.Message, n)
	}
	return out
}

// Bounds of what a check makes by hand.
const (
	maxChildren = 100 // of one result
	maxNested   = 3   // results within one another
)

// bounded returns r with its texts, evidence and children bounded, whoever made it, and shares no
// memory with it that is written to later.
func (r Result) bounded(depth int) Result {
	r.Message = brief(r.Message)
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
