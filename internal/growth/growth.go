// Package growth tests that a reader takes memory in step with the length of what it reads. It
// counts what is allocated, never time.
package growth

import (
	"bytes"
	"runtime"
	"testing"
)

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
