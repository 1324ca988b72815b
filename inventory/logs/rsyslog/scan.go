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
	joins []int // where lines were joined, in b
}

// newScanner joins lines that end in a backslash, as rsyslogd does when it reads a file: the
// blanks at the start of the next line are left out, and comments are no exception.
func newScanner(b []byte) *scanner {
	s := &scanner{line: 1, b: make([]byte, 0, len(b))}
	for len(b) > 0 {
		line, rest, ended := bytes.Cut(b, []byte{'\n'})
		b = rest
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

func (s *scanner) end() bool { return s.i >= len(s.b) }

func (s *scanner) peek() byte {
	if s.end() {
		return 0
	}
	return s.b[s.i]
}

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

// mark is a place to go back to.
type mark struct {
	i, line int
	joins   []int
}

func (s *scanner) mark() mark { return mark{s.i, s.line, s.joins} }

func (s *scanner) back(m mark) { s.i, s.line, s.joins = m.i, m.line, m.joins }

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// skipBlanks passes over blanks in a line.
func (s *scanner) skipBlanks() {
	for !s.end() && blank(s.peek()) {
		s.next()
	}
}

// skip passes over blanks, newlines and comments.
func (s *scanner) skip() error {
	for !s.end() {
		switch c := s.peek(); {
		case blank(c) || c == '\n':
			s.next()
		case c == '#':
			s.restOfLine()
		case c == '/' && bytes.HasPrefix(s.b[s.i:], []byte("/*")):
			if err := s.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

func (s *scanner) comment() error {
	length := bytes.Index(s.b[s.i:], []byte("*/"))
	if length < 0 {
		return errors.New("a comment that does not end")
	}
	for end := s.i + length + 2; s.i < end; {
		s.next()
	}
	return nil
}

// restOfLine answers what stands up to the next newline, blanks around it left out.
func (s *scanner) restOfLine() string {
	start := s.i
	for !s.end() && s.peek() != '\n' {
		s.next()
	}
	return strings.TrimSpace(string(s.b[start:s.i]))
}

// word answers the letters, digits, "_", "-", "." and ":" that come next.
func (s *scanner) word() string {
	start := s.i
	for !s.end() && (letter(s.peek()) || strings.IndexByte("0123456789_-.:", s.peek()) >= 0) {
		s.next()
	}
	return string(s.b[start:s.i])
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// quoted answers the text in quotes that comes next.
func (s *scanner) quoted() (string, error) {
	quote := s.next()
	var text []byte
	for !s.end() {
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

// params answers what stands in the parentheses of an object, names in lower case.
func (s *scanner) params() (map[string]string, error) {
	s.next() // the parenthesis
	all := map[string]string{}
	for {
		if err := s.skip(); err != nil {
			return nil, err
		}
		if s.peek() == ')' {
			s.next()
			return all, nil
		}
		name := strings.ToLower(s.word())
		if err := s.skip(); err != nil {
			return nil, err
		}
		if name == "" || s.next() != '=' {
			return nil, errors.New("no parameter")
		}
		if err := s.skip(); err != nil {
			return nil, err
		}
		value, err := s.value()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, twice := all[name]; twice {
			return nil, fmt.Errorf("%s: twice", name)
		}
		all[name] = value
	}
}

// value reads a text in quotes or a list of them, of which it answers the first.
func (s *scanner) value() (string, error) {
	switch s.peek() {
	case '"', '\'':
		return s.quoted()
	case '[':
	default:
		return "", errors.New("a value without quotes")
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
		case '"', '\'':
		default:
			return "", errors.New("a list of something else than texts")
		}
		v, err := s.quoted()
		if err != nil {
			return "", err
		}
		if n == 0 {
			first = v
		}
	}
}

// until passes over an expression up to one of some words or a character.
func (s *scanner) until(stop byte, words ...string) error {
	for {
		if err := s.skip(); err != nil {
			return err
		}
		switch c := s.peek(); {
		case s.end():
			return errors.New("an expression that does not end")
		case c == stop && stop != 0:
			s.next()
			return nil
		case c == '"' || c == '\'' || c == '`':
			if _, err := s.quoted(); err != nil {
				return err
			}
		case letter(c):
			w := s.word()
			for _, one := range words {
				if strings.EqualFold(w, one) {
					return nil
				}
			}
		default:
			s.next()
			if c == '$' || c == '!' { // a variable may have the name of a word
				s.word()
			}
		}
	}
}
