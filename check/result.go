package check

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Result is what a check found.
type Result struct {
	Status   Status
	Reason   Reason     // why it is no verdict
	Message  string     // one line for people
	Evidence []Evidence // what decided, in a stable order
	Omitted  int        // how many more pieces of evidence there were
	Children []Result   // of a composed check, in the order it was composed in
	Err      error      // what went wrong; a Pass that carries one is an Error
}

// Evidence is one thing that was seen. It never holds a secret, and never a file's
// text beyond the one value that is judged.
type Evidence struct {
	Source  string `json:"source,omitempty"`  // the file, registry path or probe
	Line    int    `json:"line,omitempty"`    // in Source, counted from 1; 0 where there is none
	Subject string `json:"subject,omitempty"` // what was judged: an account, a setting, a file
	Want    string `json:"want,omitempty"`    // what would pass
	Got     string `json:"got,omitempty"`     // what was found
}

// Passed returns a Pass with a message.
func Passed(message string, ev ...Evidence) Result {
	return Result{Status: Pass, Message: message, Evidence: ev}
}

// Failed returns a Fail with a message and what was seen.
func Failed(message string, ev ...Evidence) Result {
	return Result{Status: Fail, Message: message, Evidence: ev}
}

// Absent returns NotApplicable: the system has no subject for the check.
func Absent(message string) Result {
	return Result{Status: NotApplicable, Message: message}
}

// class is what an error means, the gravest last.
type class struct {
	status  Status
	reason  Reason
	gravity int
}

// classes names the sentinels in the order in which they are looked for.
var classes = []struct {
	err error
	class
}{
	{inventory.ErrAbsent, class{NotApplicable, "", 0}},
	{inventory.ErrNotLive, class{Unknown, ReasonNotLive, 1}},
	{inventory.ErrUnavailable, class{Unknown, ReasonUnavailable, 2}},
	{inventory.ErrExcluded, class{Unknown, ReasonExcluded, 2}},
	{errors.ErrUnsupported, class{Unknown, ReasonUnavailable, 2}},
	{filetree.ErrChanged, class{Unknown, ReasonUnavailable, 2}},
	{fs.ErrPermission, class{Unknown, ReasonPermission, 3}},
	{inventory.ErrLimit, class{Unknown, ReasonLimit, 4}},
	{inventory.ErrTimeout, class{Unknown, ReasonTimeout, 5}},
	{errRuleTime, class{Unknown, ReasonTimeout, 5}},
	{context.DeadlineExceeded, class{Unknown, ReasonTimeout, 5}},
	{context.Canceled, class{Unknown, ReasonCanceled, 6}},
	{inventory.ErrPanic, class{Error, ReasonPanic, 8}},
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

// FromError returns the result that an error means, the one place where errors become
// a status. What is not available, left out, not permitted, over a limit or out of time is
// Unknown with its Reason; [inventory.ErrAbsent] is NotApplicable; all else, a
// missing file included, is an Error. Of joined errors the gravest counts.
func FromError(err error) Result {
	if err == nil {
		return Result{Status: Error, Message: "no error and no result"}
	}
	err = tame(err)
	c := classify(err)
	return Result{Status: c.status, Reason: c.reason, Message: brief(err.Error()), Err: err}
}

// maxMessage is how many bytes of an error become a message.
const maxMessage = 2000

// brief makes one line of a text, as errors.Join writes lines, with equal ones once.
func brief(s string) string {
	if strings.Contains(s, "\n") {
		s = strings.Join(once(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })), "; ")
	}
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + " ..."
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
