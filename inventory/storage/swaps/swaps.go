// Package swaps tells where a running kernel writes memory to, by proc/swaps, proc_swaps(5).
package swaps

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Area is a place that memory is written to.
type Area struct {
	Name string // as the kernel writes it, with octal escapes: /dev/dm-1, /swap\040file
	Type string // partition or file; empty where the line does not say
	Line int    // counted from 1
}

// File is where the places stand.
const File = "proc/swaps"

// Fact is the places of the running kernel. One that is built without swap is
// [inventory.ErrAbsent], a system that does not run [inventory.ErrNotLive].
var Fact = inventory.NewFact("swaps", func(ctx context.Context, s *inventory.System) ([]Area, error) {
	b, err := s.ReadFile(ctx, File)
	if inventory.IsAbsent(err, File) {
		if _, err := s.Stat(ctx, "proc/sys/kernel"); err != nil {
			return nil, err // no proc at all
		}
		return nil, fmt.Errorf("no %s: %w", File, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	return Parse(b), nil
})

// Parse reads the text of the file, whose first line says what the fields are.
func Parse(b []byte) []Area {
	var all []Area
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		f := strings.Fields(s)
		if line == 1 || len(f) == 0 {
			continue
		}
		a := Area{Name: f[0], Line: line}
		if len(f) > 1 {
			a.Type = f[1]
		}
		all = append(all, a)
	}
	return all
}
