// Package modprobe tells which modules of the kernel modprobe(8) will load and how: by the
// files of modprobe.d(5), the modules that installed kernels have, and on a running system
// those that are loaded. It follows kmod, releases 28 to 34.
package modprobe

import (
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Line is one command of a file of modprobe.d.
type Line struct {
	Command string // install, blacklist, alias, options, remove, softdep, weakdep
	Module  string // its first word with "_" for "-"; of install a pattern of fnmatch(3)
	Rest    string // what follows
	Source  string
	Line    int // in Source, counted from 1
	// Maybe says that not every release of kmod reads the line.
	Maybe bool
}

// words is the fewest words that a command needs beside itself.
var words = map[string]int{"install": 2, "blacklist": 1, "alias": 2, "options": 2, "remove": 2, "softdep": 2, "weakdep": 2}

// Parse reads the text of a file of modprobe.d. A "\" at the end of a line joins the next to it,
// in comments too. Lines that are no command, or lack a word, do nothing, as kmod only
// warns of them. A NUL is a mistake.
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
				maybe = true // older releases drop a line that the file ends in
				break
			}
		}
		s := text.String()
		if strings.Contains(s, "\x00") {
			bad.Addf("line %d: a NUL", at+1)
			continue
		}
		if l, ok := command(s); ok {
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

func command(s string) (Line, bool) {
	if strings.HasPrefix(s, "#") {
		return Line{}, false
	}
	name, rest := word(s)
	module, rest := word(rest)
	n, known := words[name]
	module, closed := fold(module)
	if !known || module == "" || n > 1 && rest == "" || !closed {
		return Line{}, false
	}
	if name == "blacklist" {
		rest = "" // further words are passed over
	}
	return Line{Command: name, Module: module, Rest: rest}, true
}

// word answers the first word, and what stands behind the one blank after it.
func word(s string) (first, rest string) {
	s = strings.TrimLeft(s, blanks)
	if i := strings.IndexAny(s, blanks); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// fold answers a name with "_" for "-" but in brackets, and whether all of these are closed.
func fold(name string) (string, bool) {
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

// Name answers the name of a module as the kernel has it: with "_" for "-".
func Name(module string) string { return strings.ReplaceAll(module, "-", "_") }

// fileName answers the name of the module in a file of it, such as kernel/fs/x.ko.xz.
func fileName(file string) string {
	file = path.Base(file)
	name, _, ok := strings.Cut(file, ".ko")
	if !ok {
		return ""
	}
	return Name(name)
}

// matches is fnmatch(3) without flags, for names without a slash. A pattern that is none
// matches itself only.
func matches(pattern, name string) bool {
	if pattern == name {
		return true
	}
	m, err := path.Match(strings.ReplaceAll(pattern, "[!", "[^"), name)
	return err == nil && m
}
