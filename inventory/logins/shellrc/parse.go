package shellrc

import (
	"slices"
	"strings"
)

// Parse reads the text of a start file. Where its structure is not understood, such as a quote
// that is not closed, there is an error with the line and no answer.
func Parse(b []byte) ([]Statement, error) {
	p := &parser{l: &lexer{s: strings.TrimPrefix(string(b), "\xef\xbb\xbf"), line: 1}}
	for t, ok := p.take(); ok; t, ok = p.take() {
		p.token(t)
	}
	p.command("")
	if p.l.err == nil && len(p.frames) > 0 {
		p.l.fail("%q is not closed", p.frames[len(p.frames)-1].kind)
	}
	if p.l.err != nil {
		return nil, p.l.err
	}
	return p.out, nil
}

// loop is a "for" over words.
type loop struct {
	name  string
	words []token
}

// frame is a compound command that is open.
type frame struct {
	kind string // the word that opens it
	loop *loop
	fn   string
	// tests says that its only condition is whether a file is there; conditions counts them
	// until the body begins.
	tests      bool
	conditions int
	body       bool
	// pattern says that the pattern of a case comes next.
	pattern bool
}

type parser struct {
	l      *lexer
	frames []frame
	words  []token // of the command so far
	before string  // the operator before the command
	fn     string  // the function that is being defined
	guard  bool    // the command before tests whether the mask is 0
	out    []Statement
}

func (p *parser) take() (token, bool) { return p.l.next() }

func (p *parser) top() *frame {
	if len(p.frames) == 0 {
		return &frame{}
	}
	return &p.frames[len(p.frames)-1]
}

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

func (p *parser) pop(kinds ...string) {
	if !slices.Contains(kinds, p.top().kind) {
		p.l.fail("an end without a beginning")
		return
	}
	p.frames = p.frames[:len(p.frames)-1]
}

func (p *parser) token(t token) {
	if p.top().pattern {
		p.pattern(t)
		return
	}
	switch t.op {
	case "":
		if len(p.words) == 0 && p.reserved(t) {
			return
		}
		p.words = append(p.words, t)
	case "<", ">", ">>", ">|", "<>", ">&", "<&", "&>", "&>>", "<<<", "<<", "<<-":
		p.redirect(t)
	case "(":
		if len(p.words) == 1 { // a function
			p.fn = string(p.words[0].word)
			p.words = nil
			if t, ok := p.take(); !ok || t.op != ")" {
				p.l.fail("want ) in the definition of a function")
			}
			return
		}
		if len(p.words) == 0 && strings.HasPrefix(p.l.s[p.l.i:], "(") { // arithmetic
			p.l.i--
			p.l.balanced('(', ')')
			p.words = []token{{raw: "((", word: "((", line: t.line}}
			return
		}
		p.command(t.op)
		p.push(frame{kind: "("})
	case ")":
		p.command(t.op)
		p.pop("(")
		p.before = ")"
	case ";;", ";&", ";;&":
		p.command(t.op)
		if p.top().kind != "case" {
			p.l.fail("%s outside of case", t.op)
		}
		p.top().pattern = true
	default:
		p.command(t.op)
	}
}

// redirect passes over a redirection, with the number before it.
func (p *parser) redirect(op token) {
	if n := len(p.words); n > 0 && strings.Trim(p.words[n-1].raw, "0123456789") == "" && p.adjacent(op) {
		p.words = p.words[:n-1]
	}
	t, ok := p.take()
	if !ok || t.op != "" {
		p.l.fail("nothing to redirect to")
		return
	}
	if op.op == "<<" || op.op == "<<-" {
		p.l.docs = append(p.l.docs, heredoc{string(t.word), op.op == "<<-"})
	}
}

// adjacent reports whether no blank stands before the operator just read.
func (p *parser) adjacent(op token) bool {
	i := p.l.i - len(op.op) - 1
	return i >= 0 && strings.IndexByte(metacharacters, p.l.s[i]) < 0
}

// reserved handles a word that structures the text where a command begins.
func (p *parser) reserved(t token) bool {
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
	case "fi":
		p.pop("if")
		p.before = "fi"
	case "done":
		p.pop("while", "until", "for", "select")
		p.before = "done"
	case "}":
		p.pop("{")
		p.before = "}"
	case "esac":
		p.pop("case")
		p.before = "esac"
	case "for", "select":
		p.loop(t)
	case "case":
		p.skipTo("in")
		p.push(frame{kind: "case", pattern: true})
	case "function":
		if n, ok := p.take(); ok && n.op == "" {
			p.fn = string(n.word)
		}
		p.optionalParens()
	case "[[":
		p.skipTo("]]")
		p.words = []token{{raw: "[[", word: "[[", line: t.line}}
	case "!", "time":
		p.top().conditions++
	default:
		return false
	}
	return true
}

// optionalParens passes over "()" where it follows.
func (p *parser) optionalParens() {
	rest := strings.TrimLeft(p.l.s[p.l.i:], " \t")
	if strings.HasPrefix(rest, "()") {
		p.l.i = len(p.l.s) - len(rest) + 2
	}
}

func (p *parser) skipTo(raw string) {
	for t, ok := p.take(); ok; t, ok = p.take() {
		if t.op == "" && t.raw == raw {
			return
		}
	}
	p.l.fail("%s is missing", raw)
}

// loop reads the head of a loop, up to its words' end.
func (p *parser) loop(head token) {
	lp := &loop{}
	if t, ok := p.take(); ok && t.op == "" {
		lp.name = string(t.word)
	} else if t.op == "(" { // for ((;;))
		p.skipArithmetic()
	}
	for t, ok := p.take(); ok; t, ok = p.take() {
		if t.op == "\n" || t.op == ";" {
			break
		}
		if t.op == "" && t.raw == "do" {
			break
		}
		if t.op == "" && t.raw != "in" {
			lp.words = append(lp.words, t)
		}
	}
	p.push(frame{kind: head.raw, loop: lp})
}

func (p *parser) skipArithmetic() {
	depth := 1
	for t, ok := p.take(); ok && depth > 0; t, ok = p.take() {
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

// pattern passes over the pattern of a case.
func (p *parser) pattern(t token) {
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
