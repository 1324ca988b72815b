package shellrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// Parse reads the text of a start file. Where its structure is not understood, as with a quote that
// is not closed, it returns an error with the line, and no statements.
func Parse(b []byte) ([]Statement, error) { return parse(b, &budget.Budget{}) }

// parse is Parse with the statements that may still be kept.
func parse(b []byte, left *budget.Budget) ([]Statement, error) {
	p := &parser{left: left, l: &lexer{s: string(b), line: 1}}
	for t, ok := p.next(); ok; t, ok = p.next() {
		p.addToken(t)
	}
	p.endCommand("")
	if p.l.err == nil && len(p.frames) > 0 {
		p.l.fail("%q is not closed", p.frames[len(p.frames)-1].kind)
	}
	if p.l.err != nil {
		return nil, p.l.err
	}
	return p.out, nil
}

// loop is the head of a loop over words.
type loop struct {
	name  string
	words []token
}

// frame is a compound command that is open.
type frame struct {
	kind string // the word that opens it
	loop *loop  // of a loop, else nil
	fn   string // the function around it, or ""
	// tests means that its only condition is whether a file exists. conditions counts the
	// conditions before the body.
	tests      bool
	conditions int
	body       bool
	// pattern means that the pattern of a case is next.
	pattern bool
}

// parser is the state of reading one file.
type parser struct {
	l      *lexer
	frames []frame
	words  []token // of the current command
	before string  // the operator before the command
	fn     string  // the function that is being defined
	guard  bool    // the command before tests whether the mask is 0
	out    []Statement
	left   *budget.Budget
}

// take counts something that is kept, and ends the reading where there is too much of it.
func (p *parser) take() {
	if err := p.left.Items(1); err != nil && p.l.err == nil {
		p.l.err = fmt.Errorf("line %d: %w", p.l.line, err)
	}
}

// addWord adds a word to the current command, which has as many at most as a file has statements.
func (p *parser) addWord(t token) {
	if len(p.words) >= budget.MaxItems && p.l.err == nil {
		p.l.err = fmt.Errorf("line %d: %w: more than %d words in a command", p.l.line, budget.ErrLimit, budget.MaxItems)
		return
	}
	p.words = budget.Append(p.words, t)
}

// add adds a statement.
func (p *parser) add(s Statement) {
	if p.take(); p.l.err == nil {
		p.out = budget.Append(p.out, s)
	}
}

// next returns the next token.
func (p *parser) next() (token, bool) { return p.l.next() }

// top returns the innermost frame. Outside of all it is an empty one.
func (p *parser) top() *frame {
	if len(p.frames) == 0 {
		return &frame{}
	}
	return &p.frames[len(p.frames)-1]
}

// push opens a frame.
func (p *parser) push(f frame) {
	if len(p.frames) > 200 {
		p.l.fail("nested too deep")
		return
	}
	f.fn = p.fn
	if f.fn == "" {
		f.fn = p.top().fn
	}
	p.fn = ""
	p.frames = append(p.frames, f)
}

// pop closes the innermost frame, which has to be of one of these kinds.
func (p *parser) pop(kinds ...string) {
	if !slices.Contains(kinds, p.top().kind) {
		p.l.fail("an end without a beginning")
		return
	}
	p.frames = p.frames[:len(p.frames)-1]
}

// addToken handles one token.
func (p *parser) addToken(t token) {
	if p.top().pattern {
		p.skipPattern(t)
		return
	}
	switch t.op {
	case "":
		if len(p.words) == 0 && p.addReserved(t) {
			return
		}
		p.addWord(t)
	case "<", ">", ">>", ">|", "<>", ">&", "<&", "&>", "&>>", "<<<", "<<", "<<-":
		p.skipRedirect(t)
	case "(":
		p.openBracket(t)
	case ")":
		p.endCommand(t.op)
		p.pop("(")
		p.before = ")"
	case ";;", ";&", ";;&":
		p.endCommand(t.op)
		if p.top().kind != "case" {
			p.l.fail("%s outside of case", t.op)
		}
		p.top().pattern = true
	default:
		p.endCommand(t.op)
	}
}

// refuseBuiltin fails for a function that has the name of a command that is followed.
func (p *parser) refuseBuiltin(name string) {
	switch name {
	case "umask", "export", "readonly", "declare", "typeset", "unset":
		p.l.fail("a function has the name of a command of the shell")
	}
}

// openBracket handles a bracket: of a function, of arithmetic, or of a subshell.
func (p *parser) openBracket(t token) {
	if len(p.words) == 1 {
		p.fn = string(p.words[0].word)
		p.refuseBuiltin(p.fn)
		p.words = p.words[:0]
		if t, ok := p.next(); !ok || t.op != ")" {
			p.l.fail("want ) in the definition of a function")
		}
		return
	}
	if len(p.words) == 0 && strings.HasPrefix(p.l.s[p.l.i:], "(") {
		p.l.i--
		p.l.skipBalanced('(', ')')
		p.addWord(token{raw: "((", word: "((", line: t.line})
		return
	}
	p.endCommand(t.op)
	p.push(frame{kind: "("})
}

// skipRedirect skips a redirection and the number before it.
func (p *parser) skipRedirect(op token) {
	if n := len(p.words); n > 0 && strings.Trim(p.words[n-1].raw, "0123456789") == "" && p.isAdjacent(op) {
		p.words = p.words[:n-1]
	}
	t, ok := p.next()
	if !ok || t.op != "" {
		p.l.fail("nothing to redirect to")
		return
	}
	if op.op == "<<" || op.op == "<<-" {
		p.l.docs = append(p.l.docs, heredoc{string(t.word), op.op == "<<-"})
	}
}

// isAdjacent reports whether no blank is before the operator that was read last.
func (p *parser) isAdjacent(op token) bool {
	i := p.l.i - len(op.op) - 1
	return i >= 0 && strings.IndexByte(metacharacters, p.l.s[i]) < 0
}

// addReserved handles a reserved word at the beginning of a command. It returns false for any
// other word.
func (p *parser) addReserved(t token) bool {
	switch t.raw {
	case "if", "while", "until":
		p.push(frame{kind: t.raw})
	case "then", "do":
		p.top().body = true
		p.before = t.raw
	case "elif", "else":
		p.top().body, p.top().tests = true, false
	case "{":
		p.push(frame{kind: "{"})
	case "for", "select":
		p.readLoop(t)
	case "case":
		p.skipTo("in")
		p.push(frame{kind: "case", pattern: true})
	case "function":
		if n, ok := p.next(); ok && n.op == "" {
			p.fn = string(n.word)
			p.refuseBuiltin(p.fn)
		}
		p.skipParens()
	case "[[":
		p.skipTo("]]")
		p.addWord(token{raw: "[[", word: "[[", line: t.line})
	case "!", "time":
		p.top().conditions++
	default:
		return p.closeFrame(t.raw)
	}
	return true
}

// closeFrame handles a word that ends a compound command. It returns false for any other word.
func (p *parser) closeFrame(raw string) bool {
	switch raw {
	case "fi":
		p.pop("if")
	case "done":
		p.pop("while", "until", "for", "select")
	case "}":
		p.pop("{")
	case "esac":
		p.pop("case")
	default:
		return false
	}
	p.before = raw
	return true
}

// skipParens skips "()" if it follows.
func (p *parser) skipParens() {
	rest := strings.TrimLeft(p.l.s[p.l.i:], " \t")
	if strings.HasPrefix(rest, "()") {
		p.l.i = len(p.l.s) - len(rest) + 2
	}
}

// skipTo skips tokens up to a reserved word.
func (p *parser) skipTo(raw string) {
	for t, ok := p.next(); ok; t, ok = p.next() {
		if t.op == "" && t.raw == raw {
			return
		}
	}
	p.l.fail("%s is missing", raw)
}

// readLoop reads the head of a loop up to the end of its words.
func (p *parser) readLoop(head token) {
	lp := &loop{}
	if t, ok := p.next(); ok && t.op == "" {
		lp.name = string(t.word)
	} else if t.op == "(" { // for ((;;))
		p.skipArithmetic()
	}
	for t, ok := p.next(); ok; t, ok = p.next() {
		if t.op == "\n" || t.op == ";" {
			break
		}
		if t.op == "" && t.raw == "do" {
			break
		}
		if t.op == "" && t.raw != "in" {
			p.take()
			lp.words = budget.Append(lp.words, t)
		}
	}
	p.push(frame{kind: head.raw, loop: lp})
}

// skipArithmetic skips up to the closing bracket.
func (p *parser) skipArithmetic() {
	depth := 1
	for t, ok := p.next(); ok && depth > 0; t, ok = p.next() {
		switch t.op {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			return
		}
	}
}

// skipPattern handles a token of the pattern of a case.
func (p *parser) skipPattern(t token) {
	switch {
	case t.op == ")":
		p.top().pattern = false
		p.before = ")"
	case t.op == "" && t.raw == "esac":
		p.top().pattern = false
		p.pop("case")
		p.before = "esac"
	}
}
