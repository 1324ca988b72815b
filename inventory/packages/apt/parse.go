// Package apt reads how APT is configured. It reads the configuration, merged from
// etc/apt/apt.conf.d and etc/apt/apt.conf as in apt.conf(5), and the sources that packages come
// from, etc/apt/sources.list and etc/apt/sources.list.d, sources.list(5).
package apt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Action is the effect of a statement.
type Action uint8

// The effects of statements.
const (
	Set     Action = iota // gives a name a value; a name that ends in "::" adds to a list
	Clear                 // takes a name and all below it away
	Include               // reads another file
)

// Statement is one statement of a configuration file. Statements take effect in their order. Names
// include the names of the enclosing blocks.
type Statement struct {
	inventory.Position // where it begins

	Action Action
	Name   string // such as APT::Periodic::Enable; for Include, the file
	Value  string
}

// Parse reads the text of a configuration file. What APT refuses is an error, as APT then does
// nothing at all. APT accepts some oddities, such as a block that is never closed, and so does
// Parse.
func Parse(b []byte) ([]Statement, error) { return parse(b, new(budget.Budget)) }

// parse is Parse within a budget.
func parse(b []byte, limit *budget.Budget) ([]Statement, error) {
	p := parser{limit: limit}
	text := string(b)
	for more := true; more && !p.errs.Full(); {
		var line string
		line, text, more = strings.Cut(text, "\n")
		p.line++
		p.splitLine(p.stripComments(strings.ReplaceAll(line, "\t", "        ")))
		if p.over != nil {
			return nil, fmt.Errorf("line %d: %w", p.line, p.over)
		}
	}
	if trimSpace(p.pending.String()) != "" {
		p.errs.Addf("line %d: the statement has no end", p.from)
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return p.all, nil
}

// maxDepth is how many nested blocks APT accepts.
const maxDepth = 64

// parser reads the statements of one file.
type parser struct {
	all     []Statement
	errs    mistakes.List
	line    int
	comment bool            // the line begins within /* and */
	pending strings.Builder // the statement so far
	from    int             // the line where the statement begins
	blocks  []string        // qualified names of the enclosing blocks, outermost first
	limit   *budget.Budget
	over    error // the budget is used up
}

// stripComments returns a line without its comments. As in APT, the start of a comment to the end
// of the line counts even between /* and */.
func (p *parser) stripComments(line string) string {
	if p.comment {
		_, rest, ok := strings.Cut(line, "*/")
		if !ok {
			return ""
		}
		p.comment, line = false, rest
	}
	if !strings.ContainsAny(line, "/#") {
		return line
	}
	if i := indexUnquoted(line, startsLineComment); i >= 0 {
		line = line[:i]
	}
	var out strings.Builder
	for {
		i := indexUnquoted(line, func(s string) bool { return strings.HasPrefix(s, "/*") })
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

// startsLineComment reports whether s begins with a comment that goes to the end of the line.
func startsLineComment(s string) bool {
	return strings.HasPrefix(s, "//") ||
		s[0] == '#' && !strings.HasPrefix(s, "#clear") && !strings.HasPrefix(s, "#include")
}

// indexUnquoted returns the first index outside of quotes at which wanted reports true, or -1.
func indexUnquoted(line string, wanted func(string) bool) int {
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

// splitLine splits a line into statements. Each ends with ";", "{" or "}".
func (p *parser) splitLine(line string) {
	line = trimSpace(line)
	if p.pending.Len() == 0 {
		p.from = p.line
	} else {
		p.pending.WriteByte(' ')
	}
	quoted := false
	for i := 0; i < len(line) && p.over == nil; i++ {
		c := line[i]
		if c == '"' {
			quoted = !quoted
		}
		// One of these characters ends a statement outside of quotes.
		if quoted || c != ';' && c != '{' && c != '}' {
			p.pending.WriteByte(c)
			continue
		}
		text := trimSpace(p.pending.String())
		p.pending.Reset()
		if c == '{' || text != "" {
			p.addStatement(text, c)
		}
		if c == '}' && len(p.blocks) > 0 {
			p.blocks = p.blocks[:len(p.blocks)-1]
		}
		p.from = p.line
	}
	if trimSpace(p.pending.String()) == "" {
		p.pending.Reset()
	}
}

// addStatement adds the statement with this text and the character that ends it.
func (p *parser) addStatement(text string, end byte) {
	name, value, ok := p.splitStatement(text, end)
	if p.over = p.limit.Items(1); !ok || p.over != nil {
		return
	}
	switch {
	case strings.HasPrefix(name, "#") && len(name) > 1 && end != '{':
		p.addDirective(name, value)
		return
	case end != '{':
		p.set(p.qualify(name), value)
		return
	case name == "":
		p.errs.Addf("line %d: a block without a name", p.from)
		return
	case len(p.blocks) == maxDepth:
		p.errs.Addf("line %d: more than %d blocks one within another", p.from, maxDepth)
		return
	}
	// A block, which may have a value of its own.
	block := p.qualify(name)
	p.blocks = append(p.blocks, block)
	if value != "" {
		p.set(block, value)
	}
}

// splitStatement returns the name and the value of a statement, or false after a mistake.
func (p *parser) splitStatement(text string, end byte) (name, value string, ok bool) {
	name, rest, ok := cutWord(text)
	if !ok && text != "" {
		p.errs.Addf("line %d: a name with a quote or bracket that is not closed", p.from)
		return "", "", false
	}
	value, given := joinQuoted(rest)
	if !given {
		value, rest, given = cutWord(rest)
		if rest != "" {
			p.errs.Addf("line %d: more than one value", p.from)
			return "", "", false
		}
	}
	if !given && (name == "#clear" || name == "#include") {
		p.errs.Addf("line %d: %s of nothing", p.from, name)
		return "", "", false
	}
	// A lone word is an element of the enclosing list.
	if !given && end != '{' {
		name, value = "", name
	}
	return name, value, true
}

// qualify returns a name with the name of the enclosing block before it.
func (p *parser) qualify(name string) string {
	if len(p.blocks) == 0 || p.blocks[len(p.blocks)-1] == "" {
		return name
	}
	block := p.blocks[len(p.blocks)-1]
	if p.over == nil {
		p.over = p.limit.Expanded(len(block) + 2 + len(name))
	}
	if p.over != nil {
		return ""
	}
	return block + "::" + name
}

// set adds a statement that sets a value.
func (p *parser) set(name, value string) {
	p.all = append(p.all, Statement{inventory.Position{Line: p.from}, Set, name, value})
}

// addDirective adds a #clear or #include.
func (p *parser) addDirective(name, value string) {
	switch name {
	case "#clear":
		p.all = append(p.all, Statement{Action: Clear, Name: value, Position: inventory.Position{Line: p.from}})
	case "#include":
		p.all = append(p.all, Statement{Action: Include, Name: value, Position: inventory.Position{Line: p.from}})
	default:
		p.errs.Addf("line %d: an unknown directive", p.from)
	}
}

// cutWord returns the first word of s, without its quotes, and what follows it. Blanks may stand in
// quotes and brackets. It returns false for an empty s, and for a quote or bracket that is not
// closed.
func cutWord(s string) (first, rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	i := 0
	for i < len(s) && !isBlank(s[i]) {
		if end := closerOf(s[i]); end != 0 {
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

// trimSpace removes white space of ASCII, which is what APT takes for it.
func trimSpace(s string) string { return strings.Trim(s, " \t\r\n\f\v") }

// isBlank reports whether c is white space within a line.
func isBlank(c byte) bool { return strings.IndexByte(" \t\r\f\v", c) >= 0 }

// closerOf returns the character that closes a quote or bracket, or 0.
func closerOf(c byte) byte {
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
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
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

// joinQuoted returns the text of words that are all quoted, joined by a blank for each run of
// blanks. It returns false where a word is not quoted.
func joinQuoted(s string) (string, bool) {
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
