// Package modprobe reads which modules of the kernel modprobe(8) will load and how: the files of
// modprobe.d(5), the modules of installed kernels from lib/modules, and on a running system the
// loaded ones from proc/modules. It follows the releases 28 to 34 of kmod.
package modprobe

import (
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Line is one command of a file of modprobe.d.
type Line struct {
	inventory.Position

	Command string // install, blacklist, alias, options, remove, softdep, weakdep
	Module  string // the first word behind the command with "_" for "-"; of install a pattern of fnmatch(3)
	Rest    string // the text behind Module

	// Maybe says that not every release of kmod reads the line.
	Maybe bool
}

// words is the number of words that a command needs at least, beside itself.
var words = map[string]int{
	"install": 2, "blacklist": 1, "alias": 2, "options": 2, "remove": 2, "softdep": 2, "weakdep": 2,
}

// Parse reads the text of a file of modprobe.d(5). The Source of the lines is left empty. A "\" at
// the end of a line joins the next line to it, in comments too. Lines that are no command, or lack
// a word, are ignored, as kmod only warns about them. Lines with a NUL or with other backslashes are
// errors, reported together; then no lines are returned. Too many lines are [inventory.ErrLimit].
func Parse(b []byte) ([]Line, error) { return parse(b, new(budget.Budget)) }

// parse is Parse within a budget.
func parse(b []byte, limit *budget.Budget) ([]Line, error) {
	var all []Line
	var bad mistakes.List
	text := string(b)
	for at, n := 1, 0; text != ""; at += n {
		var s string
		var maybe bool
		whole := text
		s, text, n, maybe = cutJoined(text)
		if strings.Contains(s, "\x00") {
			bad.Addf("line %d: a NUL", at)
			continue
		}
		comment := strings.HasPrefix(strings.TrimLeft(s, blanks), "#")
		if !comment && strings.Contains(s, `\`) || comment && strings.Contains(whole[:len(whole)-len(text)], "\\\\\n") {
			bad.Addf("line %d: a backslash that does not stand at the end of the line, which kmod leaves out", at)
			continue
		}
		if l, ok := parseCommand(s); ok {
			if err := limit.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", at, err)
			}
			l.Line, l.Maybe = at, maybe
			all = append(all, l)
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// cutJoined returns the first line, which others are joined to, the text behind it, and the number of
// lines that it is made of. maybe says that the text ends where another line should be joined:
// older releases drop such a line.
func cutJoined(text string) (line, rest string, n int, maybe bool) {
	line, rest, ended := strings.Cut(text, "\n")
	n = 1
	first, more := strings.CutSuffix(line, `\`)
	if !more {
		return line, rest, n, false
	}
	joined := []byte(first)
	for more {
		if !ended {
			return string(joined), "", n, true
		}
		line, rest, ended = strings.Cut(rest, "\n")
		n++
		line, more = strings.CutSuffix(line, `\`)
		joined = append(joined, line...)
	}
	return string(joined), rest, n, false
}

const blanks = " \t"

// parseCommand reads one joined line. It reports false if the line is no command.
func parseCommand(s string) (Line, bool) {
	if strings.HasPrefix(s, "#") {
		return Line{}, false
	}
	name, rest := cutWord(s)
	n, known := words[name]
	if !known {
		return Line{}, false
	}
	module, rest := cutWord(rest)
	module, closed := normalizePattern(module)
	if module == "" || n > 1 && rest == "" || !closed {
		return Line{}, false
	}
	if name == "blacklist" {
		rest = "" // further words are ignored
	}
	return Line{Command: name, Module: module, Rest: rest}, true
}

// cutWord returns the first word and the text behind the blank that follows it.
func cutWord(s string) (first, rest string) {
	s = strings.TrimLeft(s, blanks)
	if i := strings.IndexAny(s, blanks); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// normalizePattern replaces "-" by "_" in a pattern, except in brackets. It reports false if the
// brackets do not match.
func normalizePattern(name string) (string, bool) {
	if !strings.ContainsAny(name, "-[]") {
		return name, true
	}
	b := []byte(name)
	inside := false
	for i, c := range b {
		switch {
		case c == '[':
			inside = true
		case c == ']':
			if !inside {
				return "", false
			}
			inside = false
		case c == '-' && !inside:
			b[i] = '_'
		}
	}
	return string(b), !inside
}

// Name returns the name of a module in the form of the kernel, with "_" for "-".
func Name(module string) string { return strings.ReplaceAll(module, "-", "_") }

// moduleOf returns the name of the module in a file such as kernel/fs/x.ko.xz, or "" if the file is
// no module.
func moduleOf(file string) string {
	file = path.Base(file)
	name, _, ok := strings.Cut(file, ".ko")
	if !ok {
		return ""
	}
	return Name(name)
}

// matches reports whether a pattern matches a name without a slash, like fnmatch(3) without flags.
// A malformed pattern matches itself only.
func matches(pattern, name string) bool {
	if pattern == name {
		return true
	}
	m, err := path.Match(strings.ReplaceAll(pattern, "[!", "[^"), name)
	return err == nil && m
}
