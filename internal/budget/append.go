package budget

import "slices"

// Append is append for lists that a stranger makes long. It doubles the room where append adds a
// quarter, so that all that is ever allocated is three times the list, and not six times.
func Append[T any](all []T, x T) []T {
	if len(all) == cap(all) {
		all = slices.Grow(all, len(all)+1)
	}
	return append(all, x)
}
