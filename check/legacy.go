package check

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// What follows goes once no check uses it.

// OldFunc is a function that is a [Check].
type OldFunc func(context.Context, *inventory.System) Result

// Examine calls f.
func (f OldFunc) Examine(ctx context.Context, sys *inventory.System) Result { return f(ctx, sys) }

// OldOf returns a check that collects one fact and judges it.
func OldOf[T any](f *inventory.Fact[T], judge func(T) Result) Check {
	return OldFunc(func(ctx context.Context, sys *inventory.System) Result {
		v, err := f.Of(ctx, sys)
		if err != nil {
			return FromError(err)
		}
		return judge(v)
	})
}

// MaxEvidence goes.
const MaxEvidence = maxEvidence

// FromError goes.
func FromError(err error) Result { return fromError(err) }

// Passed goes.
func Passed(message string, ev ...Evidence) Result {
	return Result{Status: Pass, Message: message, Evidence: ev}
}

// Failed goes.
func Failed(message string, ev ...Evidence) Result {
	return Result{Status: Fail, Message: message, Evidence: ev}
}

// Absent goes.
func Absent(message string) Result { return Result{Status: NotApplicable, Message: message} }

// Each goes.
func Each[E any](all []E, bad func(E) (Evidence, bool)) Result {
	return EachSeq(slices.Values(all), bad)
}

// EachSeq goes.
func EachSeq[E any](all iter.Seq[E], bad func(E) (Evidence, bool)) Result {
	var r Result
	subjects, breaches := 0, 0
	for e := range all {
		subjects++
		ev, breach := bad(e)
		if !breach {
			continue
		}
		if breaches++; breaches <= MaxEvidence {
			r.Evidence = append(r.Evidence, ev)
		} else {
			r.Omitted++
		}
	}
	switch {
	case subjects == 0:
		r.Status, r.Message = NotApplicable, "nothing to judge"
	case breaches == 0:
		r.Status, r.Message = Pass, strconv.Itoa(subjects)+" judged"
	default:
		r.Status, r.Message = Fail, strconv.Itoa(breaches)+" of "+strconv.Itoa(subjects)
	}
	return r
}

// AnyOf goes.
func AnyOf(names []string) string {
	const shown = 3
	if len(names) <= shown+1 {
		return strings.Join(names, " or ")
	}
	return strings.Join(names[:shown], " or ") + " or one of " + strconv.Itoa(len(names)-shown) + " more"
}
