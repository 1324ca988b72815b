// Package shellvar parses files of shell variable assignments as os-release(5) and
// systemd's EnvironmentFile= (systemd.exec(5)) read them: KEY=value lines with
// quoting, and no expansion of any kind. [Shell] reads files that a shell runs.
package shellvar

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Var is one assignment and the line it begins in, counted from 1.
type Var struct {
	Key, Value string
	Line       int
}

// Parse returns the assignments in order. A line that is not one is skipped, as the
// programs that read these files do, and named among the errors, of which there are a few.
// Of more assignments than a budget has there are none, and the error is [budget.ErrLimit].
func Parse(b []byte) ([]Var, []error) {
	var vars []Var
	var errs []error
	var left budget.Budget
	for v, err := range All(b) {
		if err == nil {
			if err = left.Items(1); err != nil {
				return nil, []error{fmt.Errorf("line %d: %w", v.Line, err)}
			}
			vars = budget.Append(vars, v)
		} else if len(errs) < mistakes.Max {
			errs = append(errs, fmt.Errorf("line %d: %w", v.Line, err))
		}
	}
	return vars, errs
}

var (
	errAssign = errors.New("not an assignment")
	errQuote  = errors.New("unclosed quote")
)

// All yields the assignments in order and keeps none of them. A line that is not one comes as an
// error, with its number in Line.
func All(b []byte) iter.Seq2[Var, error] {
	return func(yield func(Var, error) bool) {
		rest := string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
		for n := 1; rest != ""; {
			line, after, _ := strings.Cut(rest, "\n")
			text := strings.TrimLeft(strings.TrimSuffix(line, "\r"), " \t")
			v := Var{Line: n}
			n++
			if text == "" || text[0] == '#' || text[0] == ';' {
				rest = after
				continue
			}
			key, value, ok := strings.Cut(text, "=")
			v.Key = strings.TrimSpace(key)
			if !ok || !validKey(v.Key) {
				if !yield(Var{Line: v.Line}, errAssign) {
					return
				}
				rest = after
				continue
			}
			if !strings.ContainsAny(value, `\"'`) {
				v.Value, rest = strings.Trim(strings.TrimRight(value, " \t\r"), " \t"), after
			} else {
				var more int
				if v.Value, rest, more, ok = unquote(rest[strings.IndexByte(line, '=')+1:]); !ok {
					v, more = Var{Line: v.Line}, 0
				}
				n += more
			}
			var err error
			if !ok {
				err = errQuote
			}
			if !yield(v, err) {
				return
			}
		}
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

// unquote returns the value at the beginning of s, what comes after its line, and how many lines
// it goes on for. It is false where a quote is open at the end, or a backslash is last.
func unquote(s string) (value, rest string, more int, ok bool) {
	var out strings.Builder
	var quote byte
	s = strings.TrimLeft(s, " \t")
	kept := 0 // length of out that trailing space must not cut
loop:
	for ; s != ""; s = s[1:] {
		c := s[0]
		if c == '\r' && (len(s) == 1 || s[1] == '\n') {
			continue // it belongs to the end of the line
		}
		switch {
		case c == '\\' && quote != '\'':
			s = s[1:]
			if s == "\r" || strings.HasPrefix(s, "\r\n") {
				s = s[1:]
			}
			if s == "" {
				return "", "", more, false
			}
			if s[0] == '\n' {
				more++
				continue
			}
			if quote == '"' && !strings.ContainsRune("\"\\`$", rune(s[0])) {
				out.WriteByte('\\')
			}
			out.WriteByte(s[0])
			kept = out.Len()
		case quote == 0 && c == '\n':
			s = s[1:]
			break loop
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote, kept = 0, out.Len()
		default:
			if c == '\n' {
				more++
			}
			out.WriteByte(c)
			if quote != 0 {
				kept = out.Len()
			}
		}
	}
	v := out.String()
	return v[:kept] + strings.TrimRight(v[kept:], " \t\r"), s, more, quote == 0
}
