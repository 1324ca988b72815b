package inventory

import (
	"context"
)

// Fact is something that can be known about a system, such as its accounts. It is
// declared once, as a package-level variable, which is its identity:
//
//	var Fact = inventory.NewFact("passwd", collect)
//
// However many checks ask, it is collected once per [System]. Facts are values:
// nobody writes to what Of returned.
type Fact[T any] struct {
	name    string
	collect func(context.Context, *System) (T, error)
	times   int  // of Limits.FactTime that it may take
	free    bool // it takes no slot of the run: it has workers of its own
}

// NewFact declares a fact. The name is for people: it stands in errors and logs,
// and is best the name of the package.
//
// The collector reads through the System it is handed, under the context of the
// whole run and a time limit of its own. Its error reaches whoever asks: wrapped
// errors of reads as they are, [ErrAbsent] when the subject is not on the system.
func NewFact[T any](name string, collect func(context.Context, *System) (T, error)) *Fact[T] {
	return &Fact[T]{name: name, collect: collect, times: 1}
}

// Name returns the name the fact was declared with.
func (f *Fact[T]) Name() string { return f.name }

// Of returns the fact, collecting it if nobody has. It may be called at the same
// time from many goroutines. A collection that was canceled together with the run
// it belonged to is not kept: the next one who asks collects again.
func (f *Fact[T]) Of(ctx context.Context, s *System) (T, error) {
	run := func(ctx context.Context, s *System) (any, error) { return f.collect(ctx, s) }
	return convert[T](s.fact(ctx, f, collector{name: f.name, times: f.times, free: f.free, run: run}))
}

// Given presets the fact: in fixtures, from an SBOM, or from a vendor's own
// collector. It replaces what was collected before. It is an error on a System that was
// handed to a check or a collector.
func (f *Fact[T]) Given(s *System, v T) error { return s.give(f, f.name, v) }

// Keyed is a fact with an argument, such as what is known about one user. Its
// cache is bounded by [Limits.KeyedEntries]; a value that was dropped is
// collected again.
type Keyed[K comparable, T any] struct {
	name    string
	collect func(context.Context, *System, K) (T, error)
	parts   bool // it reads parts of other facts
}

// keyedID is the identity of one value of a Keyed fact.
type keyedID[K comparable] struct {
	fact any
	key  K
}

// NewKeyed declares a fact with an argument; see [NewFact].
func NewKeyed[K comparable, T any](name string, collect func(context.Context, *System, K) (T, error)) *Keyed[K, T] {
	return &Keyed[K, T]{name: name, collect: collect}
}

// Name returns the name the fact was declared with.
func (f *Keyed[K, T]) Name() string { return f.name }

// Of returns the fact for k; see [Fact.Of].
func (f *Keyed[K, T]) Of(ctx context.Context, s *System, k K) (T, error) {
	run := func(ctx context.Context, s *System) (any, error) { return f.collect(ctx, s, k) }
	return convert[T](s.fact(ctx, keyedID[K]{f, k}, collector{name: f.name, times: 1, parts: f.parts, run: run}))
}

// Given presets the fact for k; see [Fact.Given].
func (f *Keyed[K, T]) Given(s *System, k K, v T) error { return s.give(keyedID[K]{f, k}, f.name, v) }

// owner returns the fact that the value counts against.
func (k keyedID[K]) owner() any { return k.fact }

func convert[T any](v any, err error) (T, error) {
	t, _ := v.(T)
	return t, err
}
