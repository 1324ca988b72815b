package check

import (
	"cmp"
	"fmt"
)

// Verdict collects the findings of a check and creates its [Result]. It counts subjects, sorts and
// limits evidence, and never passes on errors. The zero value is ready to use. A Verdict is not
// safe for concurrent use.
type Verdict struct {
	good, bad, open, absent sample
	errs                    []error
	unknown                 int // number of errors
	message                 string
	without                 string // why there is no subject
}

// Good records a subject that is as required. Like that of Bad, its evidence says what was found.
func (v *Verdict) Good(e Evidence) { v.good.add(e) }

// Bad records a subject that is not as required.
func (v *Verdict) Bad(e Evidence) { v.bad.add(e) }

// Judge calls Good or Bad.
func (v *Verdict) Judge(good bool, e Evidence) {
	if good {
		v.Good(e)
	} else {
		v.Bad(e)
	}
}

// Err records that something could not be read or determined, with evidence of what is known. A nil
// error is ignored. inventory.ErrAbsent means that there is no subject, as with Absent.
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

// maxErrs is the number of errors that a verdict keeps.
const maxErrs = 100

// keep counts err and stores it if there is room or if it is more severe than the last stored one.
func (v *Verdict) keep(err error) {
	v.unknown++
	if len(v.errs) < maxErrs {
		v.errs = append(v.errs, err)
	} else if last := &v.errs[maxErrs-1]; classify(err).gravity > classify(*last).gravity {
		*last = err
	}
}

// Absent records something that was searched for and not found. It is shown if nothing else was
// recorded: then the result is NotApplicable. If e.Got is empty, it is set to "not there".
func (v *Verdict) Absent(e Evidence) {
	if e.Got == "" {
		e.Got = "not there"
	}
	v.absent.add(e)
}

// Say sets the message of a Pass, Fail or NotApplicable. The first call counts. By default the
// message counts the subjects. The message of other results is the text of the errors.
func (v *Verdict) Say(message string) {
	if v.message == "" {
		v.message = message
	}
}

// Result returns Fail if a subject is bad, else the status of the most severe error if there are
// errors, else Pass if there are subjects, else NotApplicable.
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
			failed.Message = shorten(fmt.Sprintf("%s; and %d more", failed.Message, n))
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
	r.Message = shorten(r.Message)
	return r
}

// say sets the message if it is empty.
func (r *Result) say(format string, args ...any) {
	if r.Message == "" {
		r.Message = fmt.Sprintf(format, args...)
	}
}
