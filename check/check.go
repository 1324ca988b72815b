package check

import (
	"context"

	"github.com/hardening-sdk/hardening/inventory"
)

// Check judges one aspect of a system.
//
// Examine reads only through sys, returns soon after ctx is done, and keeps no state between calls.
// It is safe for concurrent use.
type Check interface {
	Examine(ctx context.Context, sys *inventory.System) Result
}

// Func is a check that needs several facts, or a fact that depends on another. It reports its
// findings to v and returns the error of a fact unchanged.
type Func func(ctx context.Context, sys *inventory.System, v *Verdict) error

// Examine calls f and returns the result of its findings.
func (f Func) Examine(ctx context.Context, sys *inventory.System) Result {
	v := new(Verdict)
	v.Err(f(ctx, sys, v))
	return v.Result()
}

// Of returns a check that collects the fact f and passes its value to judge. If the fact returns an
// error, judge is not called and the result describes the error.
func Of[T any](f *inventory.Fact[T], judge func(*Verdict, T)) Check {
	return Func(func(ctx context.Context, sys *inventory.System, v *Verdict) error {
		value, err := f.Of(ctx, sys)
		if err == nil {
			judge(v, value)
		}
		return err
	})
}

// OfKey is like [Of] for a fact that takes the argument k.
func OfKey[K comparable, T any](f *inventory.Keyed[K, T], k K, judge func(*Verdict, T)) Check {
	return Func(func(ctx context.Context, sys *inventory.System, v *Verdict) error {
		value, err := f.Of(ctx, sys, k)
		if err == nil {
			judge(v, value)
		}
		return err
	})
}
