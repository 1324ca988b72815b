package scope

import (
	"context"
	"sync"
	"time"
)

type clockKey struct{}

// Clock is a time limit that stands still while its owner waits for work that
// others share, so that nobody is charged for what another happened to start.
type Clock struct {
	mu      sync.Mutex
	cancel  context.CancelCauseFunc
	cause   error
	timer   *time.Timer
	limit   time.Duration
	left    time.Duration
	since   time.Time
	pauses  int
	stopped bool
}

// WithClock returns a context that is canceled with cause once d has been used
// up while not paused. The function that it returns frees it.
func WithClock(parent context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	c := &Clock{cancel: cancel, cause: cause, limit: d, left: d}
	c.start()
	return context.WithValue(ctx, clockKey{}, c), func() {
		c.mu.Lock()
		c.stopped = true
		c.timer.Stop()
		c.mu.Unlock()
		cancel(context.Canceled)
	}
}

// Pause says that whoever works under ctx waits for work that others share. It stops the
// clock that ctx carries, if any, and lends out the slot. Resume takes the slot again, which
// may wait, and then starts the clock.
func Pause(ctx context.Context) (resume func()) {
	c, _ := ctx.Value(clockKey{}).(*Clock)
	s, _ := ctx.Value(slotKey{}).(*slot)
	if c != nil {
		c.pause()
	}
	if s != nil {
		s.pause()
	}
	return func() {
		if s != nil {
			s.resume(ctx)
		}
		if c != nil {
			c.resume()
		}
	}
}

// start runs with c.mu held or before c is shared.
func (c *Clock) start() {
	c.since = time.Now()
	c.timer = time.AfterFunc(c.left, c.expire)
}

func (c *Clock) expire() {
	c.mu.Lock()
	over := c.pauses == 0 && !c.stopped && time.Since(c.since) >= c.left
	c.mu.Unlock()
	if over {
		c.cancel(limit{c.cause})
	}
}

func (c *Clock) pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pauses++; c.pauses == 1 {
		c.timer.Stop()
		c.left -= time.Since(c.since)
	}
}

func (c *Clock) resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pauses--; c.pauses == 0 && !c.stopped {
		c.start()
	}
}

// Used returns how much of the time of the clock that ctx carries was used up.
func Used(ctx context.Context) time.Duration {
	c, ok := ctx.Value(clockKey{}).(*Clock)
	if !ok {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	used := c.limit - c.left
	if c.pauses == 0 {
		used += time.Since(c.since)
	}
	return used
}
