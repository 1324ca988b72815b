package sudoers

import (
	"errors"
	"iter"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// scanner reads one logical line.
type scanner struct {
	s    string // the line
	i    int    // the index of the next byte
	left *budget.Budget
	n    int  // the items taken so far
	cr   bool // a carriage return ends the line
}

// take counts a name, a command, a tag or a setting before it is kept.
func (s *scanner) take() error {
	s.n++
	return s.left.Items(1)
}

// joinLines returns the lines and the numbers of the lines that they begin in. A line that ends in
// a backslash is joined with the next one, in quotes without the blanks before it. Comments are not
// continued. A carriage return at the end is kept, since it is part of a command there.
func joinLines(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		line, from, quoted := 0, 1, false
		var joined strings.Builder
		for s := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			line++
			if joined.Len() == 0 {
				from, quoted = line, false
			} else if quoted {
				s = strings.TrimLeft(s, " \t")
			}
			rest, ok := strings.CutSuffix(strings.TrimSuffix(s, "\r"), `\`)
			if ok && !strings.HasSuffix(rest, `\`) && !hasComment(s, quoted) {
				joined.WriteString(rest)
				if quoted = isOpen(rest, quoted); !quoted {
					joined.WriteByte(' ')
				}
				continue
			}
			if joined.Len() > 0 {
				joined.WriteString(s)
				s = joined.String()
				joined.Reset()
			}
			if !yield(from, s) {
				return
			}
		}
		if joined.Len() > 0 { // a backslash at the end of the file continues nothing
			yield(from, joined.String()+`\`)
		}
	}
}

// isOpen reports whether a quote is open behind s, which begins in a quote or not.
func isOpen(s string, quoted bool) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		}
	}
	return quoted
}

// hasComment reports whether a comment begins in s, which begins in a quote or not.
func hasComment(s string, quoted bool) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '#' && !quoted && !isID(s[i:]):
			return true
		}
	}
	return false
}

// isID reports whether s begins with the number of a user or group, such as #1000.
func isID(s string) bool {
	s = strings.TrimPrefix(s[1:], "-")
	return s != "" && '0' <= s[0] && s[0] <= '9'
}

// skipSpace skips blanks and a comment. It reports whether anything follows.
func (s *scanner) skipSpace() bool {
	for s.i < len(s.s) && (s.s[s.i] == ' ' || s.s[s.i] == '\t') {
		s.i++
	}
	if s.i < len(s.s) && s.s[s.i] == '#' && !isID(s.s[s.i:]) {
		s.i = len(s.s)
	}
	return s.i < len(s.s)
}

// accept reports whether c is next, after blanks, and skips it.
func (s *scanner) accept(c byte) bool {
	if !s.skipSpace() || s.s[s.i] != c {
		return false
	}
	s.i++
	return true
}

// rest returns what was not read yet.
func (s *scanner) rest() string { return s.s[s.i:] }

// skip skips n bytes.
func (s *scanner) skip(n int) { s.i += n }

// readNegations reads any number of "!". It reports whether the number is odd.
func (s *scanner) readNegations() bool {
	odd := false
	for s.accept('!') {
		odd = !odd
	}
	return odd
}

var (
	errSyntax = errors.New("not understood")
	errQuote  = errors.New("a quote that is not closed")
	errEmpty  = errors.New("a name is missing")
)

// readWord reads a name. It is quoted, or ends before one of the bytes in stop. A backslash quotes
// the byte after it.
func (s *scanner) readWord(stop string) (string, error) {
	if !s.skipSpace() {
		return "", errEmpty
	}
	from := s.i
	s.skipPrefix()
	begin := s.i
	if s.i < len(s.s) && s.s[s.i] == '"' {
		text, err := s.readQuoted()
		return s.s[from:begin] + text, err
	}
	escaped := false
	for ; s.i < len(s.s); s.i++ {
		c := s.s[s.i]
		if c == '\\' {
			escaped = true
			s.i++
			if s.i == len(s.s) {
				return "", errSyntax
			}
			continue
		}
		if strings.IndexByte(stop, c) >= 0 || c == '#' {
			break
		}
		if c == '"' {
			return "", errSyntax
		}
	}
	// A name has at least one character.
	if s.i == begin {
		return "", errEmpty
	}
	if strings.HasSuffix(s.s[from:begin], "#") && strings.Trim(s.s[begin:s.i], "-0123456789") != "" {
		return "", errSyntax // a number with something after it
	}
	if escaped {
		return unescape(s.s[from:s.i]), nil
	}
	return s.s[from:s.i], nil
}

// unescape removes backslashes that quote the byte after them.
func unescape(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// prefixes are the characters before the name of a group, a netgroup, or a number.
var prefixes = []string{"%:#", "%#", "%:", "%", "+", "#"}

// skipPrefix skips one of the prefixes.
func (s *scanner) skipPrefix() {
	for _, prefix := range prefixes {
		if strings.HasPrefix(s.rest(), prefix) {
			s.i += len(prefix)
			return
		}
	}
}

// readQuoted reads a string in quotes. A quote in it has a backslash before it.
func (s *scanner) readQuoted() (string, error) {
	begin, escaped := s.i+1, false
	for s.i++; s.i < len(s.s); s.i++ {
		switch c := s.s[s.i]; {
		case c == '\\' && s.i+1 < len(s.s) && s.s[s.i+1] == '"':
			escaped = true
			s.i++
		case c == '"':
			text := s.s[begin:s.i]
			s.i++
			if escaped {
				text = strings.ReplaceAll(text, `\"`, `"`)
			}
			return text, nil
		}
	}
	return s.s[begin:], errQuote
}

// readMembers reads a list with commas. Elements may have "!" before them.
func (s *scanner) readMembers(stop string) ([]Member, error) {
	var all []Member
	for {
		if err := s.take(); err != nil {
			return nil, err
		}
		negated := s.readNegations()
		name, err := s.readWord(stop)
		if err != nil {
			return nil, err
		}
		all = budget.Append(all, Member{Name: name, Negated: negated})
		if !s.accept(',') {
			return all, nil
		}
	}
}
