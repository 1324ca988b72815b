// Package modprobe reads which modules of the kernel modprobe(8) will load and how: the files of
// modprobe.d(5), the modules of installed kernels from lib/modules, and on a running system the
// loaded ones from proc/modules. It follows the releases 28 to 34 of kmod.
package modprobe

import (
	"path"
	"strings"

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
// a word, are ignored, as kmod only warns about them. Lines with a NUL are errors, reported
// together; then no lines are returned.
func Parse(b []byte) ([]Line, error) {
	var all []Line
	var bad mistakes.List
	lines := strings.Split(string(b), "\n")
	for i := 0; i < len(lines); i++ {
		at, maybe := i, false
		var text strings.Builder
		for {
			s, more := strings.CutSuffix(lines[i], `\`)
			text.WriteString(s)
			if !more {
				break
			}
			if i++; i == len(lines) {
				maybe = true // older releases drop a line that ends with the file
				break
			}
		}
		s := text.String()
		if strings.Contains(s, "\x00") {
			bad.Addf("line %d: a NUL", at+1)
			continue
		}
		if l, ok := parseCommand(s); ok {
			l.Line, l.Maybe = at+1, maybe
			all = append(all, l)
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

const blanks = " \t"

// parseCommand reads one joined line. It reports false if the line is no command.
func parseCommand(s string) (Line, bool) {
	if strings.HasPrefix(s, "#") {
		return Line{}, false
	}
	name, rest := cutWord(s)
	module, rest := cutWord(rest)
	n, known := words[name]
	module, closed := normalizePattern(module)
	if !known || module == "" || n > 1 && rest == "" || !closed {
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
