package shellrc

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// endCommand ends the current command at an operator. It adds its statements.
func (p *parser) endCommand(op string) {
	words := p.words
	p.words = p.words[:0] // its room serves the next command
	if len(words) == 0 {
		if op != "\n" || p.before != "&&" && p.before != "||" && p.before != "|" {
			p.before = op
		}
		return
	}
	// Parts of a pipeline and commands in the background change nothing in the shell. They count as
	// conditional, which is never less strict.
	s := Statement{Func: p.top().fn, Position: inventory.Position{Line: words[0].line},
		Conditional: len(p.frames) > 0 || p.before == "&&" || p.before == "||" || p.before == "|" || op == "|" || op == "&"}
	s.IfZero = p.guard && p.before == "&&"
	p.guard = isGuard(words)
	// A condition of an "if": is it only whether a file exists?
	if f := p.top(); f.kind == "if" && !f.body {
		f.conditions++
		f.tests = f.conditions == 1 && (op == ";" || op == "\n") && (words[0].raw == "[" || words[0].raw == "test") &&
			len(words) > 1 && slices.Contains([]string{"-d", "-r", "-f", "-e", "-x", "-s"}, words[1].raw)
	}
	p.before = op
	p.addHidden(s, words)
	p.addCommand(s, words)
}

// addHidden adds what words may set beside the command: by ${NAME:=value}, and by eval.
func (p *parser) addHidden(s Statement, words []token) {
	s.Conditional, s.Value = true, unknown
	for _, w := range words {
		for rest := w.raw; ; {
			_, after, ok := strings.Cut(rest, "${")
			if !ok {
				break
			}
			end := 0
			for end < len(after) && isNameByte(after[end], end > 0) {
				end++
			}
			if rest = after[end:]; strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, ":=") {
				s.What, s.Name = Assign, after[:end]
				p.add(s)
			}
		}
	}
	// eval and the like may set anything that their words name.
	inner := words
	for len(inner) > 1 && (inner[0].word == "builtin" || inner[0].word == "command") {
		inner = inner[1:]
	}
	sets := setsByName(inner)
	for _, w := range words {
		if !sets && !strings.Contains(w.raw, "((") && !strings.HasPrefix(w.raw, "TMOUT[") && !strings.HasPrefix(w.raw, "PATH[") {
			continue
		}
		for _, name := range []string{"TMOUT", "PATH"} {
			if strings.Contains(w.raw, name) {
				s.What, s.Name = Assign, name
				p.add(s)
			}
		}
		if strings.Contains(w.raw, "umask") {
			s.What, s.Name = Umask, ""
			p.add(s)
		}
	}
}

// setters are commands that set variables by their names.
var setters = strings.Fields("eval let read printf mapfile readarray getopts ((")

// setsByName reports whether a command may set variables that its words name: by its kind, as an
// integer or by a reference.
func setsByName(words []token) bool {
	switch {
	case words[0].raw == "printf":
		return slices.ContainsFunc(words, func(w token) bool { return strings.HasPrefix(w.raw, "-v") })
	case slices.Contains([]string{"declare", "typeset", "local"}, words[0].raw):
		return slices.ContainsFunc(words, func(w token) bool { return strings.HasPrefix(w.raw, "-") && strings.ContainsAny(w.raw, "in") })
	}
	return slices.Contains(setters, words[0].raw)
}

// findLoop returns the innermost loop. It also reports whether an include in it is conditional:
// something other than a test for a file is around the loop. Commands between the loop and the
// include do not count, since loops over start files test each of them in some way.
func (p *parser) findLoop() (*loop, bool) {
	for i := len(p.frames) - 1; i >= 0; i-- {
		if lp := p.frames[i].loop; lp != nil {
			return lp, slices.ContainsFunc(p.frames[:i], func(f frame) bool { return !f.tests })
		}
	}
	return nil, true
}

// isGuard reports whether a command tests whether the mask is 0, as [ `umask` -eq 0 ].
func isGuard(words []token) bool {
	if len(words) > 5 || !strings.Contains(words[0].raw, "[") {
		return false
	}
	var raw []string
	for _, w := range words {
		raw = append(raw, strings.Trim(w.raw, `"`))
	}
	text := strings.Join(raw, " ")
	return text == "[ `umask` -eq 0 ]" || text == "[ $(umask) -eq 0 ]"
}

// addCommand adds the statements of a simple command.
func (p *parser) addCommand(s Statement, words []token) {
	// Assignments are commands of their own, or for the command after them alone.
	assigned := 0
	for assigned < len(words) {
		if name, _, ok := splitAssignment(words[assigned]); !ok || name == "" {
			break
		}
		assigned++
	}
	if assigned == len(words) {
		for _, w := range words {
			p.addAssignment(s, Assign, w)
		}
		return
	}
	words = words[assigned:]
	for len(words) > 1 && (words[0].word == "builtin" || words[0].word == "command") {
		words = words[1:]
	}
	args := words[1:]
	switch words[0].word {
	case "umask":
		p.addUmask(s, args)
	case "export", "readonly", "declare", "typeset":
		p.addDeclaration(s, string(words[0].word), args)
	case "unset":
		p.addUnset(s, args)
	case ".", "source":
		p.addInclude(s, args)
	case "return", "exit":
		s.What = Return
		p.add(s)
	case "pathmunge":
		if len(args) > 0 {
			s.What, s.Name, s.Value = Prefix, "PATH", args[0].word
			p.add(s)
		}
	}
}

// addUnset adds the variables that unset removes.
func (p *parser) addUnset(s Statement, args []token) {
	for _, a := range args {
		if strings.HasPrefix(a.raw, "-f") {
			break // functions
		}
		if !strings.HasPrefix(a.raw, "-") {
			s.What, s.Name = Unset, string(a.word)
			p.add(s)
		}
	}
}

// addInclude adds an include, which may be of the variable of a loop.
func (p *parser) addInclude(s Statement, args []token) {
	if len(args) == 0 {
		return
	}
	s.What, s.Value = Include, args[0].word
	if lp, conditional := p.findLoop(); lp != nil && string(s.Value) == "\x00"+lp.name+"\x00" {
		s.loop, s.Conditional = lp, conditional
	}
	p.add(s)
}

// splitAssignment splits NAME=value and NAME+=value. It returns false for any other word.
func splitAssignment(w token) (name string, value Text, ok bool) {
	before, after, ok := strings.Cut(string(w.word), "=")
	if !ok {
		return "", "", false
	}
	if base, more := strings.CutSuffix(before, "+"); more {
		before, after = base, "\x00"+base+"\x00"+after
	}
	return before, Text(after), isName(before)
}

// addAssignment adds an assignment, or another change of a variable.
func (p *parser) addAssignment(s Statement, what What, w token) {
	if name, value, ok := splitAssignment(w); ok {
		s.What, s.Name, s.Value = Assign, name, value
		p.add(s)
		if what != Assign {
			s.What, s.Value = what, ""
			p.add(s)
		}
	} else if what != Assign {
		s.What, s.Name = what, string(w.word)
		p.add(s)
	}
}

// addDeclaration adds the variables of export, readonly and declare with their options.
func (p *parser) addDeclaration(s Statement, command string, args []token) {
	export, protect := command == "export", command == "readonly"
	withhold, integer := false, false
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
			integer = integer || strings.Contains(a.raw, "i")
			continue
		}
		if name, _, ok := splitAssignment(a); ok && integer {
			a.word = Text(name) + "=" + unknown // it is worked out
		}
		switch {
		case withhold:
			p.addAssignment(s, Withhold, a)
		case protect:
			p.addAssignment(s, Protect, a)
		case export:
			p.addAssignment(s, Export, a)
		default:
			p.addAssignment(s, Assign, a)
		}
		// Both options at once make two statements.
		if name, _, ok := splitAssignment(a); protect && export && !withhold {
			if !ok {
				name = string(a.word)
			}
			s := s
			s.What, s.Name = Export, name
			p.add(s)
		}
	}
}

// addUmask adds the mask that is set. A call without a mask, or with -S or -p, prints it.
func (p *parser) addUmask(s Statement, args []token) {
	s.What = Umask
	for _, a := range args {
		switch a.raw {
		case "-S", "-p", "-Sp", "-pS", "--":
			continue
		}
		s.Value = a.word
		n, err := strconv.ParseUint(string(a.word), 8, 32)
		if strings.HasPrefix(a.raw, "-") || err == nil && n > 0o777 { // shells differ about these
			s.Value = unknown
		}
		p.add(s)
		return
	}
}
