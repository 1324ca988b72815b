package sudoers

import (
	"errors"
	"strings"
)

// scanner reads one logical line.
type scanner struct {
	s string // the line
	i int    // the index of the next byte
}

// logical is a line with its continuation lines.
type logical struct {
	text string
	line int
}

// joinLines joins lines that end in a backslash with the next one. Comments are not continued.
func joinLines(text string) []logical {
	var all []logical
	line, from := 0, 1
	var joined strings.Builder
	for s := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		line++
		if joined.Len() == 0 {
			from = line
		}
		s = strings.TrimSuffix(s, "\r")
		rest, ok := strings.CutSuffix(strings.TrimRight(s, " \t"), `\`)
		if ok && !strings.HasSuffix(rest, `\`) && !hasComment(s) {
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

// hasComment reports whether a comment begins in s.
func hasComment(s string) bool {
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
	var b strings.Builder
	from := s.i
	s.readPrefix(&b)
	begin := s.i
	if s.i < len(s.s) && s.s[s.i] == '"' {
		err := s.readQuoted(&b)
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
	// A name has at least one character.
	if s.i == begin {
		return "", errEmpty
	}
	if strings.HasSuffix(s.s[from:begin], "#") && strings.Trim(s.s[begin:s.i], "-0123456789") != "" {
		return "", errSyntax // a number with something after it
	}
	return b.String(), nil
}

// readPrefix reads the characters before the name of a group, a netgroup, or a number.
func (s *scanner) readPrefix(b *strings.Builder) {
	for _, prefix := range []string{"%:#", "%#", "%:", "%", "+", "#"} {
		if strings.HasPrefix(s.rest(), prefix) {
			b.WriteString(prefix)
			s.i += len(prefix)
			return
		}
	}
}

// readQuoted reads a string in quotes. A quote in it has a backslash before it.
func (s *scanner) readQuoted(b *strings.Builder) error {
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

// readMembers reads a list with commas. Elements may have "!" before them.
func (s *scanner) readMembers(stop string) ([]Member, error) {
	var all []Member
	for {
		negated := s.readNegations()
		name, err := s.readWord(stop)
		if err != nil {
			return nil, err
		}
		all = append(all, Member{name, negated})
		if !s.accept(',') {
			return all, nil
		}
	}
}
