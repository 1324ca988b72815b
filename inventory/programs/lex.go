package programs

import (
	"errors"
	"strings"
)

// part is a piece of a word: a text, a variable, or what is worked out.
type part struct {
	text   string
	name   string  // of a variable
	orElse *string // what the variable stands for where it is not set
	opaque bool    // worked out
	quoted bool
}

// lexeme is a word or an operator. Most words are simple, and have no parts.
type lexeme struct {
	op     string
	parts  []part
	raw    string
	simple bool   // one text, in quotes or without
	text   string // of a simple word
}

// plain returns the text of a word without expansions and quotes.
func (x lexeme) plain() string {
	if x.simple && len(x.text) == len(x.raw) || x.op == "" && len(x.parts) == 1 && x.parts[0].text == x.raw {
		return x.raw
	}
	return ""
}

// all returns the parts of a word.
func (x lexeme) all() []part {
	if x.simple {
		return []part{{text: x.text, quoted: len(x.text) < len(x.raw)}}
	}
	return x.parts
}

var errShell = errors.New("a text that a shell does not understand")

// lexer splits a text of the shell, POSIX.1-2017 XCU 2.3.
type lexer struct {
	s    string
	i    int
	subs []string // texts of substitutions, which are run too
	docs []string // the ends of here-documents
	deep int
}

var ops = []string{"<<<", "<<-", ";;&", "&>>", "&&", "||", ";;", ";&", "<<", "<&", ">&", ">>", ">|", "&>", "<>", "&", ";", "|", "(", ")", "<", ">", "\n"}

// next returns the next lexeme, and false at the end.
func (l *lexer) next() (lexeme, bool, error) {
	for l.i < len(l.s) {
		switch c := l.s[l.i]; {
		case c == ' ' || c == '\t' || c == '\r':
			l.i++
			continue
		case c == '\\' && strings.HasPrefix(l.s[l.i:], "\\\n"):
			l.i += 2
			continue
		case c == '#':
			for l.i < len(l.s) && l.s[l.i] != '\n' {
				l.i++
			}
			continue
		}
		break
	}
	if l.i >= len(l.s) {
		return lexeme{}, false, nil
	}
	if rest := l.s[l.i:]; strings.HasPrefix(rest, "<(") || strings.HasPrefix(rest, ">(") {
		l.i++
		sub, err := l.balanced()
		l.subs = append(l.subs, sub)
		return lexeme{parts: []part{{opaque: true}}}, err == nil, err
	}
	for _, op := range ops {
		if strings.HasPrefix(l.s[l.i:], op) {
			l.i += len(op)
			if op == "\n" {
				l.skipDocs()
			}
			return lexeme{op: op}, true, nil
		}
	}
	return l.word()
}

// skipDocs skips here-documents.
func (l *lexer) skipDocs() {
	for _, end := range l.docs {
		for l.i < len(l.s) {
			line, _, _ := strings.Cut(l.s[l.i:], "\n")
			l.i = min(l.i+len(line)+1, len(l.s))
			if strings.TrimLeft(line, "\t") == end {
				break
			}
		}
	}
	l.docs = nil
}

// word reads a word.
func (l *lexer) word() (lexeme, bool, error) {
	if x, ok := l.simple(); ok {
		return x, true, nil
	}
	var x lexeme
	begin := l.i
	var text strings.Builder
	cut := func() {
		if text.Len() > 0 {
			x.parts = append(x.parts, part{text: text.String()})
			text.Reset()
		}
	}
	for l.i < len(l.s) {
		c := l.s[l.i]
		if strings.IndexByte(" \t\r\n;&|<>)", c) >= 0 {
			break
		}
		if c == '(' {
			// An array or a pattern belongs to the word; the brackets of a function do not.
			if w := l.s[begin:l.i]; !strings.HasSuffix(w, "=") && (w == "" || strings.IndexByte("@?*+!", w[len(w)-1]) < 0) {
				break
			}
			if _, err := l.balanced(); err != nil {
				return x, false, err
			}
			cut()
			x.parts = append(x.parts, part{opaque: true})
			continue
		}
		switch c {
		case '\'':
			end := strings.IndexByte(l.s[l.i+1:], '\'')
			if end < 0 {
				return x, false, errShell
			}
			cut()
			x.parts = append(x.parts, part{text: l.s[l.i+1 : l.i+1+end], quoted: true})
			l.i += end + 2
		case '"':
			cut()
			some, err := l.double()
			if err != nil {
				return x, false, err
			}
			x.parts = append(x.parts, some...)
		case '\\':
			if l.i+1 >= len(l.s) {
				l.i++
				break
			}
			if l.s[l.i+1] != '\n' {
				text.WriteByte(l.s[l.i+1])
			}
			l.i += 2
		case '$', '`':
			cut()
			p, err := l.expansion(false)
			if err != nil {
				return x, false, err
			}
			x.parts = append(x.parts, p)
		default:
			text.WriteByte(c)
			l.i++
		}
	}
	cut()
	x.raw = l.s[begin:l.i]
	if x.raw == "" { // a bracket where no word begins
		l.i++
		return lexeme{op: ";"}, true, nil
	}
	return x, true, nil
}

// simple reads a word that is a text, or a text in double quotes.
func (l *lexer) simple() (lexeme, bool) {
	rest, quote := l.s[l.i:], 0
	stop := " \t\r\n;&|<>()'\"\\$`"
	if rest[0] == '"' {
		stop, quote = "\"\\$`", 1
	}
	end := strings.IndexAny(rest[quote:], stop)
	if end <= 0 && quote == 0 || end < 0 {
		return lexeme{}, false
	}
	after := quote + end
	if quote == 1 {
		if rest[after] != '"' {
			return lexeme{}, false
		}
		after++
	}
	if after >= len(rest) || strings.IndexByte(" \t\r\n;&|<>)", rest[after]) < 0 {
		return lexeme{}, false
	}
	l.i += after
	return lexeme{raw: rest[:after], simple: true, text: rest[quote : quote+end]}, true
}

// double reads a text in double quotes.
func (l *lexer) double() ([]part, error) {
	all := []part{{quoted: true}} // so that an empty text is a word
	var text strings.Builder
	cut := func() {
		if text.Len() > 0 {
			all = append(all, part{text: text.String(), quoted: true})
			text.Reset()
		}
	}
	for l.i++; l.i < len(l.s); {
		switch c := l.s[l.i]; {
		case c == '"':
			l.i++
			cut()
			return all, nil
		case c == '\\' && l.i+1 < len(l.s):
			if strings.IndexByte("\"\\$`\n", l.s[l.i+1]) < 0 {
				text.WriteByte('\\')
			}
			if l.s[l.i+1] != '\n' {
				text.WriteByte(l.s[l.i+1])
			}
			l.i += 2
		case c == '$' || c == '`':
			cut()
			p, err := l.expansion(true)
			if err != nil {
				return nil, err
			}
			all = append(all, p)
		default:
			text.WriteByte(c)
			l.i++
		}
	}
	return nil, errShell
}

// maxNested is how deep substitutions may be in one another.
const maxNested = 50

// expansion reads an expansion.
func (l *lexer) expansion(quoted bool) (part, error) {
	rest := l.s[l.i:]
	p := part{opaque: true, quoted: quoted}
	switch {
	case rest[0] == '`':
		var sub strings.Builder
		for l.i++; l.i < len(l.s) && l.s[l.i] != '`'; l.i++ {
			if l.s[l.i] == '\\' && l.i+1 < len(l.s) {
				l.i++
			}
			sub.WriteByte(l.s[l.i])
		}
		if l.i >= len(l.s) {
			return p, errShell
		}
		l.i++
		l.subs = append(l.subs, sub.String())
		return p, nil
	case strings.HasPrefix(rest, "$(("):
		l.i++
		_, err := l.balanced()
		return p, err
	case strings.HasPrefix(rest, "$("):
		l.i++
		sub, err := l.balanced()
		l.subs = append(l.subs, sub)
		return p, err
	case strings.HasPrefix(rest, "${"):
		return l.braces(p)
	case strings.HasPrefix(rest, "$'") && !quoted:
		l.i++
		for l.i++; l.i < len(l.s) && l.s[l.i] != '\''; l.i++ {
			if l.s[l.i] == '\\' {
				l.i++
			}
		}
		l.i++
		if l.i > len(l.s) {
			return p, errShell
		}
		return p, nil
	}
	l.i++
	end := nameLen(rest[1:])
	if end == 0 && len(rest) > 1 && strings.IndexByte("0123456789@*#?-$!", rest[1]) >= 0 {
		end = 1
	}
	if end == 0 {
		return part{text: "$", quoted: quoted}, nil
	}
	l.i += end
	return part{name: rest[1 : 1+end], quoted: quoted}, nil
}

// braces reads "${...}".
func (l *lexer) braces(p part) (part, error) {
	l.i += 2
	begin, depth := l.i, 1
	for ; l.i < len(l.s); l.i++ {
		switch l.s[l.i] {
		case '\\':
			l.i++
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if l.i >= len(l.s) {
		return p, errShell
	}
	text := l.s[begin:l.i]
	l.i++
	if _, rest, ok := strings.Cut(text, "$("); ok { // what is run in it
		l.subs = append(l.subs, strings.TrimRight(rest, ")"))
	}
	name := text[:nameLen(text)]
	if name == "" && text != "" && strings.IndexByte("0123456789@*", text[0]) >= 0 {
		name = text[:1]
	}
	switch after := text[len(name):]; {
	case name == "":
		return p, nil
	case after == "":
		return part{name: name, quoted: p.quoted}, nil
	default:
		for _, op := range []string{":-", "-", ":=", "="} {
			if other, ok := strings.CutPrefix(after, op); ok {
				other = strings.Trim(other, `"`)
				if strings.ContainsAny(other, "$`\\'\"") {
					return p, nil
				}
				return part{name: name, orElse: &other, quoted: p.quoted}, nil
			}
		}
	}
	return p, nil
}

// balanced skips a text in brackets that begins at i, and returns what is in it.
func (l *lexer) balanced() (string, error) {
	if l.deep++; l.deep > maxNested {
		return "", errShell
	}
	defer func() { l.deep-- }()
	depth, begin := 0, l.i+1
	for l.i < len(l.s) {
		switch c := l.s[l.i]; c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				l.i++
				return l.s[begin : l.i-1], nil
			}
		case '\\':
			l.i++
		case '\'':
			end := strings.IndexByte(l.s[l.i+1:], '\'')
			if end < 0 {
				return "", errShell
			}
			l.i += end + 1
		case '"':
			before := len(l.subs)
			if _, err := l.double(); err != nil {
				return "", err
			}
			l.subs = l.subs[:before] // the text as a whole is followed
			continue
		}
		l.i++
	}
	return "", errShell
}

// nameLen returns how long the name of a variable at the beginning of s is.
func nameLen(s string) int {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(s)
}
