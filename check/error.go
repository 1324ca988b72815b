package check

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// class is what an error means, the gravest last.
type class struct {
	status  Status
	reason  reason.Reason
	gravity int
}

// classes names the sentinels in the order in which they are looked for.
var classes = []struct {
	err error
	class
}{
	{inventory.ErrAbsent, class{NotApplicable, "", 0}},
	{inventory.ErrNotLive, class{Unknown, reason.NotLive, 1}},
	{inventory.ErrUnavailable, class{Unknown, reason.Unavailable, 2}},
	{inventory.ErrExcluded, class{Unknown, reason.Excluded, 2}},
	{errors.ErrUnsupported, class{Unknown, reason.Unavailable, 2}},
	{filetree.ErrChanged, class{Unknown, reason.Unavailable, 2}},
	{fs.ErrPermission, class{Unknown, reason.Permission, 3}},
	{inventory.ErrLimit, class{Unknown, reason.Limit, 4}},
	{inventory.ErrTimeout, class{Unknown, reason.Timeout, 5}},
	{errRuleTime, class{Unknown, reason.Timeout, 5}},
	{context.DeadlineExceeded, class{Unknown, reason.Timeout, 5}},
	{context.Canceled, class{Unknown, reason.Canceled, 6}},
	{inventory.ErrPanic, class{Error, reason.Panic, 8}},
}

// otherwise is what an error means that is none of the above.
var otherwise = class{Error, "", 7}

// classify returns what err means; of joined errors the gravest.
func classify(err error) class {
	for err != nil {
		for _, c := range classes {
			if err == c.err {
				return c.class
			}
			if is, ok := err.(interface{ Is(error) bool }); ok && is.Is(c.err) {
				return c.class
			}
		}
		switch u := err.(type) {
		case interface{ Unwrap() error }:
			err = u.Unwrap()
		case interface{ Unwrap() []error }:
			return gravest(u.Unwrap())
		default:
			return otherwise
		}
	}
	return otherwise
}

func gravest(errs []error) class {
	worst := class{gravity: -1}
	for _, err := range errs {
		if c := classify(err); c.gravity > worst.gravity {
			worst = c
		}
	}
	if worst.gravity < 0 {
		return otherwise
	}
	return worst
}

// fromError returns the result that an error means, the one place where errors become
// a status. What is not available, left out, not permitted, over a limit or out of time is
// Unknown with its Reason; [inventory.ErrAbsent] is NotApplicable; all else, a
// missing file included, is an Error. Of joined errors the gravest counts.
func fromError(err error) Result {
	if err == nil {
		return Result{Status: Error, Message: "no error and no result"}
	}
	err = tame(err)
	c := classify(err)
	return Result{Status: c.status, Reason: c.reason, Message: brief(err.Error()), Err: err}
}

// brief makes one line of a text, as errors.Join writes lines, with equal ones once.
func brief(s string) string {
	if strings.Contains(s, "\n") {
		s = strings.Join(once(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })), "; ")
	}
	return cut(s, maxMessage)
}

func join(errs ...error) error {
	var some []error
	for _, err := range errs {
		if err != nil {
			some = append(some, err)
		}
	}
	if len(some) == 1 {
		return some[0]
	}
	return errors.Join(some...)
}
