package baseline

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Error is one mistake in a baseline and where it stands, lines and columns counted
// from 1.
type Error struct {
	File         string
	Line, Column int
	Err          error
}

// Error is "file:line:column: text".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

// Unwrap returns the mistake without its place.
func (e *Error) Unwrap() error { return e.Err }

// mistakes collects the errors of one document.
type mistakes struct {
	file  string   // that is read
	files []string // all of them, in their order
	list  []*Error
}

func (m *mistakes) add(n *yaml.Node, format string, args ...any) {
	m.at(n.Line, n.Column, fmt.Errorf(format, args...))
}

func (m *mistakes) at(line, column int, err error) {
	if len(m.list) < maxErrors {
		m.list = append(m.list, &Error{m.file, max(line, 1), max(column, 1), err})
	}
}

// err returns all mistakes joined in the order of their places, or nil.
func (m *mistakes) err() error {
	slices.SortStableFunc(m.list, func(a, b *Error) int {
		return cmp.Or(slices.Index(m.files, a.File)-slices.Index(m.files, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	errs := make([]error, len(m.list))
	for i, e := range m.list {
		errs[i] = e
	}
	return errors.Join(errs...)
}
