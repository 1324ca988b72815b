package pam

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Line is one line of a file in etc/pam.d that says something.
type Line struct {
	Group   Group // of an include as well; empty for @include, which takes in all groups
	Silent  bool  // a leading "-": it is not logged that the module is not there
	Control Control
	// Include is the file that the line takes in, by "include", "substack" or "@include".
	Include  string
	Substack bool
	Module   string // as written: pam_unix.so, or a path
	Args     []string
	Line     int // where it begins, counted from 1
}

// Name answers the module's name without its folder and ending, such as pam_unix.
func (l Line) Name() string {
	name := l.Module[strings.LastIndexByte(l.Module, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[:i]
	}
	return name
}

// Has reports whether the module has an argument.
func (l Line) Has(arg string) bool {
	for _, a := range l.Args {
		if a == arg {
			return true
		}
	}
	return false
}

// Arg answers the value of the last argument "name=value".
func (l Line) Arg(name string) (value string, ok bool) {
	for _, a := range l.Args {
		if v, found := strings.CutPrefix(a, name+"="); found {
			value, ok = v, true
		}
	}
	return value, ok
}

// maxLine is how long a line may be: Linux-PAM before 1.6 reads 1023 bytes at most, and
// takes what follows in a longer one for a line of its own.
const maxLine = 1023

// Parse reads the text of a file in etc/pam.d. A line that Linux-PAM does not understand
// stays in its stack as a module that always fails, or makes it refuse the whole file: each
// is a mistake, joined, and there is no answer beside them.
func Parse(b []byte) ([]Line, error) {
	var all []Line
	err := assemble(b, func(n int, text string) error {
		l, err := parseLine(split(text))
		l.Line = n
		all = append(all, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// assemble hands on the lines that say something: comments removed, continued ones joined.
// A comment or empty line inside of a continued one is a mistake: Linux-PAM passes over it
// before 1.6, and ends the line there from then on.
func assemble(b []byte, line func(n int, text string) error) error {
	var bad mistakes.List
	var text strings.Builder
	n, begin := 0, 0
	for raw := range bytes.SplitSeq(b, []byte("\n")) {
		n++
		if len(raw) > maxLine || text.Len() > maxLine {
			bad.Addf("line %d: longer than %d bytes", n, maxLine)
			text.Reset()
			begin = 0
			continue
		}
		s := strings.TrimLeft(string(raw), " \t")
		content, _, comment := strings.Cut(s, "#")
		if content == "" {
			if begin > 0 && n <= bytes.Count(b, []byte("\n")) {
				bad.Addf("line %d: a comment or an empty line in a continued one", n)
				text.Reset()
				begin = 0
			}
			continue
		}
		if strings.ContainsAny(content, "\r\x00") {
			bad.Addf("line %d: a carriage return or NUL, which is taken for a part of a word", n)
			continue
		}
		if begin == 0 {
			begin = n
		}
		trimmed := strings.TrimRight(content, " \t")
		if !comment && strings.HasSuffix(trimmed, `\`) {
			text.WriteString(strings.TrimSuffix(trimmed, `\`) + " ")
			continue
		}
		text.WriteString(content)
		if err := line(begin, text.String()); err != nil {
			bad.Add(fmt.Errorf("line %d: %w", begin, err))
		}
		text.Reset()
		begin = 0
	}
	if begin > 0 {
		bad.Addf("line %d: it is continued and the file ends", begin)
	}
	return bad.Err()
}

// word is a word of a line; what stood in brackets is one word without these.
type word struct {
	text      string
	bracketed bool
}

// split cuts a line into words. In brackets "\]" is a bracket, and the first other "]" ends.
func split(s string) []word {
	var all []word
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
		var text strings.Builder
		i := 1
		for ; i < len(s) && s[i] != ']'; i++ {
			if s[i] == '\\' && i+1 < len(s) && s[i+1] == ']' {
				i++
			}
			text.WriteByte(s[i])
		}
		all, s = append(all, word{text.String(), true}), s[min(i+1, len(s)):]
	}
}

var (
	errGroup   = errors.New("want auth, account, password or session; Linux-PAM fails the stack")
	errControl = errors.New("no control; Linux-PAM fails the stack")
	errModule  = errors.New("no module; Linux-PAM fails the stack")
	errInclude = errors.New("no file to include; Linux-PAM fails the stack")
)

func parseLine(w []word) (Line, error) {
	if len(w) == 0 {
		return Line{}, errGroup
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
	if l.Group, ok = group(first); !ok {
		return Line{}, errGroup
	}
	if len(w) < 2 {
		return l, errControl
	}
	switch kind := strings.ToLower(w[1].text); kind {
	case "include", "substack":
		if len(w) < 3 || w[2].text == "" {
			return l, errInclude
		}
		l.Include, l.Substack = w[2].text, kind == "substack"
		l.Control.Text = w[1].text
		return l, nil
	}
	var err error
	if l.Control, err = control(w[1]); err != nil {
		return l, fmt.Errorf("%w; Linux-PAM fails the stack", err)
	}
	if len(w) < 3 || l.setModule(w[2].text) == "" {
		return l, errModule
	}
	for _, a := range w[3:] {
		l.Args = append(l.Args, a.text)
	}
	return l, nil
}

func (l *Line) setModule(name string) string {
	l.Module = name
	return l.Name()
}
