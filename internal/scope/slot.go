package scope

import (
	"context"
	"sync"
)

type slotKey struct{}

// slot is the right to work, of which a run has a number. Who waits for work that others
// share lends it out.
type slot struct {
	all chan struct{} // holds one element for each slot that is taken

	mu     sync.Mutex
	held   bool
	left   bool // given up for good
	pauses int
}

// SetSlots bounds how many may work at once between [Run.Enter] and leaving. It is called
// before anybody enters; without it there is no bound.
func (r *Run) SetSlots(n int) { r.slots = make(chan struct{}, n) }

// Enter waits for a slot and returns a context that carries it. Leave gives the slot up, and
// may be called more than once. The error is the cause of the end of ctx.
func (r *Run) Enter(ctx context.Context) (sctx context.Context, leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return ctx, func() {}, Cause(ctx)
	}
	if r.slots == nil {
		return ctx, func() {}, nil
	}
	select {
	case r.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx, func() {}, Cause(ctx)
	}
	s := &slot{all: r.slots, held: true}
	return context.WithValue(ctx, slotKey{}, s), s.leave, nil
}

func (s *slot) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = true
	s.release()
}

// release runs with s.mu held.
func (s *slot) release() {
	if s.held {
		s.held = false
		<-s.all
	}
}

func (s *slot) pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pauses++; s.pauses == 1 {
		s.release()
	}
}

// resume takes the slot again after the last pause. Whoever has left, or whose context has
// ended, goes on without one, since it only has to end.
func (s *slot) resume(ctx context.Context) {
	s.mu.Lock()
	s.pauses--
	take := s.pauses == 0 && !s.left
	s.mu.Unlock()
	if !take {
		return
	}
	select {
	case s.all <- struct{}{}:
	case <-ctx.Done():
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left || s.held || s.pauses > 0 {
		<-s.all // another has come in between
		return
	}
	s.held = true
}
