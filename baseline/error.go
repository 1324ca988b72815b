package baseline

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Error is one mistake in a baseline, with its position. Lines and columns start at 1.
type Error struct {
	File         string
	Line, Column int
	Err          error
}

// Error returns "file:line:column: text".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

// Unwrap returns the mistake without its position.
func (e *Error) Unwrap() error { return e.Err }

// mistakes collects the errors of one document.
type mistakes struct {
	file  string   // the current file
	files []string // all files, in reading order
	list  []*Error
}

// add records a mistake at the position of n.
func (m *mistakes) add(n *yaml.Node, format string, args ...any) {
	m.addAt(n.Line, n.Column, fmt.Errorf(format, args...))
}

// addAt records a mistake at a position in the current file.
func (m *mistakes) addAt(line, column int, err error) {
	if len(m.list) < maxErrors {
		m.list = append(m.list, &Error{m.file, max(line, 1), max(column, 1), err})
	}
}

// err returns all mistakes, joined and sorted by position, or nil.
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
