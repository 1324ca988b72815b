package inventory

import (
	"errors"
	"sync"

	"github.com/hardening-sdk/hardening/internal/trail"
)

// errLate says that a collector, or the value it returned, read after it had returned. Such a
// read stands in no trail of whoever asked for the fact.
var errLate = errors.New("a fact read after it was collected; its value must not keep the System")

// term is the time in which a collector may read. A nil term has no end.
type term struct {
	mu    sync.Mutex
	ended bool
	trail *trail.Trail // of the fact, shared by all who asked; nil where it failed
}

// end ends the term. From then on what is recorded goes to t, which may be nil.
func (e *term) end(t func() *trail.Trail) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended = true
	e.trail = t()
}

// over returns the error of a read after the end.
func (e *term) over() error {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		return errLate
	}
	return nil
}

// record notes a read that ended after the term did in the trail of the fact, so that it
// counts for all who asked.
func (e *term) record(r Read, err error) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended && e.trail != nil {
		e.trail.Record(trail.Read(r), err, ErrAbsent)
	}
}
