// Package mistakes collects what is wrong in a document from a stranger, and no more of it
// than somebody will read: a file of nothing but mistakes must not fill the memory.
package mistakes

import (
	"errors"
	"fmt"
)

// Max is how many mistakes of one document are told.
const Max = 20

// List is the mistakes of one document. The zero value has none.
type List struct {
	errs []error
	more int
}

// Add takes a mistake; nil is none.
func (l *List) Add(err error) {
	switch {
	case err == nil:
	case len(l.errs) < Max:
		l.errs = append(l.errs, err)
	default:
		l.more++
	}
}

// Addf is Add for a text.
func (l *List) Addf(format string, args ...any) {
	if len(l.errs) >= Max {
		l.more++
		return
	}
	l.errs = append(l.errs, fmt.Errorf(format, args...))
}

// Full reports whether no more are told.
func (l *List) Full() bool { return len(l.errs) >= Max }

// Err returns the mistakes joined, and how many there are beside them, or nil.
func (l *List) Err() error {
	if l.more > 0 {
		return errors.Join(append(l.errs[:len(l.errs):len(l.errs)], fmt.Errorf("and %d more", l.more))...)
	}
	return errors.Join(l.errs...)
}
