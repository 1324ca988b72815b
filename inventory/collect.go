package inventory

import (
	"context"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/internal/trail"
)

// cell holds one fact of one system. Its fields are guarded by core.mu.
type cell struct {
	name    string
	running *attempt // nil when idle or done
	done    *attempt // nil until it is known
	waits   map[*cell]int
	cycle   error // set when the cell was found to be part of a cycle
}

// attempt is one collection of a cell. Its result fields are written once, before
// ended is closed.
type attempt struct {
	cell  *cell
	ended chan struct{}
	once  sync.Once
	value any
	err   error
	trail *trail.Trail
	died  bool // with the context of its run: to be collected again
}

// collector says how a fact is collected.
type collector struct {
	name  string
	times int  // of Limits.FactTime that it may take
	free  bool // it takes no slot of the run
	parts bool // it reads parts of other facts, whose reads they are
	run   func(context.Context, *System) (any, error)
}

// origin returns the name of the fact whose reads those of the collector are.
func (c collector) origin() string {
	if c.parts {
		return ""
	}
	return c.name
}

// fact returns the fact that key identifies, collecting it if need be.
func (s *System) fact(ctx context.Context, key any, how collector) (any, error) {
	read := Read{opFact, how.name}
	s.begin(read)
	v, err := s.ask(ctx, key, how)
	s.finish(read, err)
	return v, err
}

// ask is fact without the notes in the trail. Whoever swallows its error knows nothing.
func (s *System) ask(ctx context.Context, key any, how collector) (any, error) {
	owner := s.owner
	if owner == nil { // the owner's System in a collector's intercept, say
		owner, _ = ctx.Value(ownerKey{}).(*cell)
	}
	for {
		if err := s.over(); err != nil {
			return nil, err
		}
		a, err := s.attempt(ctx, key, how, owner)
		if err == nil {
			err = s.await(ctx, a, owner)
		}
		if err == nil {
			err = s.over()
		}
		if err != nil {
			return nil, err
		}
		if a.died && ctx.Err() == nil {
			if err := scope.Cause(scope.From(ctx).Context()); err != nil {
				return nil, err // a run that has ended collects nothing any more
			}
			continue
		}
		s.trail.AddPart(a.trail)
		return a.value, a.err
	}
}

// ownerKey is the key of the cell that is collected under a context.
type ownerKey struct{}

// attempt returns the finished or running collection of a fact, started if there is
// none, and registers that s waits for it.
func (s *System) attempt(ctx context.Context, key any, how collector, owner *cell) (*attempt, error) {
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	cl := c.cell(key, how.name)
	if cl.done != nil {
		return cl.done, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, scope.Cause(ctx)
	}
	if owner != nil {
		if ring := cl.pathTo(owner, nil); ring != nil {
			return nil, markCycle(ring)
		}
		owner.waits[cl]++
	}
	if cl.running == nil {
		s.start(ctx, cl, how)
	}
	return cl.running, nil
}

// await waits for a. Nobody is charged time for it.
func (s *System) await(ctx context.Context, a *attempt, owner *cell) error {
	select {
	case <-a.ended:
	default:
		resume := scope.Pause(ctx)
		defer resume()
		select {
		case <-a.ended:
		case <-ctx.Done():
		}
	}
	if owner != nil {
		s.c.mu.Lock()
		if owner.waits[a.cell]--; owner.waits[a.cell] <= 0 {
			delete(owner.waits, a.cell)
		}
		s.c.mu.Unlock()
	}
	select {
	case <-a.ended:
		return nil
	default:
		return scope.Cause(ctx)
	}
}

// start collects cl in a goroutine of the run's scope. core.mu is held.
func (s *System) start(ctx context.Context, cl *cell, how collector) {
	a := &attempt{cell: cl, ended: make(chan struct{})}
	cl.running = a
	r := scope.From(ctx)
	t, end := trail.OfFact(how.origin()), new(term) // not asked of the handle, which the collector has
	h := &System{c: s.c, trail: t, owner: cl, term: end, lent: true}
	began := time.Now()
	finish := func(v any, err error) {
		a.once.Do(func() {
			if err == nil {
				scope.Watch(ctx, cl.name, v)
			}
			s.c.finish(cl, a, t, end, v, err, r.Context())
			s.c.log.Debug("fact", "name", cl.name, "took", time.Since(began), "error", err)
		})
	}
	r.Go(func() {
		work, leave := r.Context(), func() {}
		if !how.free {
			var err error
			if work, leave, err = r.Enter(work); err != nil {
				finish(nil, err)
				return
			}
		}
		began = time.Now()
		s.c.collect(work, h, how, func(v any, err error) {
			leave()
			finish(v, err)
		})
	})
}

// collect runs a collector under its time limit and hands what it returns to finish. A
// collector that does not heed its context is left behind: finish is then called first with
// the cause.
func (c *core) collect(ctx context.Context, h *System, how collector, finish func(any, error)) {
	fctx, stop := scope.WithClock(ctx, time.Duration(how.times)*c.limits.FactTime, lateError{how.name})
	defer stop()
	fctx = context.WithValue(fctx, ownerKey{}, h.owner)
	unwatch := context.AfterFunc(fctx, func() { finish(nil, scope.Cause(fctx)) })
	returned := false
	defer func() {
		if returned {
			return
		}
		if p := recover(); p != nil {
			c.log.Error("collector panicked", "name", how.name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			finish(nil, fmt.Errorf("%s: %w: %v", how.name, ErrPanic, p))
			return
		}
		finish(nil, fmt.Errorf("%s: %w: the goroutine was ended", how.name, ErrPanic))
	}()
	v, err := how.run(fctx, h)
	returned = true
	if isNilPointer(err) {
		v, err = nil, fmt.Errorf("%s: a nil %T instead of an error", how.name, err)
	}
	if unwatch(); err != nil && fctx.Err() != nil {
		v, err = nil, scope.Cause(fctx) // the same, whoever is first to notice
	}
	finish(v, err)
}

// lateError says that a fact took too long.
type lateError struct{ fact string }

func (e lateError) Error() string { return e.fact + ": " + ErrTimeout.Error() }
func (e lateError) Unwrap() error { return ErrTimeout }

// isNilPointer reports whether err is the nil pointer of somebody's own type: no nil error, and
// yet nothing that can be asked.
func isNilPointer(err error) bool {
	v := reflect.ValueOf(err)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// finish stores what an attempt found and wakes who waits for it.
func (c *core) finish(cl *cell, a *attempt, t *trail.Trail, e *term, v any, err error, run context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.end(func() *trail.Trail {
		a.trail = t.Snapshot()
		if err != nil {
			return nil
		}
		return a.trail
	})
	a.value, a.err = v, err
	if err != nil {
		a.value = nil
	}
	cl.running = nil
	switch {
	case cl.cycle != nil:
		a.value, a.err = nil, cl.cycle
		cl.done = a
	case err != nil && run.Err() != nil:
		a.died = true
	default:
		cl.done = a
	}
	close(a.ended)
}

// pathTo returns the cells from cl to target along what each waits for, both
// included, or nil when there is no such way.
func (cl *cell) pathTo(target *cell, seen map[*cell]bool) []*cell {
	if cl == target {
		return []*cell{cl}
	}
	if seen == nil {
		seen = map[*cell]bool{}
	}
	seen[cl] = true
	for next := range cl.waits {
		if seen[next] {
			continue
		}
		if p := next.pathTo(target, seen); p != nil {
			return append(p, cl)
		}
	}
	return nil
}

// markCycle gives every member of a ring the same error, whoever came first.
func markCycle(ring []*cell) error {
	names := make([]string, len(ring))
	for i, cl := range ring {
		names[i] = cl.name
	}
	slices.Sort(names)
	err := fmt.Errorf("%w: %s", ErrCycle, strings.Join(names, ", "))
	for _, cl := range ring {
		if cl.cycle == nil {
			cl.cycle = err
		}
	}
	return ring[0].cycle
}

// give presets the fact that key identifies.
func (s *System) give(key any, name string, v any) error {
	if s.lent {
		return fmt.Errorf("%s: given: %w", name, errLent)
	}
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	cl := s.c.cell(key, name)
	a := &attempt{cell: cl, ended: make(chan struct{}), value: v, trail: new(trail.Trail)}
	close(a.ended)
	cl.done = a
	return nil
}

// cell returns the cell of key, made if there is none. core.mu is held.
func (c *core) cell(key any, name string) *cell {
	if cl := c.cells[key]; cl != nil {
		return cl
	}
	if k, ok := key.(interface{ owner() any }); ok {
		c.makeRoom(k.owner(), key)
	}
	cl := &cell{name: name, waits: map[*cell]int{}}
	c.cells[key] = cl
	return cl
}

// makeRoom drops the oldest values of a keyed fact that has too many, but none
// that is being collected.
func (c *core) makeRoom(fact, key any) {
	keys := append(c.keyed[fact], key)
	for i := 0; len(keys) > max(c.limits.KeyedEntries, 1) && i < len(keys)-1; {
		if cl := c.cells[keys[i]]; cl != nil && cl.running != nil {
			i++
			continue
		}
		delete(c.cells, keys[i])
		keys = slices.Delete(keys, i, i+1)
	}
	c.keyed[fact] = keys
}
