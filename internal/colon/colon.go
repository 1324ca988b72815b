// Package colon splits the files of the account databases: one entry a line, fields
// separated by colons.
package colon

import (
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Each calls do for each entry of text, with the number of its line, counted from 1, and its
// fields, which hold until the next call. As the C library has it, blank lines and lines that
// begin with "#" are none. A line with another number of fields, a NUL byte, or an entry
// of the NIS compatibility mode, whose accounts live elsewhere, is a mistake; all of
// them come joined, beside the entries without one.
func Each(text string, fields int, do func(line int, fields []string)) error {
	var bad mistakes.List
	f := make([]string, fields)
	line := 0
	for text != "" {
		var s string
		s, text, _ = strings.Cut(text, "\n")
		line++
		trimmed := strings.TrimLeft(s, " \t")
		switch {
		case trimmed == "" || trimmed[0] == '#':
		case strings.IndexByte(s, 0) >= 0:
			bad.Addf("line %d: has a NUL byte", line)
		case s[0] == '+' || s[0] == '-':
			bad.Addf("line %d: an entry of the NIS compatibility mode", line)
		case strings.Count(s, ":") != fields-1:
			bad.Addf("line %d: %d fields, want %d", line, 1+strings.Count(s, ":"), fields)
		default:
			for i := range f {
				f[i], s, _ = strings.Cut(s, ":")
			}
			do(line, f)
		}
	}
	return bad.Err()
}
