package nftables

import "strings"

// token is a word, a string without its quotes, "," or a block in braces.
type token struct {
	text   string
	quoted bool
	block  []statement // of a block
	braced bool
	open   bool // the last statement of the block is not ended, which only sets allow
	line   int
}

// statement is the tokens up to a semicolon or the end of a line.
type statement []token

const maxDepth = 32 // of blocks in blocks

type lexer struct {
	s     string
	pos   int
	line  int
	wrong string // the first mistake
	at    int
}

// statements reads up to the brace that closes the block, or the end of the text.
func (l *lexer) statements(depth int) (block []statement, open bool) {
	var all []statement
	var now statement
	end := func() {
		if len(now) > 0 {
			all = append(all, now)
			now = nil
		}
	}
	for l.wrong == "" {
		l.blanks()
		if l.pos >= len(l.s) {
			if depth > 0 {
				l.mistake("a block that is not closed")
			}
			break
		}
		switch c := l.s[l.pos]; c {
		case '\n', ';':
			l.pos++
			if c == '\n' {
				l.line++
			}
			end()
		case '{':
			t := token{braced: true, line: l.line}
			l.pos++
			if depth >= maxDepth {
				l.mistake("too many blocks in blocks")
				break
			}
			t.block, t.open = l.statements(depth + 1)
			now = append(now, t)
		case '}':
			if depth == 0 {
				l.mistake("a brace that closes nothing")
				break
			}
			l.pos++
			open = len(now) > 0
			end()
			return all, open
		case ',':
			l.pos++
			now = append(now, token{text: ",", line: l.line})
		default:
			now = append(now, l.word())
		}
	}
	end()
	return all, false
}

// blanks skips white space, comments, and lines that are joined to the next.
func (l *lexer) blanks() {
	for l.pos < len(l.s) {
		switch c := l.s[l.pos]; {
		case c == ' ' || c == '\t' || c == '\r':
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

func (l *lexer) word() token {
	if q := l.s[l.pos]; q == '"' || q == '\'' {
		end := strings.IndexByte(l.s[l.pos+1:], q)
		if end < 0 || strings.Contains(l.s[l.pos+1:l.pos+1+end], "\n") {
			l.mistake("a quote that is not closed")
			return token{}
		}
		t := token{text: l.s[l.pos+1 : l.pos+1+end], quoted: true, line: l.line}
		l.pos += end + 2
		return t
	}
	start := l.pos
	for l.pos < len(l.s) && !strings.ContainsRune(" \t\r\n;{},\"'#", rune(l.s[l.pos])) {
		l.pos++
	}
	if strings.HasSuffix(l.s[start:l.pos], "\\") && l.pos < len(l.s) && l.s[l.pos] == '\n' {
		l.pos-- // a line that is joined to the next
	}
	if l.pos == start {
		l.mistake("a sign that is not understood")
		l.pos++
		return token{}
	}
	return token{text: l.s[start:l.pos], line: l.line}
}

func (l *lexer) mistake(what string) {
	if l.wrong == "" {
		l.wrong, l.at = what, l.line
	}
}
