package check

import (
	"cmp"
	"fmt"
)

// Verdict collects what a check finds, and makes the [Result] of it: one way for all checks, so
// that each counts its subjects, orders and bounds its evidence and fails closed. The zero
// value is ready for use. A Verdict belongs to one goroutine.
type Verdict struct {
	good, bad, open, absent sample
	errs                    []error
	unknown                 int // how many errors there were
	message                 string
	without                 string // why there is no subject
}

// Good says that a subject is as wanted. Its evidence shows what was found, like that of one
// that is not.
func (v *Verdict) Good(e Evidence) { v.good.add(e) }

// Bad says that a subject is not as wanted.
func (v *Verdict) Bad(e Evidence) { v.bad.add(e) }

// Judge is Good or Bad.
func (v *Verdict) Judge(good bool, e Evidence) {
	if good {
		v.Good(e)
	} else {
		v.Bad(e)
	}
}

// Err says that something could not be read or found out, and what of it is known. No error
// is nothing at all, and inventory.ErrAbsent says that there is no subject, like Absent.
func (v *Verdict) Err(err error, about ...Evidence) {
	if err == nil {
		return
	}
	err = tame(err)
	if classify(err).status == NotApplicable {
		if v.without == "" {
			v.without = err.Error()
		}
		for _, e := range about {
			v.absent.add(e)
		}
		return
	}
	v.keep(err)
	for _, e := range about {
		v.open.add(e)
	}
}

// maxErrs is how many errors a verdict keeps beside the gravest.
const maxErrs = 100

// keep notes an error: the first ones, and the gravest of all, which decides.
func (v *Verdict) keep(err error) {
	v.unknown++
	if len(v.errs) < maxErrs {
		v.errs = append(v.errs, err)
	} else if last := &v.errs[maxErrs-1]; classify(err).gravity > classify(*last).gravity {
		*last = err
	}
}

// Absent says what was looked for and is not there. It matters where there is nothing else to
// say: then there is no subject.
func (v *Verdict) Absent(e Evidence) {
	if e.Got == "" {
		e.Got = "not there"
	}
	v.absent.add(e)
}

// Say sets the one line for people. Without it the line counts the subjects, or tells what could
// not be read.
func (v *Verdict) Say(message string) {
	if v.message == "" {
		v.message = message
	}
}

// Result returns Fail if one subject is not as wanted; else what the errors mean, if there are
// any; else Pass if there are subjects; else NotApplicable.
func (v *Verdict) Result() Result {
	r := Result{Subjects: v.good.total + v.bad.total, Message: v.message}
	switch {
	case v.bad.total > 0:
		r.Status = Fail
		r.Evidence, r.Omitted = v.bad.list()
		r.say("%d of %d", v.bad.total, r.Subjects)
		if len(v.errs) > 0 {
			r.Message += fmt.Sprintf(", and %d not known", v.unknown)
		}
	case len(v.errs) > 0:
		failed := fromError(join(v.errs...))
		if n := v.unknown - len(v.errs); n > 0 {
			failed.Message = brief(fmt.Sprintf("%s; and %d more", failed.Message, n))
		}
		failed.Subjects = r.Subjects
		failed.Evidence, failed.Omitted = v.open.list()
		return failed
	case v.good.total > 0:
		r.Status = Pass
		r.Evidence, r.Omitted = v.good.list()
		r.say("%d judged", r.Subjects)
	default:
		r.Status = NotApplicable
		r.Evidence, r.Omitted = v.absent.list()
		r.say("%s", cmp.Or(v.without, "nothing to judge"))
	}
	r.Message = brief(r.Message)
	return r
}

// say sets the message where there is none.
func (r *Result) say(format string, args ...any) {
	if r.Message == "" {
		r.Message = fmt.Sprintf(format, args...)
	}
}
