package version

import (
	"errors"
	"fmt"
	"strconv"
)

var (
	// ErrInvalid says that a string is not a version of a scheme, or not a range, or that
	// the order of two versions is not known. The error that wraps it is an [*InvalidError].
	ErrInvalid = errors.New("invalid version")

	// ErrScheme says that versions or ranges of two schemes met, which nothing orders, or that
	// there was no scheme: a nil one, a zero Version, a zero Range.
	ErrScheme = errors.New("schemes differ")
)

// An InvalidError says where a version or a range stops making sense.
type InvalidError struct {
	Scheme   string // name of the scheme
	Text     string // the version or the range; the start of it if it is long
	Offset   int    // in bytes, from the start of the version or the range
	Expected string // what would have been understood there, to follow "want"
}

// Error returns one line, in which the text is quoted.
func (e *InvalidError) Error() string {
	return fmt.Sprintf("%s: %s at byte %d: want %s", e.Scheme, strconv.Quote(e.Text), e.Offset, e.Expected)
}

// Unwrap returns [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInvalid }

// shown is how many bytes of a text an error repeats.
const shown = 80

func invalid(scheme, text string, offset int, expected string) error {
	if len(text) > shown {
		text = text[:shown] + "..."
	}
	return &InvalidError{Scheme: scheme, Text: text, Offset: offset, Expected: expected}
}

// within moves the error of a version to its place in a text that contains it.
func within(err error, text string, offset int) error {
	var e *InvalidError
	if errors.As(err, &e) {
		return invalid(e.Scheme, text, offset+e.Offset, e.Expected)
	}
	return err
}
