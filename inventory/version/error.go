package version

import (
	"errors"
	"fmt"
	"strconv"
)

var (
	// ErrInvalid says that a string is no version of a scheme or no range, or that the order of two
	// versions is not known. The error that wraps it is an [*InvalidError].
	ErrInvalid = errors.New("invalid version")

	// ErrScheme says that a version or range of one scheme met that of another, or that there is no
	// scheme: the scheme is nil, or the Version or Range is a zero value.
	ErrScheme = errors.New("schemes differ")
)

// An InvalidError says where a version or a range stops making sense.
type InvalidError struct {
	Scheme   string // the name of the scheme
	Text     string // the version or the range; its start if it is long
	Offset   int    // in bytes from the start of the version or range
	Expected string // what would have been accepted there, to follow "want"
}

// Error returns one line that quotes the text.
func (e *InvalidError) Error() string {
	return fmt.Sprintf("%s: %s at byte %d: want %s", e.Scheme, strconv.Quote(e.Text), e.Offset, e.Expected)
}

// Unwrap returns [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInvalid }

// shown is the number of bytes of a text that an error repeats.
const shown = 80

// invalid returns an InvalidError.
func invalid(scheme, text string, offset int, expected string) error {
	if len(text) > shown {
		text = text[:shown] + "..."
	}
	return &InvalidError{Scheme: scheme, Text: text, Offset: offset, Expected: expected}
}

// within returns the error of a version as an error of the text that has the version at an offset.
func within(err error, text string, offset int) error {
	var e *InvalidError
	if errors.As(err, &e) {
		return invalid(e.Scheme, text, offset+e.Offset, e.Expected)
	}
	return err
}
