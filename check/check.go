package check

import (
	"context"

	"github.com/hardening-sdk/hardening/inventory"
)

// Check judges one aspect of a system. Examine reads only through sys, heeds ctx,
// keeps nothing between calls and may be called at the same time from many
// goroutines.
type Check interface {
	Examine(ctx context.Context, sys *inventory.System) Result
}

// Func is a check that asks several facts, or one that depends on another. It tells v what it
// finds, and returns the error of a fact as it is.
type Func func(ctx context.Context, sys *inventory.System, v *Verdict) error

// Examine calls f and returns the result of what it found.
func (f Func) Examine(ctx context.Context, sys *inventory.System) Result {
	v := new(Verdict)
	v.Err(f(ctx, sys, v))
	return v.Result()
}

// Of returns a check that collects one fact and judges it. An error of the fact never reaches
// judge; it becomes the result.
func Of[T any](f *inventory.Fact[T], judge func(*Verdict, T)) Check {
	return Func(func(ctx context.Context, sys *inventory.System, v *Verdict) error {
		value, err := f.Of(ctx, sys)
		if err == nil {
			judge(v, value)
		}
		return err
	})
}

// OfKey is [Of] for a fact with an argument.
func OfKey[K comparable, T any](f *inventory.Keyed[K, T], k K, judge func(*Verdict, T)) Check {
	return Func(func(ctx context.Context, sys *inventory.System, v *Verdict) error {
		value, err := f.Of(ctx, sys, k)
		if err == nil {
			judge(v, value)
		}
		return err
	})
}
