package inventory

import (
	"errors"
	"fmt"
	"io/fs"
)

// The sentinels that a collector or a check decides on. Each is found with
// [errors.Is]; the message that wraps it says what was asked.
var (
	// ErrNotLive says that only a running system could have answered: the
	// system at hand is an image, or nothing of the running one is reachable.
	ErrNotLive = errors.New("not a running system")

	// ErrAbsent is what a fact answers when its subject is not on the system
	// at all, such as the configuration of a program that is not installed.
	// It is an answer, not a failure; a missing file alone never becomes it.
	ErrAbsent = errors.New("subject is absent")

	// ErrUnavailable says that the system has, in this run, no way to answer:
	// no registry, no prober, a mount that must not be touched, a file that
	// is not a regular one.
	ErrUnavailable = errors.New("not available")

	// ErrIrregular says that a name is a FIFO, socket or device, a pseudo
	// file whose reading acts, or on Windows a reparse point that is no link.
	// Such a file is never opened. It wraps [ErrUnavailable].
	ErrIrregular = fmt.Errorf("not a regular file: %w", ErrUnavailable)

	// ErrLimit says that one of [Limits] was reached. There is never a
	// prefix of the answer beside it.
	ErrLimit = errors.New("limit exceeded")

	// ErrChanged says that the system changed under the scan: a file that was
	// seen is gone, or has shrunk while it was read.
	ErrChanged = errors.New("changed while it was read")

	// ErrTimeout says that a fact used up [Limits.FactTime].
	ErrTimeout = errors.New("time limit exceeded")

	// ErrCycle says that facts ask for one another in a ring.
	ErrCycle = errors.New("facts form a cycle")

	// ErrPanic says that a collector panicked or ended its goroutine.
	ErrPanic = errors.New("collector panicked")
)

// IsAbsent reports whether err says that exactly the file name is not there.
// It is the only safe way to treat absence as an answer: [errors.Is] with
// [fs.ErrNotExist] is also true for a file that name includes, or for one of
// several joined errors.
func IsAbsent(err error, name string) bool {
	for err != nil {
		if pe, ok := err.(*fs.PathError); ok && pe.Path == name {
			return errors.Is(pe.Err, fs.ErrNotExist)
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		err = u.Unwrap()
	}
	return false
}

// pathError puts err into the shape that every file operation answers with.
func pathError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
