// Package budget bounds what a reader makes of the bytes of a stranger: the items that it keeps, the
// text that it expands, the files that it includes. A file of one kilobyte can ask for all the
// memory there is, and a file of newlines for a hundred times its size.
//
// Each reader has a budget of its own, not the scan as a whole: what one of them used up would
// otherwise decide, by the order in which they run, which of the others has an answer.
package budget

import (
	"errors"
	"fmt"
)

// ErrLimit says that a bound was reached. There is never a part of what was asked for beside it.
var ErrLimit = errors.New("limit exceeded")

// What a reader takes by default. The largest configurations that are known have a tenth of it.
const (
	MaxItems    = 100_000  // lines, words and statements that are kept, of one collection
	MaxExpanded = 16 << 20 // bytes that variables, aliases and patterns become
	MaxIncludes = 2_000    // files that are read because another one says so, each time counted
)

// Budget is what one reader may still take. The zero value is the default one. It belongs to one
// goroutine.
type Budget struct{ items, expanded, includes int }

// Items takes n items, and returns an error that wraps [ErrLimit] where there are not as many left.
func (b *Budget) Items(n int) error { return take(&b.items, n, MaxItems, "items") }

// Expanded takes n bytes that an expansion makes. Call it before they are made.
func (b *Budget) Expanded(n int) error { return take(&b.expanded, n, MaxExpanded, "expanded bytes") }

// Include takes one file that another one includes.
func (b *Budget) Include() error { return take(&b.includes, 1, MaxIncludes, "included files") }

func take(used *int, n, most int, what string) error {
	if n < 0 || n > most-*used {
		*used = most
		return fmt.Errorf("%w: more than %d %s", ErrLimit, most, what)
	}
	*used += n
	return nil
}
