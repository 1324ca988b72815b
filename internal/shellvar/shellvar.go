// Package shellvar parses files of shell variable assignments as os-release(5) and
// systemd's EnvironmentFile= (systemd.exec(5)) read them: KEY=value lines with
// quoting, and no expansion of any kind.
package shellvar

import (
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Var is one assignment and the line it begins in, counted from 1.
type Var struct {
	Key, Value string
	Line       int
}

// Parse returns the assignments in order. A line that is not one is skipped, as the
// programs that read these files do, and named among the errors, of which there are
// [mistakes.Max] at most.
func Parse(b []byte) ([]Var, []error) {
	var errs []error
	fail := func(line int, what string) {
		if len(errs) < mistakes.Max {
			errs = append(errs, fmt.Errorf("line %d: %s", line, what))
		}
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	vars := make([]Var, 0, countAssignments(text))
	for at, n := 1, 0; text != ""; at += n {
		var line string
		rest := text
		line, text, _ = strings.Cut(text, "\n")
		n = 1
		line = strings.TrimLeft(strings.TrimSuffix(line, "\r"), " \t")
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		key, _, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !ok || !validKey(key) {
			fail(at, "not an assignment")
			continue
		}
		value, length, open := unquote(rest[strings.IndexByte(rest, '=')+1:])
		length += strings.IndexByte(rest, '=') + 1
		n = strings.Count(rest[:length], "\n") + 1
		text = strings.TrimPrefix(rest[length:], "\n")
		if open {
			fail(at, "unclosed quote")
			continue
		}
		vars = append(vars, Var{key, value, at})
	}
	return vars, errs
}

// countAssignments counts the lines that may be assignments.
func countAssignments(text string) int {
	n := 0
	for {
		i := strings.IndexByte(text, '=')
		if i < 0 {
			return n
		}
		n++
		if i = strings.IndexByte(text, '\n'); i < 0 {
			return n
		}
		text = text[i+1:]
	}
}

func validKey(k string) bool {
	for i, c := range []byte(k) {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return k != ""
}

// unquote reads the value at the beginning of s, without quotes and backslashes, and its
// length in s. The value ends at a line feed that no quote or backslash is before. It reports
// whether the text ends before.
func unquote(s string) (value string, length int, open bool) {
	// Most values have nothing to remove, and share the text.
	if end := strings.IndexAny(s, "\n\"'\\\r"); end < 0 || s[end] == '\n' {
		if end < 0 {
			end = len(s)
		}
		return strings.Trim(s[:end], " \t"), end, false
	}
	var out []byte
	var quote byte
	i := len(s) - len(strings.TrimLeft(s, " \t"))
	kept := 0 // length of out that trailing space must not cut
loop:
	for ; i < len(s); i++ {
		c := s[i]
		if c == '\r' && (i+1 == len(s) || s[i+1] == '\n') {
			continue // a line may end in CR LF
		}
		switch {
		case c == '\n' && quote == 0:
			break loop
		case c == '\\' && quote != '\'':
			i++
			if i < len(s) && s[i] == '\r' && (i+1 == len(s) || s[i+1] == '\n') {
				i++
			}
			if i >= len(s) {
				return "", len(s), true
			}
			if s[i] == '\n' {
				continue
			}
			if quote == '"' && strings.IndexByte("\"\\`$", s[i]) < 0 {
				out = append(out, '\\')
			}
			out = append(out, s[i])
			kept = len(out)
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote, kept = 0, len(out)
		default:
			out = append(out, c)
			if quote != 0 {
				kept = len(out)
			}
		}
	}
	if quote != 0 {
		return "", len(s), true
	}
	end := len(out)
	for end > kept && strings.IndexByte(" \t\r", out[end-1]) >= 0 {
		end--
	}
	return string(out[:end]), i, false
}
