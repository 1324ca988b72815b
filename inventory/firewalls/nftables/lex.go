package nftables

import (
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// token is a word, a string without its quotes, "," or a block in braces.
type token struct {
	text   string
	quoted bool
	given  bool        // it comes from a variable
	braced bool        // the token is a block
	block  []statement // the statements of the block
	open   bool        // the last statement of the block has no end, which only sets allow
	line   int         // counted from 1
}

// statement is the tokens up to a semicolon or the end of a line.
type statement []token

// maxDepth bounds blocks in blocks.
const maxDepth = 32

// lexer splits the text of a file into statements.
type lexer struct {
	s     string
	pos   int
	line  int
	wrong string // the first mistake
	at    int    // its line
	limit *budget.Budget
	over  error // the budget is used up
}

// readStatements reads the statements of a block up to its closing brace, or those of the file at
// depth 0. It reports whether the last one of a block is open.
func (l *lexer) readStatements(depth int) (block []statement, open bool) {
	var all []statement
	var now statement
	end := func() {
		if len(now) > 0 {
			all = append(all, now)
			now = nil
		}
	}
	for l.wrong == "" && l.over == nil {
		l.skipBlanks()
		if l.pos >= len(l.s) {
			if depth > 0 {
				l.addMistake("a block that is not closed")
			}
			break
		}
		switch c := l.s[l.pos]; {
		case c == '\n' || c == ';':
			l.pos++
			if c == '\n' {
				l.line++
			}
			end()
		case c == '}' && depth > 0:
			l.pos++
			open = len(now) > 0
			end()
			return all, open
		default:
			if t, ok := l.readToken(c, depth); ok {
				if l.over = l.limit.Items(1); l.over != nil {
					l.at = l.line
				}
				now = append(now, t)
			}
		}
	}
	end()
	return all, false
}

// readToken reads the token that begins with c. A brace at a wrong place is a mistake and no token.
func (l *lexer) readToken(c byte, depth int) (t token, ok bool) {
	switch c {
	case '{':
		t = token{braced: true, line: l.line}
		l.pos++
		if depth >= maxDepth {
			l.addMistake("too many blocks in blocks")
			return t, false
		}
		t.block, t.open = l.readStatements(depth + 1)
		return t, true
	case '}':
		l.addMistake("a brace that closes nothing")
		return t, false
	case ',':
		l.pos++
		return token{text: ",", line: l.line}, true
	}
	return l.readWord(), true
}

// skipBlanks skips white space, comments and the backslashes that join a line to the next one.
func (l *lexer) skipBlanks() {
	for l.pos < len(l.s) {
		switch c := l.s[l.pos]; {
		case c == ' ' || c == '\t':
			l.pos++
		case c == '\\' && strings.HasPrefix(l.s[l.pos:], "\\\n"):
			l.pos += 2
			l.line++
		case c == '#':
			for l.pos < len(l.s) && l.s[l.pos] != '\n' {
				l.pos++
			}
		default:
			return
		}
	}
}

// readWord reads a word or a string in quotes.
func (l *lexer) readWord() token {
	if q := l.s[l.pos]; q == '"' || q == '\'' {
		end := strings.IndexAny(l.s[l.pos+1:], string([]byte{q, '\n'}))
		if end < 0 || l.s[l.pos+1+end] == '\n' {
			l.addMistake("a quote that is not closed")
			return token{}
		}
		t := token{text: l.s[l.pos+1 : l.pos+1+end], quoted: true, line: l.line}
		l.pos += end + 2
		return t
	}
	for _, op := range []string{"!=", "==", "<=", ">="} { // "!=22" is two words
		if strings.HasPrefix(l.s[l.pos:], op) {
			l.pos += len(op)
			return token{text: op, line: l.line}
		}
	}
	start := l.pos
	for l.pos < len(l.s) && strings.IndexByte(" \t\n;{},\"'#", l.s[l.pos]) < 0 {
		l.pos++
	}
	if strings.HasSuffix(l.s[start:l.pos], "\\") && l.pos < len(l.s) && l.s[l.pos] == '\n' {
		l.pos-- // the backslash joins the line to the next one
	}
	if l.pos == start {
		l.addMistake("a sign that is not understood")
		l.pos++
		return token{}
	}
	return token{text: l.s[start:l.pos], line: l.line}
}

// addMistake keeps the first mistake and its line.
func (l *lexer) addMistake(what string) {
	if l.wrong == "" {
		l.wrong, l.at = what, l.line
	}
}
