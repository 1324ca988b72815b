package scope

import (
	"context"
	"errors"
)

// Cause returns why ctx has ended, as an error that is never taken for knowledge of the system,
// or nil. The cause comes from whoever ends a context, and may be any error: one that wraps
// fs.ErrNotExist would say of a file that was not read that it is not there.
func Cause(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	return ended{context.Cause(ctx), errors.Is(err, context.DeadlineExceeded)}
}

// ended is the end of a context, with the text of its cause. It is context.Canceled or
// context.DeadlineExceeded, what a clock's cause is, and nothing else.
type ended struct {
	cause error
	late  bool
}

func (e ended) Error() string { return e.cause.Error() }

// Is reports whether the end of the context is target.
func (e ended) Is(target error) bool {
	var own limit
	switch {
	case target == context.DeadlineExceeded:
		return e.late
	case errors.As(e.cause, &own):
		return errors.Is(own.error, target)
	}
	return target == context.Canceled && !e.late
}

// limit marks the cause of a [Clock], which is the library's own.
type limit struct{ error }

func (l limit) Unwrap() error { return l.error }
