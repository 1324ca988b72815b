// Package shellvar parses files of shell variable assignments as os-release(5) and
// systemd's EnvironmentFile= (systemd.exec(5)) read them: KEY=value lines with
// quoting, and no expansion of any kind.
package shellvar

import (
	"bytes"
	"fmt"
	"strings"
)

// Var is one assignment and the line it begins in, counted from 1.
type Var struct {
	Key, Value string
	Line       int
}

// Parse returns the assignments in order. A line that is not one is skipped, as the
// programs that read these files do, and named among the errors.
func Parse(b []byte) ([]Var, []error) {
	var vars []Var
	var errs []error
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	lines := strings.Split(string(b), "\n")
	for i := 0; i < len(lines); i++ {
		at := i + 1
		line := strings.TrimLeft(strings.TrimSuffix(lines[i], "\r"), " \t")
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		key, rest, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !ok || !validKey(key) {
			errs = append(errs, fmt.Errorf("line %d: not an assignment", at))
			continue
		}
		value, open := unquote(rest)
		for open && i+1 < len(lines) {
			i++
			rest += "\n" + strings.TrimSuffix(lines[i], "\r")
			value, open = unquote(rest)
		}
		if open {
			errs = append(errs, fmt.Errorf("line %d: unclosed quote", at))
			continue
		}
		vars = append(vars, Var{key, value, at})
	}
	return vars, errs
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

// unquote removes quotes and backslashes. It reports whether a quote is left open or
// the last line continues.
func unquote(s string) (string, bool) {
	var out strings.Builder
	var quote byte
	s = strings.TrimLeft(s, " \t")
	kept := 0 // length of out that trailing space must not cut
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && quote != '\'':
			if i++; i == len(s) {
				return out.String(), true
			}
			if s[i] == '\n' {
				continue
			}
			if quote == '"' && !strings.ContainsRune("\"\\`$", rune(s[i])) {
				out.WriteByte('\\')
			}
			out.WriteByte(s[i])
			kept = out.Len()
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote, kept = 0, out.Len()
		default:
			out.WriteByte(c)
			if quote != 0 {
				kept = out.Len()
			}
		}
	}
	v := out.String()
	return v[:kept] + strings.TrimRight(v[kept:], " \t\r"), quote != 0
}
