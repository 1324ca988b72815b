// Package scope carries what a run of checks lends to the facts collected in it:
// the context they are collected under, a count of the goroutines they use, and
// clocks that stand still while one waits for another.
package scope

import (
	"context"
	"sync"
	"time"
)

type runKey struct{}

// Run is the scope of one run. Goroutines started through it are counted, so that
// the run can wait for them and say how many it had to leave behind.
type Run struct {
	ctx   context.Context
	slots chan struct{} // nil where there is no bound

	mu   sync.Mutex
	live int
	idle chan struct{} // closed and replaced when live falls to zero
}

// New opens a scope under ctx and returns a context that carries it.
func New(ctx context.Context) (context.Context, *Run) {
	r := &Run{idle: make(chan struct{})}
	r.ctx = context.WithValue(ctx, runKey{}, r)
	return r.ctx, r
}

// From returns the scope that ctx carries; without one, a new scope under ctx.
func From(ctx context.Context) *Run {
	if r, ok := ctx.Value(runKey{}).(*Run); ok {
		return r
	}
	_, r := New(ctx)
	return r
}

type watchKey struct{}

// WithWatch returns a context under which watch is told of each fact as it is
// collected, before anybody else sees it. It serves test kits.
func WithWatch(ctx context.Context, watch func(name string, value any)) context.Context {
	return context.WithValue(ctx, watchKey{}, watch)
}

// Watch tells the watch that ctx carries, if any, of a fact.
func Watch(ctx context.Context, name string, value any) {
	if w, ok := ctx.Value(watchKey{}).(func(string, any)); ok {
		w(name, value)
	}
}

// Context is what work of the whole run is done under.
func (r *Run) Context() context.Context { return r.ctx }

// Go runs f in a goroutine that the scope counts.
func (r *Run) Go(f func()) {
	r.mu.Lock()
	r.live++
	r.mu.Unlock()
	go func() {
		defer r.done()
		f()
	}()
}

func (r *Run) done() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.live--; r.live == 0 {
		close(r.idle)
		r.idle = make(chan struct{})
	}
}

// Wait waits until no goroutine of the scope runs, at most for grace, and returns
// how many still do: those stuck in a system call that nothing interrupts.
func (r *Run) Wait(grace time.Duration) int {
	r.mu.Lock()
	live, idle := r.live, r.idle
	r.mu.Unlock()
	if live == 0 {
		return 0
	}
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-idle:
		return 0
	case <-t.C:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.live
	}
}
