// Package growth measures in tests what readers allocate of texts of strangers.
package growth

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// Shapes are the units of texts that cost much where a reader is careless.
var Shapes = map[string]string{
	"newlines": "\n", "words": "a b\n", "assignments": "x=y\n", "commas": "a,", "braces": "{ a;", "continuations": "a \\\n",
	"comments": "# x\n", "quotes": "\"a\" ", "sections": "[a]\nb=c\n", "colons": "a:b:1:1:c:/:/s\n",
}

// Linear reads 64, 128 and 256 kilobytes of a unit, and fails if that allocates more than most
// bytes for each byte, or if twice the text takes more than three times as much.
func Linear(t *testing.T, unit string, most int, read func([]byte) error) {
	t.Helper()
	var last uint64
	for _, size := range []int{64 << 10, 128 << 10, 256 << 10} {
		text := []byte(strings.Repeat(unit, size/len(unit)))
		var err error
		took := Allocated(func() { err = read(text) })
		if took > uint64(most*len(text)) || last > 0 && took > 3*last+1<<16 {
			t.Errorf("%.40q: %d bytes allocate %d, half of them %d (%v)", unit, len(text), took, last, err)
			return
		}
		last = took
	}
}

// All is Linear of the units, and of those of Shapes.
func All(t *testing.T, most int, read func([]byte) error, units ...string) {
	t.Helper()
	for _, unit := range units {
		Linear(t, unit, most, read)
	}
	for _, unit := range Shapes {
		Linear(t, unit, most, read)
	}
}

// Limit reads a unit a hundred thousand times and once more. It fails unless the error is the
// limit, and names the place.
func Limit(t *testing.T, unit, place string, read func([]byte) error) {
	t.Helper()
	err := read([]byte(strings.Repeat(unit, budget.MaxItems+1)))
	if !errors.Is(err, budget.ErrLimit) || !strings.Contains(err.Error(), place) {
		t.Errorf("%.40q: got %v, want the limit at %q", unit, err, place)
	}
}

// Allocated returns how many bytes f allocates, with those that it frees again.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Test tells read texts of one, two and four times 64 KiB, which are head and then unit again and
// again. It fails where read allocates more than so many bytes a byte, or for twice the text more
// than three times as much.
func Test(t *testing.T, head, unit string, most uint64, read func([]byte)) {
	t.Helper()
	const base = 64 << 10
	last := uint64(0)
	for _, k := range []int{1, 2, 4} {
		text := append([]byte(head), bytes.Repeat([]byte(unit), k*base/len(unit))...)
		got := Allocated(func() { read(text) })
		if got > most*uint64(len(text)) || last > 0 && got > 3*last {
			t.Errorf("%.20q and %d bytes of %.20q: allocates %d, after %d for half of it", head, len(text), unit, got, last)
		}
		last = max(got, base)
	}
}
