// Package bootloader reads what the boot loader of a system starts: the entries of its menu with
// the command lines of the kernel, and who may change them at the console. It knows GRUB 2
// (grub.cfg, and entries of the Boot Loader Specification below boot/loader/entries), SYSLINUX and
// EXTLINUX (extlinux.conf, syslinux.cfg), and systemd-boot (loader.conf(5)). It reads the files
// that the boot loader itself reads, not those that they are made from, such as etc/default/grub.
package bootloader

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Command is one command of a script of GRUB, such as grub.cfg.
type Command struct {
	inventory.Position

	Words []string // without quotes; a variable is its name between two NULs

	Open  bool // a block in braces follows
	Close bool // the command is the brace that ends a block
}

// lexer splits a script into commands.
type lexer struct {
	s     string
	pos   int
	all   []Command
	words []string // of the command that is being read
	word  strings.Builder
	some  bool // a word has begun
	start int  // the line where the command begins
	line  int
	depth int // of braces
	limit *budget.Budget
	over  error // the budget is used up
	bare  int   // the place before which no brace closes what was opened so far
}

// Parse splits the text of a script of GRUB into commands (GRUB manual, "Writing full configuration
// files directly"). An open quote, a brace without its counterpart and a NUL are errors, with their
// line. Too many commands and words are [inventory.ErrLimit].
func Parse(b []byte) ([]Command, error) { return parse(b, new(budget.Budget)) }

// maxLine is how long a line may be. GRUB takes longer ones apart.
const maxLine = 8_000

// parse is Parse within a budget.
func parse(b []byte, limit *budget.Budget) ([]Command, error) {
	var bad mistakes.List
	s := strings.ReplaceAll(string(b), "\r\n", "\n")
	if strings.HasPrefix(s, "\ufeff") {
		bad.Addf("line 1: a byte order mark, which is part of the first word")
		return nil, bad.Err()
	}
	at := 1
	for line := range strings.SplitSeq(s, "\n") {
		if len(line) > maxLine {
			bad.Addf("line %d: longer than %d bytes", at, maxLine)
			return nil, bad.Err()
		}
		at++
	}
	if i := strings.IndexByte(s, 0); i >= 0 {
		bad.Addf("line %d: a NUL", 1+strings.Count(s[:i], "\n"))
		return nil, bad.Err()
	}
	l := lexer{s: s, line: 1, limit: limit}
	for ; l.pos < len(s); l.pos++ {
		at := l.line
		if wrong := l.readByte(s[l.pos]); wrong != "" {
			bad.Addf("line %d: %s", at, wrong)
			return nil, bad.Err()
		}
		if l.over != nil {
			return nil, fmt.Errorf("line %d: %w", at, l.over)
		}
	}
	l.endCommand(false)
	if l.depth > 0 {
		bad.Addf("line %d: a brace is left open", l.line)
	}
	if err := errors.Join(bad.Err(), l.over); err != nil {
		return nil, err
	}
	return l.all, nil
}

// readByte reads the byte c at pos and what belongs to it. It leaves pos at the last byte that it
// read, and returns the mistake, or "".
func (l *lexer) readByte(c byte) (wrong string) {
	switch c {
	case '\n':
		l.endCommand(false)
		l.line++
	case ';', '&', '|':
		l.endCommand(false)
	case ' ', '\t':
		l.endWord()
	case '#':
		if l.some {
			l.add(c)
			break
		}
		for l.pos+1 < len(l.s) && l.s[l.pos+1] != '\n' {
			l.pos++
		}
	case '{', '}':
		return l.readBrace(c)
	case '\'', '"':
		n, ok := l.readQuoted(l.s[l.pos+1:], c)
		if !ok {
			return "a quote that is left open"
		}
		l.pos += n
	case '\\':
		if l.pos++; l.pos == len(l.s) {
			return "a backslash at the end of the file"
		} else if l.s[l.pos] == '\n' {
			l.line++
		} else {
			l.add(l.s[l.pos])
		}
	case '$':
		l.pos += l.readVariable(l.s[l.pos+1:])
	default:
		if c < ' ' || c == 0x7f {
			return "a special character"
		}
		l.add(c)
	}
	return ""
}

// readBrace reads a brace. In a word, and before one, it is an ordinary character.
func (l *lexer) readBrace(c byte) (wrong string) {
	before := l.pos+1 < len(l.s) && !strings.ContainsRune(" \t\n\r;", rune(l.s[l.pos+1]))
	switch {
	case l.some || c == '{' && before:
		l.add(c)
		return ""
	case c == '{':
		l.depth++
		l.endCommand(true)
		return ""
	}
	if l.depth--; l.depth < 0 {
		return "a brace that ends nothing"
	}
	l.endCommand(false)
	l.take()
	l.all = append(l.all, Command{Position: inventory.Position{Line: l.line}, Close: true})
	return ""
}

// begin begins a word, and a command if it is the first one.
func (l *lexer) begin() {
	if !l.some {
		l.some = true
		if len(l.words) == 0 {
			l.start = l.line
		}
	}
}

// add adds a byte to the word.
func (l *lexer) add(c byte) {
	l.begin()
	l.word.WriteByte(c)
}

// take takes one word or command from the budget.
func (l *lexer) take() {
	if l.over == nil {
		l.over = l.limit.Items(1)
	}
}

// endWord ends the word, if one has begun.
func (l *lexer) endWord() {
	if l.some {
		l.take()
		l.words = append(l.words, l.word.String())
		l.word.Reset()
		l.some = false
	}
}

// endCommand ends the command, if one has begun. open says that a block follows.
func (l *lexer) endCommand(open bool) {
	l.endWord()
	if len(l.words) > 0 || open {
		if len(l.words) == 0 {
			l.start = l.line
		}
		l.take()
		l.all = append(l.all, Command{Words: l.words, Position: inventory.Position{Line: l.start}, Open: open})
		l.words = nil
	}
}

// readQuoted reads the text in quotes, of which s is what follows the first one. It returns the
// length of the text with the last quote, and false if there is no last one.
func (l *lexer) readQuoted(s string, quote byte) (int, bool) {
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
			i += l.readVariable(s[i+1:])
		default:
			if c == '\n' {
				l.line++
			}
			l.word.WriteByte(c)
		}
	}
	return 0, false
}

// isNameByte reports whether a byte may be part of the name of a variable.
func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// readVariable reads $name or ${name}, of which s is what follows the "$", and adds NUL, name and
// NUL to the word. It returns how many bytes of s it read.
func (l *lexer) readVariable(s string) int {
	name, n := s, 0
	if strings.HasPrefix(s, "{") {
		name = ""
		if at := len(l.s) - len(s); at >= l.bare {
			i := strings.IndexAny(s, "}\n")
			switch {
			case i > 0 && s[i] == '}':
				name, n = s[1:i], i+1
			case i < 0:
				l.bare = len(l.s)
			default:
				l.bare = at + i
			}
		}
	} else {
		for n < len(s) && isNameByte(s[n]) {
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
