package check

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Check judges one aspect of a system. Examine reads only through sys, heeds ctx,
// keeps nothing between calls and may be called at the same time from many
// goroutines.
type Check interface {
	Examine(ctx context.Context, sys *inventory.System) Result
}

// Func is a function that is a [Check].
type Func func(context.Context, *inventory.System) Result

// Examine calls f.
func (f Func) Examine(ctx context.Context, sys *inventory.System) Result { return f(ctx, sys) }

// Of returns a check that collects one fact and judges it. An error of the fact
// never reaches judge: [FromError] makes the result of it. Of [inventory.Tree] it declares
// [NeedsWalk]; what other facts need their checks declare by [Needing].
func Of[T any](f *inventory.Fact[T], judge func(T) Result) Check {
	return Needing(Func(func(ctx context.Context, sys *inventory.System) Result {
		v, err := f.Of(ctx, sys)
		if err != nil {
			return FromError(err)
		}
		return judge(v)
	}), needsOf(f))
}

// needsOf returns what a fact of the core needs.
func needsOf(fact any) Needs {
	if fact == any(inventory.Tree) {
		return NeedsWalk
	}
	return 0
}

// Of2 is [Of] for two facts.
func Of2[A, B any](fa *inventory.Fact[A], fb *inventory.Fact[B], judge func(A, B) Result) Check {
	return Needing(Func(func(ctx context.Context, sys *inventory.System) Result {
		a, errA := fa.Of(ctx, sys)
		b, errB := fb.Of(ctx, sys)
		if err := join(errA, errB); err != nil {
			return FromError(err)
		}
		return judge(a, b)
	}), needsOf(fa)|needsOf(fb))
}

// OfKey is [Of] for a fact with an argument.
func OfKey[K comparable, T any](f *inventory.Keyed[K, T], k K, judge func(T) Result) Check {
	return Func(func(ctx context.Context, sys *inventory.System) Result {
		v, err := f.Of(ctx, sys, k)
		if err != nil {
			return FromError(err)
		}
		return judge(v)
	})
}

// MaxEvidence is how many pieces of evidence [Each] and [EachSeq] keep; further ones
// are counted in Result.Omitted.
const MaxEvidence = 100

// Each judges every subject: bad reports whether one is in breach, with the evidence
// of it. One breach fails, none passes, and no subject at all is NotApplicable.
func Each[E any](all []E, bad func(E) (Evidence, bool)) Result {
	return EachSeq(slices.Values(all), bad)
}

// EachSeq is [Each] for subjects that are not held in a slice.
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
		r.Status, r.Message = Pass, count(subjects)+" judged"
	default:
		r.Status, r.Message = Fail, count(breaches)+" of "+count(subjects)
	}
	return r
}

func count(n int) string { return strconv.Itoa(n) }

// AnyOf joins alternatives for evidence: the first three, and how many more there are.
func AnyOf(names []string) string {
	const shown = 3
	if len(names) <= shown+1 {
		return strings.Join(names, " or ")
	}
	return strings.Join(names[:shown], " or ") + " or one of " + strconv.Itoa(len(names)-shown) + " more"
}
