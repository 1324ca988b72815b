// Package apt tells how APT is configured: its own configuration, merged from
// etc/apt/apt.conf.d and etc/apt/apt.conf as apt.conf(5) has it, and the sources it installs
// from, sources.list(5).
package apt

import (
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Action is what a statement does to the configuration.
type Action uint8

// What statements do.
const (
	Set     Action = iota // gives a name a value; a name that ends in "::" adds to a list
	Clear                 // takes a name and all below it away
	Include               // reads another file
)

// Statement is one statement of a configuration file, in the order in which they take
// effect, with names of enclosing blocks written out.
type Statement struct {
	Action Action
	Name   string // APT::Periodic::Enable; of Clear too, and the file of Include
	Value  string
	Line   int // where it begins, counted from 1
}

// Parse reads the text of a configuration file. What APT refuses, and then does nothing at
// all, is an error; some is odd and accepted, such as a block that is never closed.
func Parse(b []byte) ([]Statement, error) {
	p := parser{}
	text := string(b)
	for more := true; more && !p.errs.Full(); {
		var line string
		line, text, more = strings.Cut(text, "\n")
		p.line++
		p.take(p.uncomment(strings.ReplaceAll(line, "\t", "        ")))
	}
	if strings.TrimSpace(p.pending.String()) != "" {
		p.errs.Addf("line %d: the statement has no end", p.from)
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return p.all, nil
}

// maxDepth is how many blocks APT has one within another.
const maxDepth = 64

type parser struct {
	all     []Statement
	errs    mistakes.List
	line    int
	comment bool            // within /* and */
	pending strings.Builder // the statement so far
	from    int             // the line where it begins
	blocks  []string        // names of the enclosing blocks, each with those around it
}

// uncomment answers a line without its comments. As in APT, what looks like the start of
// a comment to the end of the line is one even between /* and */.
func (p *parser) uncomment(line string) string {
	if p.comment {
		_, rest, ok := strings.Cut(line, "*/")
		if !ok {
			return ""
		}
		p.comment, line = false, rest
	}
	if i := unquoted(line, toEndOfLine); i >= 0 {
		line = line[:i]
	}
	var out strings.Builder
	for {
		i := unquoted(line, func(s string) bool { return strings.HasPrefix(s, "/*") })
		if i < 0 {
			return out.String() + line
		}
		out.WriteString(line[:i])
		_, rest, ok := strings.Cut(line[i+2:], "*/")
		if !ok {
			p.comment = true
			return out.String()
		}
		line = rest
	}
}

func toEndOfLine(s string) bool {
	return strings.HasPrefix(s, "//") || s[0] == '#' && !strings.HasPrefix(s, "#clear") && !strings.HasPrefix(s, "#include")
}

// unquoted answers where the first text that is wanted stands outside of quotes, or -1.
func unquoted(line string, wanted func(string) bool) int {
	quoted := false
	for i := range len(line) {
		if line[i] == '"' {
			quoted = !quoted
		} else if !quoted && wanted(line[i:]) {
			return i
		}
	}
	return -1
}

// take cuts a line into statements, each of which ends with ";", "{" or "}".
func (p *parser) take(line string) {
	line = strings.TrimSpace(line)
	if p.pending.Len() == 0 {
		p.from = p.line
	} else {
		p.pending.WriteByte(' ')
	}
	quoted := false
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c == '"' {
			quoted = !quoted
		}
		if quoted || c != ';' && c != '{' && c != '}' {
			p.pending.WriteByte(c)
			continue
		}
		text := strings.TrimSpace(p.pending.String())
		p.pending.Reset()
		if c == '{' || text != "" {
			p.statement(text, c)
		}
		if c == '}' && len(p.blocks) > 0 {
			p.blocks = p.blocks[:len(p.blocks)-1]
		}
		p.from = p.line
	}
	if strings.TrimSpace(p.pending.String()) == "" {
		p.pending.Reset()
	}
}

// statement takes the text of one, and what ends it.
func (p *parser) statement(text string, end byte) {
	name, rest, ok := word(text)
	if !ok && text != "" {
		p.errs.Addf("line %d: a name with a quote or bracket that is not closed", p.from)
		return
	}
	value, given := quotedWords(rest)
	if !given {
		value, rest, given = word(rest)
		if rest != "" {
			p.errs.Addf("line %d: more than one value", p.from)
			return
		}
	}
	if !given && (name == "#clear" || name == "#include") {
		p.errs.Addf("line %d: %s of nothing", p.from, name)
		return
	}
	if !given && end != '{' { // a lone word is an element of the enclosing list
		name, value = "", name
	}
	switch {
	case strings.HasPrefix(name, "#") && len(name) > 1 && end != '{':
		p.directive(name, value)
		return
	case end != '{':
		p.set(p.inBlock(name), value)
		return
	case name == "":
		p.errs.Addf("line %d: a block without a name", p.from)
		return
	case len(p.blocks) == maxDepth:
		p.errs.Addf("line %d: more than %d blocks one within another", p.from, maxDepth)
		return
	}
	block := p.inBlock(name)
	p.blocks = append(p.blocks, block)
	if value != "" {
		p.set(block, value)
	}
}

func (p *parser) inBlock(name string) string {
	if len(p.blocks) == 0 || p.blocks[len(p.blocks)-1] == "" {
		return name
	}
	return p.blocks[len(p.blocks)-1] + "::" + name
}

func (p *parser) set(name, value string) {
	p.all = append(p.all, Statement{Set, name, value, p.from})
}

func (p *parser) directive(name, value string) {
	switch name {
	case "#clear":
		p.all = append(p.all, Statement{Action: Clear, Name: value, Line: p.from})
	case "#include":
		p.all = append(p.all, Statement{Action: Include, Name: value, Line: p.from})
	default:
		p.errs.Addf("line %d: an unknown directive", p.from)
	}
}

// word answers the first word of s, in which blanks may stand between quotes or brackets,
// without its quotes, and what follows it.
func word(s string) (first, rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	i := 0
	for i < len(s) && !blank(s[i]) {
		if end := closing(s[i]); end != 0 {
			n := strings.IndexByte(s[i+1:], end)
			if n < 0 {
				return "", s, false
			}
			i += n + 1
		}
		i++
	}
	return unescape(strings.ReplaceAll(s[:i], `"`, "")), strings.TrimLeft(s[i:], " \t\r\f\v"), i > 0
}

func blank(c byte) bool { return strings.IndexByte(" \t\r\f\v", c) >= 0 }

func closing(c byte) byte {
	switch c {
	case '"':
		return '"'
	case '[':
		return ']'
	}
	return 0
}

// unescape decodes "%" with two hexadecimal digits.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// quotedWords answers what stands between the quotes of words that are all quoted, with a
// blank for what is between them.
func quotedWords(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	var b strings.Builder
	for s != "" {
		if s[0] != '"' {
			rest := strings.TrimLeft(s, " \t\r\f\v")
			if len(rest) == len(s) {
				return "", false
			}
			b.WriteByte(' ')
			s = rest
			continue
		}
		text, rest, ok := strings.Cut(s[1:], `"`)
		if !ok {
			return "", false
		}
		b.WriteString(text)
		s = rest
	}
	return b.String(), true
}
