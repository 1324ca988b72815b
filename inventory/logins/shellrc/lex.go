package shellrc

import (
	"fmt"
	"strings"
)

// token is a word, or an operator where op is not empty.
type token struct {
	op   string
	word Text
	raw  string // as written, for reserved words and tests
	line int
}

// lexer cuts the text of a file into tokens. It follows the token recognition of POSIX.1-2017,
// XCU 2.3, with the operators of bash(1).
type lexer struct {
	s       string
	i, line int
	docs    []heredoc // that begin after the line
	err     error
	depth   int // of quotes in expansions in quotes
}

type heredoc struct {
	end  string
	tabs bool // those before the text do not count
}

// operators, the longer ones first.
var operators = []string{"<<<", "<<-", ";;&", "&>>", "&&", "||", ";;", ";&", "<<", "<&", ">&", ">>", ">|", "&>", "<>", "&", ";", "|", "(", ")", "<", ">"}

func (l *lexer) fail(format string, args ...any) {
	l.i = min(l.i, len(l.s))
	if l.err == nil {
		l.err = fmt.Errorf("line %d: "+format, append([]any{l.line}, args...)...)
	}
}

// next answers the next token; it is not ok at the end or after a mistake.
func (l *lexer) next() (token, bool) {
	l.blanks()
	if l.i >= len(l.s) || l.err != nil {
		return token{}, false
	}
	if l.s[l.i] == '\n' {
		t := token{op: "\n", line: l.line}
		l.i++
		l.line++
		l.skipDocs()
		return t, true
	}
	if rest := l.s[l.i:]; strings.HasPrefix(rest, "<(") || strings.HasPrefix(rest, ">(") { // a process for a file
		t := token{word: unknown, raw: rest[:2], line: l.line}
		l.i++
		l.balanced('(', ')')
		return t, l.err == nil
	}
	for _, op := range operators {
		if strings.HasPrefix(l.s[l.i:], op) {
			l.i += len(op)
			return token{op: op, line: l.line}, true
		}
	}
	return l.word()
}

func (l *lexer) blanks() {
	for l.i < len(l.s) {
		switch c := l.s[l.i]; {
		case c == ' ' || c == '\t' || c == '\r' && l.i+1 < len(l.s) && l.s[l.i+1] != '\n':
			l.i++
		case c == '\\' && strings.HasPrefix(l.s[l.i:], "\\\n"):
			l.i += 2
			l.line++
		case c == '#':
			for l.i < len(l.s) && l.s[l.i] != '\n' {
				l.i++
			}
		default:
			return
		}
	}
}

// skipDocs passes over the here-documents that the line has announced.
func (l *lexer) skipDocs() {
	for _, d := range l.docs {
		for {
			if l.i >= len(l.s) {
				l.fail("a here-document without its end")
				return
			}
			text, _, _ := strings.Cut(l.s[l.i:], "\n")
			l.i = min(l.i+len(text)+1, len(l.s))
			l.line++
			if d.tabs {
				text = strings.TrimLeft(text, "\t")
			}
			if text == d.end {
				break
			}
		}
	}
	l.docs = nil
}

const metacharacters = " \t\n;&|()<>"

// word reads a word: quotes are removed, expansions marked.
func (l *lexer) word() (token, bool) {
	var w strings.Builder
	t := token{line: l.line}
	begin := l.i
	for l.i < len(l.s) && l.err == nil {
		if l.s[l.i] == '(' && opens(l.s[begin:l.i]) {
			l.balanced('(', ')')
			w.WriteString(unknown)
			continue
		}
		if strings.IndexByte(metacharacters, l.s[l.i]) >= 0 {
			break
		}
		switch c := l.s[l.i]; c {
		case '\'':
			l.i++
			end := strings.IndexByte(l.s[l.i:], '\'')
			if end < 0 {
				l.fail("a quote is not closed")
				break
			}
			text := l.s[l.i : l.i+end]
			l.line += strings.Count(text, "\n")
			w.WriteString(text)
			l.i += end + 1
		case '"':
			l.double(&w)
		case '\\':
			l.escaped(&w, false)
		case '$', '`':
			l.expansion(&w)
		case 0:
			l.fail("a NUL byte")
		default:
			w.WriteByte(c)
			l.i++
		}
	}
	t.word, t.raw = Text(w.String()), l.s[begin:l.i]
	return t, l.err == nil
}

// opens reports whether a bracket after the beginning of a word belongs to it: that of an
// array, or of a pattern of bash.
func opens(word string) bool {
	if name, ok := strings.CutSuffix(word, "="); ok {
		name, _, _ = strings.Cut(strings.TrimSuffix(name, "+"), "[")
		return isName(name)
	}
	return word != "" && strings.IndexByte("@?*+", word[len(word)-1]) >= 0 || len(word) > 1 && word[len(word)-1] == '!'
}

func (l *lexer) double(w *strings.Builder) {
	if l.depth++; l.depth > 200 {
		l.fail("nested too deep")
		return
	}
	defer func() { l.depth-- }()
	for l.i++; l.i < len(l.s) && l.err == nil; {
		switch c := l.s[l.i]; c {
		case '"':
			l.i++
			return
		case '\\':
			l.escaped(w, true)
		case '$', '`':
			l.expansion(w)
		case 0:
			l.fail("a NUL byte")
		default:
			if c == '\n' {
				l.line++
			}
			w.WriteByte(c)
			l.i++
		}
	}
	l.fail("a quote is not closed")
}

func (l *lexer) escaped(w *strings.Builder, quoted bool) {
	if l.i++; l.i >= len(l.s) {
		l.fail("a backslash at the end")
		return
	}
	c := l.s[l.i]
	l.i++
	switch {
	case c == '\n':
		l.line++
	case c == 0:
		l.fail("a NUL byte")
	default:
		if quoted && strings.IndexByte("\"\\$`", c) < 0 {
			w.WriteByte('\\')
		}
		w.WriteByte(c)
	}
}

const unknown = "\x00?\x00"

// expansion reads what begins with "$" or "`".
func (l *lexer) expansion(w *strings.Builder) {
	rest := l.s[l.i:]
	switch {
	case rest[0] == '`':
		l.until("`")
		w.WriteString(unknown)
	case strings.HasPrefix(rest, "$("):
		l.i++
		l.balanced('(', ')')
		w.WriteString(unknown)
	case strings.HasPrefix(rest, "${"):
		begin := l.i + 2
		l.i++
		l.balanced('{', '}')
		if name := l.s[begin:max(begin, l.i-1)]; isName(name) || len(name) == 1 {
			w.WriteString("\x00" + name + "\x00")
		} else {
			w.WriteString(unknown)
		}
	case strings.HasPrefix(rest, "$'"):
		l.i++
		l.until("'")
		w.WriteString(unknown)
	default:
		l.i++
		end := 0
		for end < len(rest)-1 && nameByte(rest[end+1], end > 0) {
			end++
		}
		if end == 0 && len(rest) > 1 && strings.IndexByte("0123456789@*#?-$!", rest[1]) >= 0 {
			end = 1
		}
		if end == 0 {
			w.WriteByte('$')
			return
		}
		w.WriteString("\x00" + rest[1:1+end] + "\x00")
		l.i += end
	}
}

// until passes over what is quoted by one byte, escapes heeded.
func (l *lexer) until(end string) {
	for l.i++; l.i < len(l.s); l.i++ {
		switch l.s[l.i] {
		case '\\':
			l.i++
			if l.i < len(l.s) && l.s[l.i] == '\n' {
				l.line++
			}
		case '\n':
			l.line++
		case end[0]:
			l.i++
			return
		}
	}
	l.fail("a quote is not closed")
}

// balanced passes over what is in brackets, quotes inside heeded.
func (l *lexer) balanced(open, shut byte) {
	depth := 0
	for l.i < len(l.s) && l.err == nil {
		switch c := l.s[l.i]; c {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				l.i++
				return
			}
		case '\\':
			l.i++
		case '\'':
			end := strings.IndexByte(l.s[l.i+1:], c)
			if open == '{' || end < 0 { // in "${x:-it's}" it is no quote
				break
			}
			l.line += strings.Count(l.s[l.i+1:l.i+1+end], "\n")
			l.i += end + 2
			continue
		case '`':
			l.until("`")
			continue
		case '"':
			var w strings.Builder
			l.double(&w)
			continue
		}
		if l.i < len(l.s) && l.s[l.i] == '\n' {
			l.line++
		}
		l.i++
	}
	l.fail("a bracket is not closed")
}

func nameByte(c byte, digits bool) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || digits && '0' <= c && c <= '9'
}

func isName(s string) bool {
	for i := range len(s) {
		if !nameByte(s[i], i > 0) {
			return false
		}
	}
	return s != ""
}
