package shellrc

import (
	"fmt"
	"strings"
)

// token is a word, or an operator if op is not empty.
type token struct {
	op   string
	word Text   // without quotes, expansions marked
	raw  string // as written, for reserved words and tests
	line int
}

// lexer splits the text of a file into tokens. It follows the token recognition of POSIX.1-2017,
// XCU 2.3, with the operators of bash(1).
type lexer struct {
	s       string
	i, line int       // the next byte, and its line
	docs    []heredoc // here-documents that begin after the line
	err     error     // the first mistake
	depth   int       // how many quotes in expansions in quotes are open
}

// heredoc is the beginning of a here-document.
type heredoc struct {
	end  string // the line that ends it
	tabs bool   // tabs at the beginning of lines do not count
}

// operators are the operators, the longer ones first.
var operators = []string{
	"<<<", "<<-", ";;&", "&>>",
	"&&", "||", ";;", ";&", "<<", "<&", ">&", ">>", ">|", "&>", "<>",
	"&", ";", "|", "(", ")", "<", ">",
}

// fail records a mistake. The first one counts.
func (l *lexer) fail(format string, args ...any) {
	l.i = min(l.i, len(l.s))
	if l.err == nil {
		l.err = fmt.Errorf("line %d: "+format, append([]any{l.line}, args...)...)
	}
}

// next returns the next token. It returns false at the end and after a mistake.
func (l *lexer) next() (token, bool) {
	l.skipBlanks()
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
	// A process in the place of a file.
	if rest := l.s[l.i:]; strings.HasPrefix(rest, "<(") || strings.HasPrefix(rest, ">(") {
		t := token{word: unknown, raw: rest[:2], line: l.line}
		l.i++
		l.skipBalanced('(', ')')
		return t, l.err == nil
	}
	if strings.IndexByte("<>&;|()", l.s[l.i]) < 0 {
		return l.readWord()
	}
	for _, op := range operators {
		if strings.HasPrefix(l.s[l.i:], op) {
			l.i += len(op)
			return token{op: op, line: l.line}, true
		}
	}
	return l.readWord()
}

// skipBlanks skips blanks, comments and continuations of the line.
func (l *lexer) skipBlanks() {
	for l.i < len(l.s) {
		switch c := l.s[l.i]; {
		case c == ' ' || c == '\t': // a carriage return is a part of a word
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

// skipDocs skips the here-documents that the line announced.
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

// readWord reads a word. Quotes are removed and expansions marked.
func (l *lexer) readWord() (token, bool) {
	// Most words are as written.
	if end := strings.IndexAny(l.s[l.i:], metacharacters+"'\"\\$`\x00"); end > 0 && strings.IndexByte(" \t\n;&|)<>", l.s[l.i+end]) >= 0 {
		text := l.s[l.i : l.i+end]
		l.i += end
		return token{word: Text(text), raw: text, line: l.line}, true
	}
	var w strings.Builder
	t := token{line: l.line}
	begin, name := l.i, -1
	for l.i < len(l.s) && l.err == nil {
		// The bracket of an array or a pattern belongs to the word.
		if l.s[l.i] == '(' && opensBracket(l.s[begin:l.i], &name) {
			l.skipBalanced('(', ')')
			w.WriteString(unknown)
			continue
		}
		if strings.IndexByte(metacharacters, l.s[l.i]) >= 0 {
			break
		}
		switch c := l.s[l.i]; c {
		case '\'':
			l.readSingle(&w)
		case '"':
			l.readDouble(&w)
		case '\\':
			l.readEscaped(&w, false)
		case '$', '`':
			l.readExpansion(&w)
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

// opensBracket reports whether a bracket after the beginning of a word belongs to the word: an
// array, or a pattern of bash. name is how long the name of a variable at the beginning is, which is
// found out once for each word, -1 before.
func opensBracket(word string, name *int) bool {
	if left, ok := strings.CutSuffix(word, "="); ok {
		left = strings.TrimSuffix(left, "+")
		if *name < 0 {
			for *name = 0; *name < len(left) && isNameByte(left[*name], *name > 0); *name++ {
			}
		}
		return *name > 0 && (*name == len(left) || left[*name] == '[')
	}
	return word != "" && strings.IndexByte("@?*+", word[len(word)-1]) >= 0 || len(word) > 1 && word[len(word)-1] == '!'
}

// readSingle reads a text in single quotes.
func (l *lexer) readSingle(w *strings.Builder) {
	l.i++
	end := strings.IndexByte(l.s[l.i:], '\'')
	if end < 0 {
		l.fail("a quote is not closed")
		return
	}
	text := l.s[l.i : l.i+end]
	l.line += strings.Count(text, "\n")
	w.WriteString(text)
	l.i += end + 1
}

// readDouble reads a text in double quotes.
func (l *lexer) readDouble(w *strings.Builder) {
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
			l.readEscaped(w, true)
		case '$', '`':
			l.readExpansion(w)
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

// readEscaped reads a backslash and the character after it.
func (l *lexer) readEscaped(w *strings.Builder, quoted bool) {
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

// unknown is the mark of an expansion that has to be computed.
const unknown = "\x00?\x00"

// readExpansion reads an expansion, which begins with "$" or "`".
func (l *lexer) readExpansion(w *strings.Builder) {
	rest := l.s[l.i:]
	switch {
	case rest[0] == '`':
		l.skipUntil("`")
		w.WriteString(unknown)
	case strings.HasPrefix(rest, "$("):
		l.i++
		l.skipBalanced('(', ')')
		w.WriteString(unknown)
	case strings.HasPrefix(rest, "${"):
		begin := l.i + 2
		l.i++
		l.skipBalanced('{', '}')
		if name := l.s[begin:max(begin, l.i-1)]; isName(name) || len(name) == 1 {
			writeName(w, name)
		} else {
			w.WriteString(unknown)
		}
	case strings.HasPrefix(rest, "$'"):
		l.i++
		l.skipUntil("'")
		w.WriteString(unknown)
	default:
		l.readVariable(w, rest)
	}
}

// writeName writes the expansion of a variable.
func writeName(w *strings.Builder, name string) {
	w.WriteByte(0)
	w.WriteString(name)
	w.WriteByte(0)
}

// readVariable reads "$" and the name after it. Without a name the dollar sign is an ordinary
// character.
func (l *lexer) readVariable(w *strings.Builder, rest string) {
	l.i++
	end := 0
	for end < len(rest)-1 && isNameByte(rest[end+1], end > 0) {
		end++
	}
	if end == 0 && len(rest) > 1 && strings.IndexByte("0123456789@*#?-$!", rest[1]) >= 0 {
		end = 1
	}
	if end == 0 {
		w.WriteByte('$')
		return
	}
	writeName(w, rest[1:1+end])
	l.i += end
}

// skipUntil skips a text up to a closing quote, with its escapes.
func (l *lexer) skipUntil(end string) {
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

// skipBalanced skips a text in brackets, with the quotes in it.
func (l *lexer) skipBalanced(open, shut byte) {
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
			if open == '{' || end < 0 { // in "${x:-it's}" it is not a quote
				break
			}
			l.line += strings.Count(l.s[l.i+1:l.i+1+end], "\n")
			l.i += end + 2
			continue
		case '`':
			l.skipUntil("`")
			continue
		case '"':
			var w strings.Builder
			l.readDouble(&w)
			continue
		}
		if l.i < len(l.s) && l.s[l.i] == '\n' {
			l.line++
		}
		l.i++
	}
	l.fail("a bracket is not closed")
}

// isNameByte reports whether a character is allowed in the name of a variable.
func isNameByte(c byte, digits bool) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || digits && '0' <= c && c <= '9'
}

// isName reports whether s is the name of a variable.
func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i], i > 0) {
			return false
		}
	}
	return s != ""
}
