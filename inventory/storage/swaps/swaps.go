// Package swaps reads the swap areas of the running kernel from proc/swaps (proc_swaps(5)).
package swaps

import (
	"context"
	"fmt"
	"strings"
	"unicode"

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
	all, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", File, err)
	}
	for i := range all {
		all[i].Source = File
	}
	return all, nil
}

// MaxAreas is how many areas are read. The kernel has 32 of them at most (MAX_SWAPFILES).
const MaxAreas = 1024

// Parse reads the text of the file. Its first line is a heading and is ignored. The
// Source is left empty. More than [MaxAreas] areas are [inventory.ErrLimit].
func Parse(b []byte) ([]Area, error) {
	var all []Area
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		name, rest := cutWord(s)
		if line == 1 || name == "" {
			continue
		}
		if len(all) == MaxAreas {
			return nil, fmt.Errorf("%d: more than %d areas: %w", line, MaxAreas, inventory.ErrLimit)
		}
		kind, _ := cutWord(rest)
		all = append(all, Area{inventory.Position{Line: line}, name, kind})
	}
	return all, nil
}

// cutWord returns the first word of a text and what follows it.
func cutWord(s string) (word, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
