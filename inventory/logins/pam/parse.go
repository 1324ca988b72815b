package pam

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Line is one line of a file in etc/pam.d that is neither empty nor a comment.
type Line struct {
	inventory.Position // where it begins

	Group   Group // of an include too; empty for @include, which includes all groups
	Silent  bool  // a leading "-": a missing module is not logged
	Control Control
	// Include is the file that the line includes, by "include", "substack" or "@include".
	Include  string
	Substack bool
	Module   string // as written, such as pam_unix.so or a path
	Args     []string
}

// Name returns the module's name without its folder and ending, such as pam_unix.
func (l Line) Name() string {
	name := l.Module[strings.LastIndexByte(l.Module, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[:i]
	}
	return name
}

// Has reports whether the line has an argument.
func (l Line) Has(arg string) bool {
	for _, a := range l.Args {
		if a == arg {
			return true
		}
	}
	return false
}

// Arg returns the value of the last argument "name=value". It returns false where there is none.
func (l Line) Arg(name string) (value string, ok bool) {
	for _, a := range l.Args {
		if v, found := strings.CutPrefix(a, name+"="); found {
			value, ok = v, true
		}
	}
	return value, ok
}

// maxLine is the maximum length of a line. Linux-PAM before 1.6 reads at most 1023 bytes, and takes
// the rest of a longer line for a line of its own.
const maxLine = 1023

// Parse reads the text of a file in etc/pam.d. A line that Linux-PAM does not understand becomes a
// module that always fails, or makes Linux-PAM refuse the file. The error joins all such mistakes,
// each with its line; on an error there are no lines.
func Parse(b []byte) ([]Line, error) {
	var all []Line
	var left budget.Budget
	err := joinLines(b, func(n int, w []word) error {
		l, err := parseLine(w)
		if err == nil {
			err = left.Items(1 + len(l.Args))
		}
		if err != nil {
			return err
		}
		l.Line = n
		all = budget.Append(all, l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// joiner joins the lines of a file that continue one another.
type joiner struct {
	bad   mistakes.List
	text  []byte // the line so far, where it is continued
	begin int    // where it begins; 0 outside of a continued line
}

// joinLines calls line for each line that is neither empty nor a comment, with its words, which hold
// until the next call, without comments and with continued lines joined. It ends at the limit. A comment or an empty line inside of a continued line is a mistake:
// Linux-PAM before 1.6 skips it, and later versions end the line there.
func joinLines(b []byte, line func(n int, words []word) error) error {
	var j joiner
	var words []word
	n, last := 0, bytes.Count(b, []byte("\n"))
	for raw := range strings.SplitSeq(string(b), "\n") {
		n++
		if len(raw) > maxLine || len(j.text) > maxLine {
			j.bad.Addf("line %d: longer than %d bytes", n, maxLine)
			j.reset()
			continue
		}
		content, _, comment := strings.Cut(strings.TrimLeft(raw, " \t"), "#")
		if content == "" {
			// Nothing after the last line feed is not a line.
			if j.begin > 0 && n <= last {
				j.bad.Addf("line %d: a comment or an empty line in a continued one", n)
				j.reset()
			}
			continue
		}
		if strings.ContainsAny(content, "\r\x00") {
			j.bad.Addf("line %d: a carriage return or NUL, which is taken for a part of a word", n)
			continue
		}
		text, ok := j.add(n, content, comment)
		if !ok {
			continue
		}
		words = splitWords(words[:0], text)
		err := line(j.begin, words)
		if errors.Is(err, budget.ErrLimit) {
			return fmt.Errorf("line %d: %w", j.begin, err)
		}
		if err != nil && !j.bad.Full() {
			err = fmt.Errorf("line %d: %w", j.begin, err)
		}
		j.bad.Add(err)
		j.reset()
	}
	if j.begin > 0 {
		j.bad.Addf("line %d: it is continued and the file ends", j.begin)
	}
	return j.bad.Err()
}

// add adds the content of line n. It returns the joined line where it is complete. A backslash
// before a comment continues nothing.
func (j *joiner) add(n int, content string, comment bool) (text string, ok bool) {
	if j.begin == 0 {
		j.begin = n
	}
	trimmed := strings.TrimRight(content, " \t")
	if !comment && strings.HasSuffix(trimmed, `\`) {
		j.text = append(append(j.text, strings.TrimSuffix(trimmed, `\`)...), ' ')
		return "", false
	}
	if len(j.text) == 0 {
		return content, true
	}
	return string(append(j.text, content...)), true
}

// reset drops the line so far.
func (j *joiner) reset() {
	j.text = j.text[:0]
	j.begin = 0
}

// word is a word of a line. A text in brackets is one word, without the brackets.
type word struct {
	text      string
	bracketed bool
	open      bool // the bracket is not closed
}

// splitWords adds the words of a line to a list. In brackets "\]" is a bracket, and any other "]" ends the
// word.
func splitWords(all []word, s string) []word {
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" {
			return all
		}
		if s[0] != '[' {
			end := strings.IndexAny(s, " \t")
			if end < 0 {
				end = len(s)
			}
			all, s = append(all, word{text: s[:end]}), s[end:]
			continue
		}
		i := 1
		for ; i < len(s) && s[i] != ']'; i++ {
			if s[i] == '\\' && i+1 < len(s) && s[i+1] == ']' {
				i++
			}
		}
		text := strings.ReplaceAll(s[1:i], `\]`, "]")
		all, s = append(all, word{text, true, i == len(s)}), s[min(i+1, len(s)):]
	}
}

var (
	errGroup   = errors.New("want auth, account, password or session; Linux-PAM fails the stack")
	errControl = errors.New("no control; Linux-PAM fails the stack")
	errModule  = errors.New("no module; Linux-PAM fails the stack")
	errBracket = errors.New("a bracket that is not closed; Linux-PAM takes something else for its text")
	errInclude = errors.New("no file to include; Linux-PAM fails the stack")
)

// parseLine reads a line without its service.
func parseLine(w []word) (Line, error) {
	if len(w) == 0 {
		return Line{}, errGroup
	}
	if w[len(w)-1].open {
		return Line{}, errBracket
	}
	if strings.EqualFold(w[0].text, "@include") {
		if len(w) < 2 || w[1].text == "" {
			return Line{}, errInclude
		}
		return Line{Include: w[1].text}, nil
	}
	var l Line
	first, ok := w[0].text, false
	first, l.Silent = strings.CutPrefix(first, "-")
	if l.Group, ok = parseGroup(first); !ok {
		return Line{}, errGroup
	}
	if len(w) < 2 {
		return l, errControl
	}
	kind := strings.ToLower(w[1].text)
	if kind == "include" || kind == "substack" {
		return parseInclude(l, w, kind)
	}
	// A module, with its control before it and its arguments after it.
	var err error
	if l.Control, err = parseControl(w[1]); err != nil {
		return l, fmt.Errorf("%w; Linux-PAM fails the stack", err)
	}
	if len(w) < 3 || l.setModule(w[2].text) == "" {
		return l, errModule
	}
	if len(w) > 3 {
		l.Args = make([]string, 0, len(w)-3)
	}
	for _, a := range w[3:] {
		l.Args = append(l.Args, a.text)
	}
	return l, nil
}

// parseInclude reads the file of an include or substack.
func parseInclude(l Line, w []word, kind string) (Line, error) {
	if len(w) < 3 || w[2].text == "" {
		return l, errInclude
	}
	l.Include, l.Substack = w[2].text, kind == "substack"
	l.Control.Text = w[1].text
	return l, nil
}

// setModule sets the module and returns its name.
func (l *Line) setModule(name string) string {
	l.Module = name
	return l.Name()
}
