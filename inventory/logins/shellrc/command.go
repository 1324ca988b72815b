package shellrc

import (
	"slices"
	"strings"
)

// command ends the command so far at an operator, and keeps what it says.
func (p *parser) command(op string) {
	words := p.words
	p.words = nil
	if len(words) == 0 {
		if op != "\n" || p.before != "&&" && p.before != "||" && p.before != "|" {
			p.before = op
		}
		return
	}
	// Parts of a pipeline and what runs beside the shell change nothing in it; they count as
	// conditional, which is never less strict.
	s := Statement{Func: p.top().fn, Line: words[0].line,
		Conditional: len(p.frames) > 0 || p.before == "&&" || p.before == "||" || p.before == "|" || op == "|" || op == "&"}
	s.IfZero = p.guard && p.before == "&&"
	p.guard = isGuard(words)
	if f := p.top(); f.kind == "if" && !f.body {
		f.conditions++
		f.tests = f.conditions == 1 && (op == ";" || op == "\n") && (words[0].raw == "[" || words[0].raw == "test") &&
			len(words) > 1 && slices.Contains([]string{"-d", "-r", "-f", "-e", "-x", "-s"}, words[1].raw)
	}
	p.before = op
	p.hidden(s, words)
	p.say(s, words)
}

// hidden keeps what words may set beside the command: ${NAME:=value}, and eval.
func (p *parser) hidden(s Statement, words []token) {
	s.Conditional, s.Value = true, unknown
	for _, w := range words {
		for rest := w.raw; ; {
			_, after, ok := strings.Cut(rest, "${")
			if !ok {
				break
			}
			end := 0
			for end < len(after) && nameByte(after[end], end > 0) {
				end++
			}
			if rest = after[end:]; strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, ":=") {
				s.What, s.Name = Assign, after[:end]
				p.out = append(p.out, s)
			}
		}
	}
	if words[0].raw != "eval" {
		return
	}
	for _, w := range words[1:] {
		for _, name := range []string{"TMOUT", "PATH"} {
			if strings.Contains(w.raw, name) {
				s.What, s.Name = Assign, name
				p.out = append(p.out, s)
			}
		}
		if strings.Contains(w.raw, "umask") {
			s.What, s.Name = Umask, ""
			p.out = append(p.out, s)
		}
	}
}

// files answers the innermost loop, and whether what it takes in is conditional: it stands in
// something other than a test whether a file is there. What stands between the loop and the
// command does not count, since loops over start files test each of them in some way.
func (p *parser) files() (*loop, bool) {
	for i := len(p.frames) - 1; i >= 0; i-- {
		if lp := p.frames[i].loop; lp != nil {
			return lp, slices.ContainsFunc(p.frames[:i], func(f frame) bool { return !f.tests })
		}
	}
	return nil, true
}

// isGuard reports whether a command tests whether the mask is 0: [ `umask` -eq 0 ].
func isGuard(words []token) bool {
	var raw []string
	for _, w := range words {
		raw = append(raw, strings.Trim(w.raw, `"`))
	}
	text := strings.Join(raw, " ")
	return text == "[ `umask` -eq 0 ]" || text == "[ $(umask) -eq 0 ]"
}

// say keeps what a simple command says.
func (p *parser) say(s Statement, words []token) {
	assigned := 0
	for assigned < len(words) {
		if name, _, ok := assignment(words[assigned]); !ok || name == "" {
			break
		}
		assigned++
	}
	if assigned == len(words) {
		for _, w := range words {
			p.assign(s, Assign, w)
		}
		return
	}
	words = words[assigned:] // for the command alone
	for len(words) > 1 && (words[0].word == "builtin" || words[0].word == "command") {
		words = words[1:]
	}
	args := words[1:]
	switch words[0].word {
	case "umask":
		p.umask(s, args)
	case "export", "readonly", "declare", "typeset":
		p.declare(s, string(words[0].word), args)
	case "unset":
		for _, a := range args {
			if strings.HasPrefix(a.raw, "-f") {
				break // functions
			}
			if !strings.HasPrefix(a.raw, "-") {
				s.What, s.Name = Unset, string(a.word)
				p.out = append(p.out, s)
			}
		}
	case ".", "source":
		if len(args) > 0 {
			s.What, s.Value = Include, args[0].word
			if lp, conditional := p.files(); lp != nil && string(s.Value) == "\x00"+lp.name+"\x00" {
				s.loop, s.Conditional = lp, conditional
			}
			p.out = append(p.out, s)
		}
	case "return", "exit":
		s.What = Return
		p.out = append(p.out, s)
	case "pathmunge":
		if len(args) > 0 {
			s.What, s.Name, s.Value = Prefix, "PATH", args[0].word
			p.out = append(p.out, s)
		}
	}
}

// assignment splits NAME=value and NAME+=value.
func assignment(w token) (name string, value Text, ok bool) {
	before, after, ok := strings.Cut(string(w.word), "=")
	if !ok {
		return "", "", false
	}
	if base, more := strings.CutSuffix(before, "+"); more {
		before, after = base, "\x00"+base+"\x00"+after
	}
	return before, Text(after), isName(before)
}

func (p *parser) assign(s Statement, what What, w token) {
	if name, value, ok := assignment(w); ok {
		s.What, s.Name, s.Value = Assign, name, value
		p.out = append(p.out, s)
		if what != Assign {
			s.What, s.Value = what, ""
			p.out = append(p.out, s)
		}
	} else if what != Assign {
		s.What, s.Name = what, string(w.word)
		p.out = append(p.out, s)
	}
}

// declare reads export, readonly and declare with their options.
func (p *parser) declare(s Statement, command string, args []token) {
	export, protect := command == "export", command == "readonly"
	withhold := false
	for _, a := range args {
		if strings.HasPrefix(a.raw, "+") {
			withhold = withhold || strings.Contains(a.raw, "x")
			continue
		}
		if strings.HasPrefix(a.raw, "-") {
			if strings.ContainsAny(a.raw, "fp") {
				return // functions, or it prints
			}
			withhold = withhold || command == "export" && strings.Contains(a.raw, "n")
			export = export || strings.Contains(a.raw, "x")
			protect = protect || strings.Contains(a.raw, "r")
			continue
		}
		switch {
		case withhold:
			p.assign(s, Withhold, a)
		case protect:
			p.assign(s, Protect, a)
		case export:
			p.assign(s, Export, a)
		default:
			p.assign(s, Assign, a)
		}
		if name, _, ok := assignment(a); protect && export && !withhold {
			if !ok {
				name = string(a.word)
			}
			s := s
			s.What, s.Name = Export, name
			p.out = append(p.out, s)
		}
	}
}

// umask keeps the mask that is set; a call without one, or -S and -p, prints it.
func (p *parser) umask(s Statement, args []token) {
	for _, a := range args {
		if strings.HasPrefix(a.raw, "-") {
			continue
		}
		s.What, s.Value = Umask, a.word
		p.out = append(p.out, s)
		return
	}
}
