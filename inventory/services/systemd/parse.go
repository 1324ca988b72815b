package systemd

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// File is a unit file or a drop-in as it is written.
type File struct {
	// Assignments are the lines "Key=value" in their order.
	Assignments []Assignment
	// Warnings are the lines that systemd ignores because they are malformed.
	Warnings []Warning
}

// Assignment is one line "Key=value" of a unit file.
type Assignment struct {
	Section string // without brackets: "Service"
	Key     string // case as written; "execstart" is not "ExecStart"
	Value   string // white space around it removed, quotes and escapes as written; "" resets most lists
	Line    int    // where the assignment begins, from 1
}

// Warning is a line that systemd ignores.
type Warning struct {
	Line int
	Text string
}

// SyntaxError is a line for which systemd gives up on the file.
type SyntaxError struct {
	Line int
	Err  error
}

// Error is "line 3: not UTF-8".
func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap answers what is wrong with the line.
func (e *SyntaxError) Unwrap() error { return e.Err }

// maxLine is LONG_LINE_MAX of systemd in bytes, which systemd.syntax(7) calls 1 MB.
// A line is shorter than it; lines that are joined may reach it.
const maxLine = 1 << 20

var (
	errLongLine = errors.New("longer than 1 MiB")
	errUTF8     = errors.New("not UTF-8")
	errUnsafe   = errors.New("a quote, backslash or control character in a section header")
	errSection  = errors.New("section header without a closing bracket")
)

const blanks = " \t\n\r"

// Parse reads a unit file as systemd.syntax(7) describes it and as systemd 252 does
// where the page is silent: a line ends with LF, CR, NUL or several of these in
// a row, each at most once, and lines are counted that way; one byte order mark is
// skipped; a comment inside a continued line is left out of it. What a unit has no
// use for, such as unknown keys, is not looked at.
//
// An error is a *[SyntaxError]. The File then holds what stands before that line,
// which is what the manager applies of a drop-in; of the main file of a unit it
// applies nothing.
func Parse(b []byte) (*File, error) {
	p := parser{}
	for len(b) > 0 {
		line, rest := nextLine(b)
		b = rest
		p.line++
		if err := p.add(line); err != nil {
			return &p.f, err
		}
	}
	return &p.f, p.logical(p.pending)
}

type parser struct {
	f       File
	line    int    // of the last line read
	bom     bool   // the mark was seen
	section string // of the lines that follow
	inside  bool   // a section has begun
	pending []byte // lines joined so far, empty outside of a continued line
	from    int    // where the line begins that they make
}

// nextLine cuts b after its first line.
func nextLine(b []byte) (line, rest []byte) {
	i := bytes.IndexAny(b, "\n\r\x00")
	if i < 0 {
		return b, nil
	}
	line = b[:i]
	var seen [3]bool
	for ; i < len(b); i++ {
		k := bytes.IndexByte([]byte("\n\r\x00"), b[i])
		if k < 0 || seen[k] {
			break
		}
		seen[k] = true
		if k == 2 {
			i++
			break
		}
	}
	return line, b[i:]
}

var mark = []byte("\xef\xbb\xbf")

// add takes one line of the file.
func (p *parser) add(line []byte) error {
	if len(line) >= maxLine {
		return &SyntaxError{p.line, errLongLine}
	}
	if c := bytes.TrimLeft(line, blanks); len(c) > 0 && (c[0] == '#' || c[0] == ';') {
		return nil
	}
	if !p.bom && bytes.HasPrefix(line, mark) {
		line, p.bom = line[len(mark):], true
	}
	more := continued(line)
	if len(p.pending) == 0 {
		p.from = p.line
		if !more {
			return p.logical(line)
		}
	}
	if len(p.pending)+len(line) > maxLine {
		return &SyntaxError{p.line, errLongLine}
	}
	p.pending = append(p.pending, line...)
	if more {
		p.pending[len(p.pending)-1] = ' '
		return nil
	}
	line, p.pending = p.pending, nil
	return p.logical(line)
}

// continued reports whether a line ends in a backslash that no other escapes.
func continued(line []byte) bool {
	n := 0
	for n < len(line) && line[len(line)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// logical takes a line whose continuations are joined.
func (p *parser) logical(b []byte) error {
	b = bytes.Trim(b, blanks)
	if len(b) == 0 {
		return nil
	}
	if !utf8.Valid(b) {
		return &SyntaxError{p.from, errUTF8}
	}
	if b[0] == '[' {
		return p.header(b)
	}
	key, value, ok := strings.Cut(string(b), "=")
	switch {
	case !p.inside:
		p.warn("outside of a section")
	case !ok:
		p.warn("no assignment")
	case key == "":
		p.warn("no key before the equals sign")
	default:
		p.f.Assignments = append(p.f.Assignments,
			Assignment{p.section, strings.TrimRight(key, blanks), strings.TrimLeft(value, blanks), p.from})
	}
	return nil
}

func (p *parser) header(b []byte) error {
	if b[len(b)-1] != ']' {
		return &SyntaxError{p.from, errSection}
	}
	p.section, p.inside = string(b[1:len(b)-1]), true
	if strings.ContainsFunc(p.section, unsafe) {
		return &SyntaxError{p.from, errUnsafe}
	}
	return nil
}

// unsafe are the characters that systemd does not take in the name of a section.
func unsafe(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\'' || r == '\\' }

func (p *parser) warn(text string) {
	p.f.Warnings = append(p.f.Warnings, Warning{p.from, text})
}
