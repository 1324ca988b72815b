// Package colon splits the files of the account databases: one entry a line, fields
// separated by colons.
package colon

import (
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Entry is one line.
type Entry struct {
	Line   int // counted from 1
	Fields []string
}

// Split returns the entries of text. As the C library has it, blank lines and lines that
// begin with "#" are none. A line with another number of fields, a NUL byte, or an entry
// of the NIS compatibility mode, whose accounts live elsewhere, is a mistake; all of
// them come joined, beside the entries without one.
func Split(text string, fields int) ([]Entry, error) {
	var all []Entry
	var bad mistakes.List
	line := 0
	for text != "" {
		var s string
		s, text, _ = strings.Cut(text, "\n")
		line++
		trimmed := strings.TrimLeft(s, " \t")
		switch n := strings.Count(s, ":") + 1; {
		case trimmed == "" || trimmed[0] == '#':
		case strings.IndexByte(s, 0) >= 0:
			bad.Addf("line %d: has a NUL byte", line)
		case s[0] == '+' || s[0] == '-':
			bad.Addf("line %d: an entry of the NIS compatibility mode", line)
		case n != fields:
			bad.Addf("line %d: %d fields, want %d", line, n, fields)
		default:
			all = append(all, Entry{line, strings.Split(s, ":")})
		}
	}
	return all, bad.Err()
}
