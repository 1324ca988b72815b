package filetree

import (
	"fmt"
	"runtime"
	"sync"
)

// crew is a number of workers on one stack of jobs, each of which may make more. The
// newest is taken first, which keeps the stack low.
type crew[J any] struct {
	mu    sync.Mutex
	wake  sync.Cond
	stack []J
	open  int // jobs on the stack or at work
	err   error
}

// runCrew returns when all jobs are done or one failed, with the jobs left over. No
// goroutine outlives it.
func runCrew[J any](workers int, first J, work func(worker int, j J) ([]J, error)) (left []J, err error) {
	c := &crew[J]{stack: []J{first}, open: 1}
	c.wake.L = &c.mu
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			for j, ok := c.take(); ok; j, ok = c.take() {
				c.run(i, j, work)
			}
		})
	}
	all.Wait()
	return c.stack, c.err
}

func (c *crew[J]) take() (j J, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.stack) == 0 && c.open > 0 && c.err == nil {
		c.wake.Wait()
	}
	if len(c.stack) == 0 || c.err != nil {
		return j, false
	}
	last := len(c.stack) - 1
	j = c.stack[last]
	c.stack = c.stack[:last]
	return j, true
}

// run does one job. A panic of a vendor's tree becomes an error of the walk.
func (c *crew[J]) run(worker int, j J, work func(int, J) ([]J, error)) {
	err := fmt.Errorf("%w: the goroutine was ended", ErrPanic)
	var more []J
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrPanic, p)
		}
		c.done(more, err)
	}()
	more, err = work(worker, j)
}

func (c *crew[J]) done(more []J, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stack = append(c.stack, more...)
	c.open += len(more) - 1
	if c.err == nil {
		c.err = err
	}
	if c.open == 0 || c.err != nil || len(more) > 1 {
		c.wake.Broadcast()
	}
}

// walkers is how many workers a walk has. More than four only wait for one another.
func walkers() int { return min(max(runtime.GOMAXPROCS(0), 2), 4) }
