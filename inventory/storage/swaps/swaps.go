// Package swaps reads the swap areas of the running kernel from proc/swaps (proc_swaps(5)).
package swaps

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Area is a swap area: a file or partition that the kernel writes memory to.
type Area struct {
	inventory.Position

	Name string // as the kernel writes it, with octal escapes: /dev/dm-1, /swap\040file
	Type string // partition or file; empty if the line ends before
}

// File is the name of the file.
const File = "proc/swaps"

// Fact is the swap areas of the running kernel. The error is [inventory.ErrAbsent] if the kernel is
// built without swap, and [inventory.ErrNotLive] on an image.
var Fact = inventory.NewFact("swaps", collect)

func collect(ctx context.Context, s *inventory.System) ([]Area, error) {
	b, err := s.ReadText(ctx, File)
	if inventory.IsAbsent(err, File) {
		if _, err := s.Stat(ctx, "proc/sys/kernel"); err != nil {
			return nil, err // no proc at all
		}
		return nil, fmt.Errorf("no %s: %w", File, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	all := Parse(b)
	for i := range all {
		all[i].Source = File
	}
	return all, nil
}

// Parse reads the text of the file. Its first line is a heading and is ignored. The
// Source is left empty.
func Parse(b []byte) []Area {
	var all []Area
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		f := strings.Fields(s)
		if line == 1 || len(f) == 0 {
			continue
		}
		a := Area{Name: f[0], Position: inventory.Position{Line: line}}
		if len(f) > 1 {
			a.Type = f[1]
		}
		all = append(all, a)
	}
	return all
}
