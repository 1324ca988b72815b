package filetree

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// The errors of trees. Find them with [errors.Is]; the message that wraps one says what was
// asked. Package inventory has the first three under the same names.
var (
	// ErrNotLive says that only a running system could tell: the tree is that of an image,
	// and the name lies below proc or sys.
	ErrNotLive = errors.New("not a running system")

	// ErrUnavailable says that this run has no way to tell: a mount that must not be
	// touched, a file that is not a regular one.
	ErrUnavailable = errors.New("not available")

	// ErrLimit says that one of [Limits] was reached. There is never a prefix of what was
	// asked for beside it.
	ErrLimit = budget.ErrLimit

	// ErrIrregular says that a name is a FIFO, socket or device, a pseudo file whose
	// reading acts, or on Windows a reparse point that is no link. Such a file is never
	// opened. It wraps [ErrUnavailable].
	ErrIrregular = fmt.Errorf("not a regular file: %w", ErrUnavailable)

	// ErrChanged says that the tree changed under the scan: a file that was seen is gone,
	// or has shrunk while it was read.
	ErrChanged = errors.New("changed while it was read")

	// ErrPanic says that code of somebody else panicked, here a tree during a walk.
	ErrPanic = errors.New("panicked")
)

// PathError returns err in the shape that every method of a tree returns: a *[fs.PathError]
// with the operation and the name as it was asked. It is nil where err is.
func PathError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	if pe, ok := err.(*fs.PathError); ok && pe != nil {
		err = pe.Err // and nothing else is dropped
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
