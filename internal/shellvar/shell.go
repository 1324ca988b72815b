package shellvar

import (
	"errors"
	"iter"
	"strings"
)

var (
	errMore   = errors.New("more than an assignment, for a shell")
	errExpand = errors.New("a value that a shell has to work out")
)

// Shell yields the assignments of a file that a POSIX shell runs, in order. Beside them there are blank
// lines and comments. At anything else, which could set what it wants, it yields an error with the
// line and ends, as it does at expansions.
func Shell(b []byte) iter.Seq2[Var, error] {
	return func(yield func(Var, error) bool) {
		r := shell{s: string(b), line: 1}
		for {
			v, ok, err := r.next()
			if err != nil {
				yield(Var{Line: r.line}, err)
				return
			}
			if !ok || !yield(v, nil) {
				return
			}
		}
	}
}

// shell is what is left of a file.
type shell struct {
	s    string
	line int
}

const shellBlanks = " \t"

// next returns the next assignment, and false at the end.
func (r *shell) next() (v Var, ok bool, err error) {
	for {
		r.s = strings.TrimLeft(r.s, shellBlanks)
		if strings.HasPrefix(r.s, "#") {
			r.skipLine()
		}
		if !strings.HasPrefix(r.s, "\n") {
			break
		}
		r.s = r.s[1:]
		r.line++
	}
	if r.s == "" {
		return v, false, nil
	}
	if rest, exported := strings.CutPrefix(r.s, "export"); exported && rest != "" && strings.IndexByte(shellBlanks, rest[0]) >= 0 {
		r.s = strings.TrimLeft(rest, shellBlanks)
	}
	v.Line = r.line
	end := strings.IndexByte(r.s, '=')
	if end < 0 || !validKey(r.s[:end]) {
		return v, false, errMore
	}
	v.Key, r.s = r.s[:end], r.s[end+1:]
	if v.Value, err = r.word(); err != nil {
		return v, false, err
	}
	before := len(r.s)
	if r.s = strings.TrimLeft(r.s, shellBlanks); len(r.s) < before && strings.HasPrefix(r.s, "#") {
		r.skipLine()
	}
	if r.s != "" && r.s[0] != '\n' {
		return v, false, errMore
	}
	return v, true, nil
}

// skipLine skips what is left of a line.
func (r *shell) skipLine() {
	end := strings.IndexByte(r.s, '\n')
	if end < 0 {
		end = len(r.s)
	}
	r.s = r.s[end:]
}

// word reads a word without its quotes.
func (r *shell) word() (string, error) {
	var out strings.Builder
	if strings.HasPrefix(r.s, "~") {
		return "", errExpand
	}
	for r.s != "" {
		c := r.s[0]
		switch {
		case c == ' ' || c == '\t' || c == '\n':
			return out.String(), nil
		case strings.IndexByte(";&|<>()\r", c) >= 0 || strings.HasPrefix(r.s, ":~"):
			return "", errMore
		case c == '$' || c == '`':
			return "", errExpand
		case c == '\'':
			text, rest, ok := strings.Cut(r.s[1:], "'")
			if !ok {
				return "", errQuote
			}
			r.line += strings.Count(text, "\n")
			out.WriteString(text)
			r.s = rest
			continue
		case c == '"':
			if err := r.quoted(&out); err != nil {
				return "", err
			}
			continue
		case c == '\\':
			if len(r.s) < 2 || r.s[1] == '\n' {
				return "", errMore
			}
			r.s = r.s[1:]
			c = r.s[0]
		}
		out.WriteByte(c)
		r.s = r.s[1:]
	}
	return out.String(), nil
}

// quoted reads a text in double quotes.
func (r *shell) quoted(out *strings.Builder) error {
	for r.s = r.s[1:]; r.s != ""; r.s = r.s[1:] {
		c := r.s[0]
		switch {
		case c == '"':
			r.s = r.s[1:]
			return nil
		case c == '$' || c == '`':
			return errExpand
		case c == '\n':
			r.line++
		case c == '\\' && len(r.s) > 1 && r.s[1] == '\n':
			r.line++
			r.s = r.s[1:]
			continue
		case c == '\\' && len(r.s) > 1 && strings.IndexByte("\"\\$`", r.s[1]) >= 0:
			r.s = r.s[1:]
			c = r.s[0]
		}
		out.WriteByte(c)
	}
	return errQuote
}
