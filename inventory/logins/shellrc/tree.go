package shellrc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// node is a command of the shell: simple, or compound.
type node struct {
	kind  string // simple, if, case, for, loop, function, group, subshell, [[, ((, list
	op    string // in a list: what joins it with the command before, "&&", "||" or "|"; or "" for none
	not   bool   // "!" stands before it
	back  bool   // it runs in the background
	more  bool   // the next command of the list is on the same line
	until bool   // it is a loop that ends where its condition is so
	line  int
	words []string // of a simple command, the list of a for, a function's name, the word of a case
	parts []*node  // of a list; of if: condition, body, condition, body, and a body more for else
	arms  []arm    // of a case
}

// arm is a part of a case. Falls means that the next arm runs as well.
type arm struct {
	patterns []string
	body     *node
	falls    bool
}

// grower makes a tree of a file.
type grower struct {
	l      *lexer
	t      token
	ok     bool
	left   *budget.Budget
	depth  int
	failed bool
	limit  error
}

// grow returns the commands of a text.
func grow(text string, left *budget.Budget) (*node, error) {
	g := &grower{l: &lexer{s: text, line: 1}, left: left}
	g.step()
	n := g.list()
	switch {
	case g.limit != nil:
		return nil, g.limit
	case g.l.err != nil:
		return nil, g.l.err
	case g.ok || g.failed:
		return nil, fmt.Errorf("line %d: not understood", g.l.line)
	}
	return n, nil
}

func (g *grower) step() {
	if g.t, g.ok = g.l.next(); g.ok {
		if g.limit = g.left.Items(1); g.limit != nil {
			g.failed = true
		}
	}
	if g.failed || g.l.err != nil {
		g.ok = false
	}
}

func (g *grower) fail() {
	g.failed, g.ok = true, false
}

func (g *grower) isWord(words ...string) bool {
	return g.ok && g.t.op == "" && slices.Contains(words, g.t.raw)
}

func (g *grower) isOp(ops ...string) bool {
	return g.ok && g.t.op != "" && slices.Contains(ops, g.t.op)
}

func (g *grower) want(word string) {
	if !g.isWord(word) && !g.isOp(word) {
		g.fail()
		return
	}
	g.step()
}

func (g *grower) newlines() {
	for g.isOp("\n", ";") {
		g.step()
	}
}

// list reads commands up to a word or an operator that ends them.
func (g *grower) list(ends ...string) *node {
	all := &node{kind: "list", line: g.t.line}
	if g.depth++; g.depth > 100 {
		g.fail()
	}
	op := ""
	for g.ok {
		g.newlines()
		if !g.ok || g.t.op == "" && slices.Contains(ends, g.t.raw) || g.t.op != "" && slices.Contains(ends, g.t.op) {
			break
		}
		n := g.command()
		if n == nil {
			g.fail()
			break
		}
		n.op = op
		n.back = op == "|"
		all.parts = append(all.parts, n)
		op = ""
		switch {
		case g.isOp("&&", "||", "|"):
			if op = g.t.op; op == "|" {
				n.back = true
			}
			g.step()
			for g.isOp("\n") {
				g.step()
			}
		case g.isOp("&", ";"):
			n.back = n.back || g.t.op == "&"
			g.step()
			n.more = g.ok && !g.isOp("\n")
		case g.isOp("\n"):
			g.step()
		}
		n.more = n.more || op != ""
	}
	g.depth--
	if len(all.parts) == 0 && len(ends) > 0 && !slices.Contains(ends, "esac") { // only a whole file may be empty
		g.fail()
	}
	return all
}

// command reads one command. It returns nil where there is none.
func (g *grower) command() *node {
	not := false
	for g.isWord("!", "time") {
		not = not != (g.t.raw == "!")
		g.step()
	}
	n := g.compound()
	if n == nil {
		n = g.simple()
	} else {
		g.redirects()
	}
	if n != nil {
		n.not = not
	}
	return n
}

func (g *grower) compound() *node {
	n := &node{line: g.t.line}
	switch {
	case g.isOp("("):
		if strings.HasPrefix(g.l.s[g.l.i:], "(") {
			g.l.i--
			g.l.skipBalanced('(', ')')
			g.step()
			n.kind = "(("
			return n
		}
		g.step()
		n.kind, n.parts = "subshell", []*node{g.list(")")}
		g.want(")")
	case g.isWord("{"):
		g.step()
		n.kind, n.parts = "group", []*node{g.list("}")}
		g.want("}")
	case g.isWord("if"):
		n.kind = "if"
		for g.isWord("if", "elif") {
			g.step()
			n.parts = append(n.parts, g.list("then"))
			g.want("then")
			n.parts = append(n.parts, g.list("elif", "else", "fi"))
		}
		if g.isWord("else") {
			g.step()
			n.parts = append(n.parts, g.list("fi"))
		}
		g.want("fi")
	case g.isWord("while", "until"):
		n.until = g.t.raw == "until"
		g.step()
		n.kind, n.parts = "loop", []*node{g.list("do"), nil}
		g.want("do")
		n.parts[1] = g.list("done")
		g.want("done")
	case g.isWord("for", "select"):
		g.loop(n)
	case g.isWord("case"):
		g.choice(n)
	case g.isWord("function"):
		g.step()
		n.kind, n.words = "function", []string{g.t.raw}
		g.step()
		if g.isOp("(") {
			g.step()
			g.want(")")
		}
		g.body(n)
	case g.isWord("[["):
		n.kind = "[["
		for g.step(); g.ok && !g.isWord("]]"); g.step() {
			if g.t.op != "" {
				n.words = append(n.words, "\x00"+g.t.op)
			} else {
				n.words = append(n.words, g.t.raw)
			}
		}
		g.want("]]")
	default:
		return nil
	}
	return n
}

func (g *grower) loop(n *node) {
	n.kind = "for"
	if g.isWord("select") {
		n.kind = "loop"
	}
	g.step()
	if g.isOp("(") { // for ((;;))
		for depth := 0; g.ok; g.step() {
			if g.isOp("(") {
				depth++
			} else if g.isOp(")") {
				depth--
			} else if g.t.op == "" {
				n.words = append(n.words, g.t.raw)
			}
			if depth == 0 {
				break
			}
		}
		g.step()
		n.kind = "loop"
	} else if g.ok && g.t.op == "" {
		n.words = []string{g.t.raw}
		g.step()
		g.newlinesOnly()
	}
	if n.kind == "loop" && !g.isWord("in") {
		// its words are no list
	} else if g.isWord("in") {
		for g.step(); g.ok && g.t.op == ""; g.step() {
			n.words = append(n.words, g.t.raw)
		}
	} else {
		n.words = append(n.words, `"$@"`)
	}
	g.newlines()
	g.want("do")
	n.parts = []*node{g.list("done")}
	g.want("done")
	if n.kind == "loop" {
		n.parts = append([]*node{{kind: "list"}}, n.parts...)
	}
}

func (g *grower) newlinesOnly() {
	for g.isOp("\n") {
		g.step()
	}
}

func (g *grower) choice(n *node) {
	g.step()
	n.kind, n.words = "case", []string{g.t.raw}
	g.step()
	g.newlinesOnly()
	g.want("in")
	for {
		g.newlines()
		if !g.ok || g.isWord("esac") {
			break
		}
		a := arm{}
		if g.isOp("(") {
			g.step()
		}
		for g.ok && !g.isOp(")") {
			if g.t.op == "" {
				a.patterns = append(a.patterns, g.t.raw)
			} else if g.t.op != "|" {
				g.fail()
			}
			g.step()
		}
		g.want(")")
		a.body = g.list(";;", ";&", ";;&", "esac")
		if g.isOp(";&", ";;&") {
			a.falls = true
		}
		n.arms = append(n.arms, a)
		if g.isOp(";;", ";&", ";;&") {
			g.step()
		}
	}
	g.want("esac")
}

// body reads the body of a function.
func (g *grower) body(n *node) {
	g.newlinesOnly()
	body := g.compound()
	if body == nil {
		g.fail()
		return
	}
	g.redirects()
	n.parts = []*node{body}
}

// simple reads a simple command, or the definition of a function.
func (g *grower) simple() *node {
	n := &node{kind: "simple", line: g.t.line}
	any := false
	for g.ok {
		switch {
		case g.t.op == "":
			n.words = append(n.words, g.t.raw)
			any = true
			g.step()
			if len(n.words) == 1 && g.isOp("(") {
				g.step()
				g.want(")")
				n.kind = "function"
				g.body(n)
				return n
			}
		case g.redirect(n):
			any = true
		default:
			if !any {
				return nil
			}
			return n
		}
	}
	if !any {
		return nil
	}
	return n
}

func (g *grower) redirects() {
	n := &node{}
	for g.ok && g.redirect(n) {
	}
}

// redirect reads a redirection, and drops the number before it.
func (g *grower) redirect(n *node) bool {
	op := g.t.op
	if !slices.Contains([]string{"<", ">", ">>", ">|", "<>", ">&", "<&", "&>", "&>>", "<<<", "<<", "<<-"}, op) {
		return false
	}
	if at := g.l.i - len(op) - 1; len(n.words) > 0 && at >= 0 && strings.Trim(n.words[len(n.words)-1], "0123456789") == "" && '0' <= g.l.s[at] && g.l.s[at] <= '9' {
		n.words = n.words[:len(n.words)-1]
	}
	t, ok := g.l.next()
	if !ok || t.op != "" {
		g.fail()
		return true
	}
	if op == "<<" || op == "<<-" {
		g.l.docs = append(g.l.docs, heredoc{string(t.word), op == "<<-"})
	}
	g.step()
	return true
}
