// Package ini reads files of sections and lines "key = value", in the form that DNF and the
// programs around it share: a line that begins with a blank continues the value before it,
// and "#" or ";" at the start of a line is a comment.
package ini

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Entry is one value.
type Entry struct {
	Section, Key string // as written
	Value        string // continued lines joined by line feeds
	Line         int    // where it begins, counted from 1
}

// trim removes the blanks around a text.
func trim(s string) string { return strings.Trim(s, " \t") }

// isSpecial reports whether a character is none that people write.
func isSpecial(r rune) bool {
	return r < ' ' && r != '\t' || r == 0x7f || r == '\u00a0' || r == '\ufeff' || r == utf8.RuneError
}

// Parse reads the text of a file. A line in no section, one without "=", and a section
// without its bracket are mistakes, and then there is no value. More values than
// [budget.MaxItems] are [budget.ErrLimit].
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	var errs mistakes.List
	var limit budget.Budget
	var value []byte // of the last entry, where it is continued
	section, inside, line := "", false, 0
	continuing := false
	end := func() {
		if len(value) > 0 {
			all[len(all)-1].Value, value = string(value), value[:0]
		}
	}
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.TrimSuffix(s, "\r")
		text := strings.Trim(s, " \t")
		switch {
		case text == "":
			continuing = false
		case s[0] == '#' || s[0] == ';':
		case strings.ContainsFunc(text, isSpecial):
			errs.Addf("line %d: a special character", line)
		case text[0] == '#' || text[0] == ';':
			if continuing {
				errs.Addf("line %d: a comment that is part of the value before it", line)
			}
		case continuing && (s[0] == ' ' || s[0] == '\t'):
			if len(value) == 0 {
				value = append(value, all[len(all)-1].Value...)
			}
			value = append(append(value, '\n'), text...)
		case s[0] == ' ' || s[0] == '\t':
			errs.Addf("line %d: a continuation of nothing", line)
		case text[0] == '[':
			name, ok := strings.CutSuffix(text[1:], "]")
			if !ok || strings.ContainsAny(name, "[]") {
				errs.Addf("line %d: a section without its bracket", line)
				continue
			}
			end()
			section, inside, continuing = trim(name), true, false
		default:
			key, text, ok := strings.Cut(text, "=")
			if key = trim(key); !ok || key == "" || !inside {
				errs.Addf("line %d: no value in a section", line)
				continue
			}
			end()
			if err := limit.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			all = append(all, Entry{section, key, trim(text), line})
			continuing = true
		}
	}
	end()
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}
