// Package bootloader tells what the boot loader of a system is set up to start, with which
// command lines of the kernel, and who may change that at its menu: GRUB 2 with its own
// entries and those of the Boot Loader Specification, EXTLINUX, and systemd-boot. It reads what the
// boot loader itself reads, not the files that this is made from.
package bootloader

import (
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Command is one command of a script of GRUB, such as grub.cfg.
type Command struct {
	Words []string // a "$" that stands for a variable is a NUL
	Line  int      // counted from 1
	Open  bool     // a block in braces follows
	Close bool     // it is the brace that ends a block
}

// lexer takes a script apart.
type lexer struct {
	all   []Command
	words []string
	word  strings.Builder
	some  bool // a word has begun
	start int
	line  int
}

// Parse reads the text of a script of GRUB into commands (GRUB manual, "Writing full
// configuration files directly"). A quote that is left open, a brace without its other one and a
// NUL are mistakes.
func Parse(b []byte) ([]Command, error) {
	var bad mistakes.List
	s := strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n")
	if i := strings.IndexByte(s, 0); i >= 0 {
		bad.Addf("line %d: a NUL", 1+strings.Count(s[:i], "\n"))
		return nil, bad.Err()
	}
	l := lexer{line: 1}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\n':
			l.end(false)
			l.line++
		case ';', '&', '|':
			l.end(false)
		case ' ', '\t', '\r':
			l.endWord()
		case '#':
			if l.some {
				l.add(c)
				break
			}
			for i+1 < len(s) && s[i+1] != '\n' {
				i++
			}
		case '{', '}':
			if l.some || c == '{' && i+1 < len(s) && !strings.ContainsRune(" \t\n\r;", rune(s[i+1])) {
				l.add(c)
				break
			}
			if c == '{' {
				depth++
				l.end(true)
				break
			}
			if depth--; depth < 0 {
				bad.Addf("line %d: a brace that ends nothing", l.line)
				return nil, bad.Err()
			}
			l.end(false)
			l.all = append(l.all, Command{Line: l.line, Close: true})
		case '\'', '"':
			at := l.line
			n, ok := l.quoted(s[i+1:], c)
			if !ok {
				bad.Addf("line %d: a quote that is left open", at)
				return nil, bad.Err()
			}
			i += n
		case '\\':
			if i++; i < len(s) && s[i] == '\n' {
				l.line++
			} else if i < len(s) {
				l.add(s[i])
			}
		case '$':
			i += l.variable(s[i+1:])
		default:
			l.add(c)
		}
	}
	l.end(false)
	if depth > 0 {
		bad.Addf("line %d: a brace is left open", l.line)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return l.all, nil
}

func (l *lexer) begin() {
	if !l.some {
		l.some = true
		if len(l.words) == 0 {
			l.start = l.line
		}
	}
}

func (l *lexer) add(c byte) {
	l.begin()
	l.word.WriteByte(c)
}

func (l *lexer) endWord() {
	if l.some {
		l.words = append(l.words, l.word.String())
		l.word.Reset()
		l.some = false
	}
}

func (l *lexer) end(open bool) {
	l.endWord()
	if len(l.words) > 0 || open {
		if len(l.words) == 0 {
			l.start = l.line
		}
		l.all = append(l.all, Command{Words: l.words, Line: l.start, Open: open})
		l.words = nil
	}
}

// quoted takes what stands in quotes and answers its length with the last one.
func (l *lexer) quoted(s string, quote byte) (int, bool) {
	l.begin()
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == quote:
			return i + 1, true
		case quote == '"' && c == '\\' && i+1 < len(s) && strings.IndexByte("\\\"$\n", s[i+1]) >= 0:
			if i++; s[i] == '\n' {
				l.line++
			} else {
				l.word.WriteByte(s[i])
			}
		case quote == '"' && c == '$':
			i += l.variable(s[i+1:])
		default:
			if c == '\n' {
				l.line++
			}
			l.word.WriteByte(c)
		}
	}
	return 0, false
}

// variable takes $name or ${name}, of which s is what follows the "$", as NUL, name and NUL, and
// answers how much of s it took.
func (l *lexer) variable(s string) int {
	name, n := s, 0
	if strings.HasPrefix(s, "{") {
		if i := strings.IndexAny(s, "}\n"); i > 0 && s[i] == '}' {
			name, n = s[1:i], i+1
		} else {
			name = ""
		}
	} else {
		for n < len(s) && (s[n] == '_' || s[n] >= '0' && s[n] <= '9' || s[n] >= 'A' && s[n] <= 'Z' || s[n] >= 'a' && s[n] <= 'z') {
			n++
		}
		if n == 0 && s != "" && strings.IndexByte("@#?*", s[0]) >= 0 {
			n = 1
		}
		name = s[:n]
	}
	if name == "" {
		l.add('$')
		return 0
	}
	l.begin()
	l.word.WriteString("\x00" + name + "\x00")
	return n
}
