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

// class is the meaning of an error. A greater gravity is more severe.
type class struct {
	status  Status
	reason  reason.Reason
	gravity int
}

// classes lists the sentinel errors in the order in which classify tests them.
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

// otherwise is the class of all other errors.
var otherwise = class{Error, "", 7}

// classify returns the class of err. For joined errors it returns the most severe class.
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

// gravest returns the most severe class of errs.
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

// fromError returns the result for err. All errors become a status here. Data that is unavailable,
// excluded, not permitted, over a limit or out of time is Unknown with a Reason.
// [inventory.ErrAbsent] is NotApplicable. Any other error, such as a missing file, is Error. Of
// joined errors, the most severe one counts.
func fromError(err error) Result {
	if err == nil {
		return Result{Status: Error, Message: "no error and no result"}
	}
	err = tame(err)
	c := classify(err)
	return Result{Status: c.status, Reason: c.reason, Message: shorten(err.Error()), Err: err}
}

// shorten returns s as one line of bounded length. It joins lines, as errors.Join writes them, and
// drops repeated ones.
func shorten(s string) string {
	if strings.Contains(s, "\n") {
		s = strings.Join(deduplicate(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })), "; ")
	}
	return cut(s, maxMessage)
}

// join is like errors.Join, but returns a single error unchanged.
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
