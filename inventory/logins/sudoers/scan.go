package sudoers

import (
	"errors"
	"strings"
)

// scanner reads one logical line.
type scanner struct {
	s string
	i int
}

// logical is a line with those that continue it.
type logical struct {
	text string
	line int
}

// logicals joins lines that end in a backslash with the next. A comment is not continued.
func logicals(text string) []logical {
	var all []logical
	line, from := 0, 1
	var joined strings.Builder
	for s := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		line++
		if joined.Len() == 0 {
			from = line
		}
		s = strings.TrimSuffix(s, "\r")
		if rest, ok := strings.CutSuffix(strings.TrimRight(s, " \t"), `\`); ok && !strings.HasSuffix(rest, `\`) && !commented(s) {
			joined.WriteString(rest)
			joined.WriteByte(' ')
			continue
		}
		joined.WriteString(s)
		all = append(all, logical{joined.String(), from})
		joined.Reset()
	}
	if joined.Len() > 0 { // a backslash at the end of the file continues nothing
		all = append(all, logical{joined.String() + `\`, from})
	}
	return all
}

// commented reports whether a comment begins in s.
func commented(s string) bool {
	quoted := false
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

// isID reports whether s begins with the number of a user or group, #1000.
func isID(s string) bool {
	s = strings.TrimPrefix(s[1:], "-")
	return s != "" && '0' <= s[0] && s[0] <= '9'
}

// space goes to what comes next, and reports whether there is anything but a comment.
func (s *scanner) space() bool {
	for s.i < len(s.s) && (s.s[s.i] == ' ' || s.s[s.i] == '\t') {
		s.i++
	}
	if s.i < len(s.s) && s.s[s.i] == '#' && !isID(s.s[s.i:]) {
		s.i = len(s.s)
	}
	return s.i < len(s.s)
}

// take reports whether c comes next, blanks aside, and goes past it.
func (s *scanner) take(c byte) bool {
	if !s.space() || s.s[s.i] != c {
		return false
	}
	s.i++
	return true
}

// rest is what has not been read.
func (s *scanner) rest() string { return s.s[s.i:] }

// skip goes n bytes on.
func (s *scanner) skip(n int) { s.i += n }

// negations reads any number of "!" and reports whether it is odd.
func (s *scanner) negations() bool {
	odd := false
	for s.take('!') {
		odd = !odd
	}
	return odd
}

var (
	errSyntax = errors.New("not understood")
	errQuote  = errors.New("a quote that is not closed")
	errEmpty  = errors.New("a name is missing")
)

// word reads a name, quoted or up to one of the bytes in stop. A backslash takes the byte
// after it as itself.
func (s *scanner) word(stop string) (string, error) {
	if !s.space() {
		return "", errEmpty
	}
	var b strings.Builder
	from := s.i
	for _, prefix := range []string{"%:#", "%#", "%:", "%", "+", "#"} {
		if strings.HasPrefix(s.rest(), prefix) {
			b.WriteString(prefix)
			s.i += len(prefix)
			break
		}
	}
	begin := s.i
	if s.i < len(s.s) && s.s[s.i] == '"' {
		err := s.quoted(&b)
		return b.String(), err
	}
	for ; s.i < len(s.s); s.i++ {
		c := s.s[s.i]
		if c == '\\' {
			s.i++
			if s.i == len(s.s) {
				return "", errSyntax
			}
			b.WriteByte(s.s[s.i])
			continue
		}
		if strings.IndexByte(stop, c) >= 0 || c == '#' {
			break
		}
		if c == '"' {
			return "", errSyntax
		}
		b.WriteByte(c)
	}
	if s.i == begin {
		return "", errEmpty
	}
	if strings.HasSuffix(s.s[from:begin], "#") && strings.Trim(s.s[begin:s.i], "-0123456789") != "" {
		return "", errSyntax // a number with something behind it
	}
	return b.String(), nil
}

// quoted reads a string between quotes, in which a backslash stands before a quote.
func (s *scanner) quoted(b *strings.Builder) error {
	for s.i++; s.i < len(s.s); s.i++ {
		switch c := s.s[s.i]; {
		case c == '\\' && s.i+1 < len(s.s) && s.s[s.i+1] == '"':
			b.WriteByte('"')
			s.i++
		case c == '"':
			s.i++
			return nil
		default:
			b.WriteByte(c)
		}
	}
	return errQuote
}

// members reads a list with commas; what is between them may have "!" before it.
func (s *scanner) members(stop string) ([]Member, error) {
	var all []Member
	for {
		negated := s.negations()
		name, err := s.word(stop)
		if err != nil {
			return nil, err
		}
		all = append(all, Member{name, negated})
		if !s.take(',') {
			return all, nil
		}
	}
}
