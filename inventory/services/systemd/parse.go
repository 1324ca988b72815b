package systemd

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// File is the content of a unit file or a drop-in.
type File struct {
	// Assignments are the lines "Key=value", in their order.
	Assignments []Assignment
	// Warnings are the malformed lines that systemd ignores.
	Warnings []Warning
}

// Assignment is one line "Key=value" of a unit file.
type Assignment struct {
	inventory.Position // where it begins

	Section string // without brackets, such as "Service"
	Key     string // as written; "execstart" is not "ExecStart"
	Value   string // without white space around it; quotes and escapes as written; "" resets most lists
}

// Warning is a line that systemd ignores.
type Warning struct {
	inventory.Position

	Text string // what is wrong with the line
}

// SyntaxError is an error in a line for which systemd gives up on the file.
type SyntaxError struct {
	Line int // counted from 1
	Err  error
}

// Error returns a text such as "line 3: not UTF-8".
func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *SyntaxError) Unwrap() error { return e.Err }

// maxLine is LONG_LINE_MAX of systemd in bytes, which systemd.syntax(7) calls 1 MB. A line has to
// be shorter. Joined lines may have this length.
const maxLine = 1 << 20

var (
	errLongLine = errors.New("longer than 1 MiB")
	errUTF8     = errors.New("not UTF-8")
	errUnsafe   = errors.New("a quote, backslash or control character in a section header")
	errSection  = errors.New("section header without a closing bracket")
)

const blanks = " \t\n\r"

// Parse reads a unit file by systemd.syntax(7), and by systemd 252 where the page is silent. A line
// ends with LF, CR, NUL or several of these in a row, each at most once; lines are counted in this
// way. One byte order mark is skipped. A comment inside a continued line is left out of it. Parse
// does not judge sections, keys and values.
//
// An error is a *[SyntaxError]. The File then holds the lines before the error. The manager applies
// these of a drop-in, and nothing of the main file of a unit. Only beside [inventory.ErrLimit], for
// more lines than anybody has, there are none.
func Parse(b []byte) (*File, error) {
	return parse(b, &budget.Budget{})
}

// parse is Parse with the lines that may still be kept. Beyond them the error is
// [budget.ErrLimit], and the File has no lines.
func parse(b []byte, left *budget.Budget) (*File, error) {
	p := parser{left: left}
	for text := string(b); text != ""; {
		var line string
		line, text = cutLine(text)
		p.line++
		if err := p.addLine(line); err != nil {
			return p.end(err)
		}
	}
	return p.end(p.addLogical(string(p.pending)))
}

// end returns what was read up to an error.
func (p *parser) end(err error) (*File, error) {
	if errors.Is(err, budget.ErrLimit) {
		return &File{}, err
	}
	return &p.f, err
}

// parser is the state of reading one file.
type parser struct {
	f       File
	line    int    // of the last line read
	bom     bool   // the byte order mark was seen
	section string // the current section
	inside  bool   // a section has begun
	pending []byte // the continued line so far, empty outside of one
	from    int    // the number of the line where the current assignment begins
	left    *budget.Budget
}

// cutLine cuts the first line off s.
func cutLine(s string) (line, rest string) {
	const ends = "\n\r\x00"
	i := strings.IndexAny(s, ends)
	if i < 0 {
		return s, ""
	}
	line = s[:i]
	var seen [3]bool
	for ; i < len(s); i++ {
		k := strings.IndexByte(ends, s[i])
		if k < 0 || seen[k] {
			break
		}
		seen[k] = true
		if k == 2 {
			i++
			break
		}
	}
	return line, s[i:]
}

// mark is the byte order mark.
const mark = "\xef\xbb\xbf"

// addLine handles one line of the file.
func (p *parser) addLine(line string) error {
	if len(line) >= maxLine {
		return &SyntaxError{p.line, errLongLine}
	}
	if c := strings.TrimLeft(line, blanks); c != "" && (c[0] == '#' || c[0] == ';') {
		return nil
	}
	if !p.bom && strings.HasPrefix(line, mark) {
		line, p.bom = line[len(mark):], true
	}
	// Join the line with those that it continues.
	more := isContinued(line)
	if len(p.pending) == 0 {
		p.from = p.line
		if !more {
			return p.addLogical(line)
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
	line, p.pending = string(p.pending), nil
	return p.addLogical(line)
}

// isContinued reports whether a line ends in a backslash that is not escaped.
func isContinued(line string) bool {
	n := 0
	for n < len(line) && line[len(line)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// addLogical handles a line whose continuations are joined.
func (p *parser) addLogical(s string) error {
	s = strings.Trim(s, blanks)
	if s == "" {
		return nil
	}
	if !utf8.ValidString(s) {
		return &SyntaxError{p.from, errUTF8}
	}
	if s[0] == '[' {
		return p.setSection(s)
	}
	if err := p.left.Items(1); err != nil {
		return &SyntaxError{p.from, err}
	}
	key, value, ok := strings.Cut(s, "=")
	switch {
	case !p.inside:
		p.warn("outside of a section")
	case !ok:
		p.warn("no assignment")
	case key == "":
		p.warn("no key before the equals sign")
	default:
		key, value = strings.TrimRight(key, blanks), strings.TrimLeft(value, blanks)
		p.f.Assignments = budget.Append(p.f.Assignments,
			Assignment{inventory.Position{Line: p.from}, p.section, key, value})
	}
	return nil
}

// setSection handles the header of a section.
func (p *parser) setSection(s string) error {
	if s[len(s)-1] != ']' {
		return &SyntaxError{p.from, errSection}
	}
	p.section, p.inside = s[1:len(s)-1], true
	if strings.ContainsFunc(p.section, isUnsafe) {
		return &SyntaxError{p.from, errUnsafe}
	}
	return nil
}

// isUnsafe reports whether systemd refuses a character in the name of a section.
func isUnsafe(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\'' || r == '\\' }

// warn adds a warning for the current line.
func (p *parser) warn(text string) {
	p.f.Warnings = budget.Append(p.f.Warnings, Warning{inventory.Position{Line: p.from}, text})
}
