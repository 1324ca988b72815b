package rsyslog

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// scanner goes through the text of a file.
type scanner struct {
	b     []byte
	i     int
	line  int
	joins []int // the places in b where lines were joined
	long  int   // the first line that is longer than maxLine, or 0
}

// maxLine is the length of a line beyond which rsyslogd, which reads in pieces, may take the rest of it,
// a comment as well, for lines of their own.
const maxLine = 8000

// newScanner makes a scanner of a text. Like rsyslogd it joins a line that ends in a backslash to
// the next one, in comments too, and leaves out the blanks at the start of that.
func newScanner(b []byte) *scanner {
	s := &scanner{line: 1, b: make([]byte, 0, len(b))}
	for len(b) > 0 {
		line, rest, ended := bytes.Cut(b, []byte{'\n'})
		b = rest
		if len(line) > maxLine && s.long == 0 {
			s.long = s.line + bytes.Count(s.b, []byte{'\n'}) + len(s.joins)
		}
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if ended && bytes.HasSuffix(line, []byte{'\\'}) {
			s.b = append(s.b, line[:len(line)-1]...)
			s.joins = append(s.joins, len(s.b))
			b = bytes.TrimLeft(b, " \t")
			continue
		}
		s.b = append(s.b, line...)
		if ended {
			s.b = append(s.b, '\n')
		}
	}
	return s
}

// isAtEnd reports whether the whole text is read.
func (s *scanner) isAtEnd() bool { return s.i >= len(s.b) }

// peek returns the next byte, or 0 at the end.
func (s *scanner) peek() byte {
	if s.isAtEnd() {
		return 0
	}
	return s.b[s.i]
}

// next returns the next byte and goes past it. It counts lines, joined ones too.
func (s *scanner) next() byte {
	c := s.peek()
	if c == '\n' {
		s.line++
	}
	s.i++
	for len(s.joins) > 0 && s.joins[0] <= s.i {
		s.joins = s.joins[1:]
		s.line++
	}
	return c
}

// mark is a position to go back to.
type mark struct {
	i, line int
	joins   []int
}

// mark returns the current position.
func (s *scanner) mark() mark { return mark{s.i, s.line, s.joins} }

// back goes back to a position.
func (s *scanner) back(m mark) { s.i, s.line, s.joins = m.i, m.line, m.joins }

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// skipBlanks skips blanks in a line.
func (s *scanner) skipBlanks() {
	for !s.isAtEnd() && isBlank(s.peek()) {
		s.next()
	}
}

// skip skips blanks, newlines and comments.
func (s *scanner) skip() error {
	for !s.isAtEnd() {
		switch c := s.peek(); {
		case isBlank(c) || c == '\n':
			s.next()
		case c == '#':
			s.readRestOfLine()
		case c == '/' && bytes.HasPrefix(s.b[s.i:], []byte("/*")):
			if err := s.skipComment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

// skipComment skips a comment that begins with "/*".
func (s *scanner) skipComment() error {
	length := bytes.Index(s.b[s.i:], []byte("*/"))
	if length < 0 {
		return errors.New("a comment that does not end")
	}
	for end := s.i + length + 2; s.i < end; {
		s.next()
	}
	return nil
}

// readRestOfLine returns the text up to the next newline without the blanks around it.
func (s *scanner) readRestOfLine() string {
	start := s.i
	for !s.isAtEnd() && s.peek() != '\n' {
		s.next()
	}
	return strings.Trim(string(s.b[start:s.i]), " \t")
}

// readWord returns the letters, digits, "_", "-", "." and ":" that come next.
func (s *scanner) readWord() string {
	start := s.i
	for !s.isAtEnd() && (isLetter(s.peek()) || strings.IndexByte("0123456789_-.:", s.peek()) >= 0) {
		s.next()
	}
	return string(s.b[start:s.i])
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// readQuoted returns the text in quotes that comes next, without the quotes and backslashes.
func (s *scanner) readQuoted() (string, error) {
	quote := s.next()
	var text []byte
	for !s.isAtEnd() {
		switch c := s.next(); c {
		case quote:
			return string(text), nil
		case '\\':
			text = append(text, s.next())
		default:
			text = append(text, c)
		}
	}
	return "", errors.New("a quote that is not closed")
}

// readParams returns the parameters in the parentheses of an object, by their names in lower case.
func (s *scanner) readParams() (map[string]string, error) {
	s.next() // the parenthesis
	joins := len(s.joins)
	all := map[string]string{}
	for {
		if err := s.skip(); err != nil {
			return nil, err
		}
		if s.peek() == ')' {
			s.next()
			if len(s.joins) < joins { // rsyslogd loses its way where another line of the object follows
				return nil, errors.New("a line that goes on behind a backslash, in an object")
			}
			return all, nil
		}
		name := strings.ToLower(s.readWord())
		if err := s.skip(); err != nil {
			return nil, err
		}
		if name == "" || s.next() != '=' {
			return nil, errors.New("no parameter")
		}
		if err := s.skip(); err != nil {
			return nil, err
		}
		value, err := s.readValue()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, twice := all[name]; twice {
			return nil, fmt.Errorf("%s: twice", name)
		}
		all[name] = value
	}
}

// readValue reads a text in quotes or a list of such texts. It returns the text, or the first one
// of the list.
func (s *scanner) readValue() (string, error) {
	switch s.peek() {
	case '"':
		return s.readQuoted()
	case '[':
	default:
		return "", errors.New("a value without double quotes")
	}
	s.next()
	var first string
	for n := 0; ; n++ {
		if err := s.skip(); err != nil {
			return "", err
		}
		switch s.peek() {
		case ']':
			s.next()
			return first, nil
		case ',':
			s.next()
			continue
		case '"':
		default:
			return "", errors.New("a list of something else than texts")
		}
		v, err := s.readQuoted()
		if err != nil {
			return "", err
		}
		if n == 0 {
			first = v
		}
	}
}

// skipUntil skips an expression up to one of some words, or up to a character other than 0.
func (s *scanner) skipUntil(stop byte, words ...string) error {
	for {
		if err := s.skip(); err != nil {
			return err
		}
		switch c := s.peek(); {
		case s.isAtEnd():
			return errors.New("an expression that does not end")
		case c == stop && stop != 0:
			s.next()
			return nil
		case c == '"' || c == '\'' || c == '`':
			if _, err := s.readQuoted(); err != nil {
				return err
			}
		case isLetter(c):
			w := s.readWord()
			for _, one := range words {
				if strings.EqualFold(w, one) {
					return nil
				}
			}
		default:
			s.next()
			// The name of a variable may be one of the words.
			if c == '$' || c == '!' {
				s.readWord()
			}
		}
	}
}
