package shellrc

import (
	"slices"
	"strconv"
	"strings"
)

// builtins are the commands that are followed. A function of one of these names makes nothing known.
var builtins = strings.Fields(". source : true false [ test alias break builtin cd command continue declare echo eval exec exit export local printf read readonly return set shift typeset ulimit umask unset")

// simple runs a simple command.
func (x *run) simple(n *node, st *state) []*state {
	one := []*state{st}
	if st.lost {
		st.status = perhaps
		return one
	}
	words := n.words
	var assigned []string
	for len(words) > 0 {
		name, _, ok := assignment(words[0])
		if !ok || !x.Bash && strings.HasSuffix(name, "+") {
			break
		}
		assigned, words = append(assigned, words[0]), words[1:]
	}
	if len(words) == 0 {
		st.status = yes
		for _, w := range assigned {
			x.set(st, w)
			if st.flow != onward {
				return one
			}
			if strings.Contains(w, "$(") || strings.Contains(w, "`") {
				st.status = perhaps
			}
		}
		return one
	}
	args, sure := x.fields(st, words)
	if x.err != nil || st.flow != onward {
		return one
	}
	if len(args) == 0 || !args[0].known {
		x.vague(st, n)
		return one
	}
	for len(args) > 1 && (args[0].text == "command" || args[0].text == "builtin" && x.Bash) {
		if args[1].known && strings.HasPrefix(args[1].text, "-") {
			st.status = perhaps // command -v
			return one
		}
		args, words = args[1:], words[1:]
	}
	name := args[0].text
	if f, ok := st.funcs[name]; ok {
		return x.call(f, st, args[1:], sure, n)
	}
	if !args[0].known || !slices.Contains(builtins, name) {
		return x.program(n, st, args)
	}
	if !sure && name != "[" && name != "test" && name != "echo" && name != "printf" {
		x.vague(st, n)
		return one
	}
	return x.builtin(n, st, name, args[1:], words[1:])
}

// program runs what is no part of the shell.
func (x *run) program(n *node, st *state, args []val) []*state {
	st.status = perhaps
	switch args[0].text {
	case "shopt":
		if len(args) == 3 && args[1].text == "-q" && args[2].text == "login_shell" && x.Bash {
			st.status = is(x.Script == main)
		}
	case "let", "getopts", "mapfile", "readarray", "trap", "enable", "coproc":
		x.vague(st, n)
	}
	return []*state{st}
}

// call runs a function.
func (x *run) call(f *node, st *state, args []val, sure bool, n *node) []*state {
	if f == nil || x.inFunc > 8 {
		st.lost = true
		return []*state{st}
	}
	old, oldKnown := st.args, st.argsKnown
	st.args, st.argsKnown = args, sure
	x.inFunc++
	out := x.list(&node{kind: "list", parts: []*node{f}}, []*state{st})
	x.inFunc--
	for _, s := range out {
		s.args, s.argsKnown = old, oldKnown
		if s.flow == returned {
			s.flow = onward
		}
	}
	return x.merge(out)
}

// assignment splits NAME=value. The name of NAME+=value has the plus sign.
func assignment(raw string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(raw, "=")
	return name, value, ok && isName(strings.TrimSuffix(name, "+")) && !strings.ContainsAny(name, `"'`)
}

// set runs an assignment.
func (x *run) set(st *state, raw string) {
	name, value, _ := assignment(raw)
	v := x.word(st, value)
	if strings.HasPrefix(value, "(") {
		v = anything
	}
	if st.flow != onward {
		return
	}
	if base, more := strings.CutSuffix(name, "+"); more {
		name = base
		v = joined([]piece{{val: x.get(st, name).orEmpty()}, {val: v}})
	}
	x.assign(st, name, v)
}

func (x *run) builtin(n *node, st *state, name string, args []val, raw []string) []*state {
	one := []*state{st}
	st.status = yes
	switch name {
	case ":", "true":
	case "false":
		st.status = no
	case "echo":
	case "printf", "read":
		st.status = perhaps
		x.vagueNames(st, raw, n)
	case "[", "test":
		st.status = x.test(st, name, args, raw)
	case "umask":
		x.umask(st, args)
	case "ulimit":
		x.ulimit(st, args)
	case "export", "readonly":
		x.declare(st, name, raw)
	case "declare", "typeset", "local":
		switch {
		case name != "local" && !x.Bash:
			st.status = no
		case x.inFunc > 0: // it ends with the function
			x.vagueNames(st, raw, n)
			for _, f := range x.focus {
				if slices.ContainsFunc(raw, func(w string) bool { return strings.Contains(w, f) }) {
					st.lost = true
				}
			}
		default:
			x.declare(st, name, raw)
		}
	case "unset":
		x.unset(st, args)
	case "set":
		x.options(st, args, n)
	case "shift":
		if len(args) > 0 || !st.argsKnown {
			st.argsKnown = false
		} else if len(st.args) > 0 {
			st.args = st.args[1:]
		}
	case "return", "exit", "exec":
		if name == "exec" && len(args) == 0 {
			break
		}
		st.flow = exited
		if name == "return" {
			st.flow = returned
		}
		if len(args) > 0 {
			st.status = perhaps
			if args[0].known {
				st.status = is(args[0].text == "0")
			}
		}
	case "break", "continue":
		st.flow = looping
	case "alias":
		for _, a := range args {
			before, _, _ := strings.Cut(a.text, "=")
			if !a.known || slices.Contains(builtins, before) {
				st.lost = true
			}
		}
	case "cd":
		st.status = perhaps
	case "eval":
		return x.eval(st, args, n)
	case ".", "source":
		if name == "source" && !x.Bash {
			st.status = no
			return one
		}
		return x.dot(st, args, raw)
	}
	return one
}

// vagueNames makes variables that words name not known.
func (x *run) vagueNames(st *state, raw []string, n *node) {
	for _, w := range raw {
		name, _, _ := strings.Cut(strings.Trim(w, `"'`), "=")
		if isName(name) {
			x.blur(st, name)
		}
	}
}

func (x *run) umask(st *state, args []val) {
	for _, a := range args {
		if a.known && slices.Contains([]string{"-S", "-p", "-Sp", "-pS", "--"}, a.text) {
			continue
		}
		st.maskAt = spot{x.file, x.line()}
		n, err := strconv.ParseUint(a.text, 8, 32)
		switch {
		case !a.known:
			st.mask, st.status = unknown, perhaps
		case a.text != "" && strings.Trim(a.text, "01234567") == "" && err == nil && n <= 0o777:
			st.mask = Text(zeros(n)[1:])
		default:
			st.mask = x.symbolic(st, a.text)
		}
		return
	}
}

// symbolic works out a mask of letters, as chmod(1) has them.
func (x *run) symbolic(st *state, text string) Text {
	now, err := strconv.ParseUint(string(st.mask), 8, 32)
	if err != nil && strings.Count(text, "=") != 1+strings.Count(text, ",") {
		return unknown
	}
	for clause := range strings.SplitSeq(text, ",") {
		at := strings.IndexAny(clause, "=+-")
		if at < 0 {
			return unknown
		}
		var who, bits uint64
		for _, c := range clause[:at] {
			switch c {
			case 'u':
				who |= 0o700
			case 'g':
				who |= 0o070
			case 'o':
				who |= 0o007
			case 'a':
				who |= 0o777
			default:
				return unknown
			}
		}
		if at == 0 {
			who = 0o777
		}
		for _, c := range clause[at+1:] {
			switch c {
			case 'r':
				bits |= 0o444
			case 'w':
				bits |= 0o222
			case 'x':
				bits |= 0o111
			default:
				return unknown
			}
		}
		switch clause[at] {
		case '=':
			now = now&^who | who&^bits
		case '+':
			now &^= who & bits
		case '-':
			now |= who & bits
		}
	}
	if err != nil && !slices.ContainsFunc([]string{"a", ""}, func(w string) bool { return strings.HasPrefix(text, w+"=") }) && (!strings.Contains(text, "u=") || !strings.Contains(text, "g=") || !strings.Contains(text, "o=")) {
		return unknown
	}
	return Text(zeros(now)[1:])
}

// ulimit notes what sets the hard limit for images of memory.
func (x *run) ulimit(st *state, args []val) {
	soft, hard, core := false, false, false
	value := ""
	for _, a := range args {
		switch {
		case !a.known:
			value = "?"
		case strings.HasPrefix(a.text, "-"):
			soft = soft || strings.Contains(a.text, "S")
			hard = hard || strings.Contains(a.text, "H")
			core = core || strings.Contains(a.text, "c")
			if !strings.HasSuffix(a.text, "c") && strings.Trim(a.text, "-SH") != "" {
				core = false
			}
		default:
			value = a.text
		}
	}
	st.status = perhaps
	if core && value != "" && hard && !soft {
		value = "?" // it may be less than the soft limit, and so refused
	}
	if core && value != "" && (hard || !soft) {
		st.core, st.coreAt = value, spot{x.file, x.line()}
	}
}

// declare runs export, readonly and declare.
func (x *run) declare(st *state, name string, raw []string) {
	export, protect := name == "export", name == "readonly"
	withhold, odd := false, false
	for i, w := range raw {
		if strings.HasPrefix(w, "-") || strings.HasPrefix(w, "+") {
			if !x.Bash && w != "-p" && w != "--" {
				st.lost = true // dash ends
				return
			}
			if strings.ContainsAny(w, "fFpaA") {
				if strings.ContainsAny(w, "aA") {
					odd = true
				} else {
					return // functions, or it prints
				}
			}
			if w[0] == '+' {
				withhold = withhold || strings.Contains(w, "x")
				continue
			}
			withhold = withhold || name == "export" && strings.Contains(w, "n")
			export = export || strings.Contains(w, "x")
			protect = protect || strings.Contains(w, "r")
			odd = odd || strings.ContainsAny(w, "inluc") && name != "export"
			continue
		}
		variable, _, given := assignment(w)
		variable = strings.TrimSuffix(variable, "+")
		if !given {
			v := x.word(st, w)
			if !v.known || !isName(v.text) {
				x.vagueNames(st, raw[i:], nil)
				st.status = perhaps
				continue
			}
			variable = v.text
		} else {
			if x.get(st, variable).protected {
				st.status = no
				if !x.Bash {
					st.flow = exited
					return
				}
				v := x.get(st, variable)
				if v.exported = v.exported || export; name != "export" && export {
					v.val = anything
				}
				st.vars[variable] = v
				continue
			}
			x.set(st, w)
			if odd {
				x.blur(st, variable)
			}
		}
		v := x.get(st, variable)
		v.exported = (v.exported || export) && !withhold
		v.protected = v.protected || protect
		st.vars[variable] = v
	}
}

func (x *run) unset(st *state, args []val) {
	functions := false
	for _, a := range args {
		switch {
		case !a.known:
			for name := range st.vars {
				x.blur(st, name)
			}
			for _, name := range x.focus {
				x.blur(st, name)
			}
			return
		case strings.HasPrefix(a.text, "-"):
			functions = strings.Contains(a.text, "f")
		case functions:
			delete(st.funcs, a.text)
		case x.get(st, a.text).protected:
			st.status = no
			if !x.Bash {
				st.flow = exited
				return
			}
		default:
			if _, isFunc := st.funcs[a.text]; isFunc && x.Bash && x.get(st, a.text).set != yes {
				delete(st.funcs, a.text) // as bash does without -v
				continue
			}
			st.vars[a.text] = variable{set: no}
		}
	}
}

// options runs set.
func (x *run) options(st *state, args []val, n *node) {
	for i, a := range args {
		switch {
		case a.known && a.text == "--":
			st.args, st.argsKnown = args[i+1:], true
			return
		case !a.known || len(a.text) > 1 && a.text[0] == '-' && strings.ContainsAny(a.text, "eunkt"):
			st.lost = true
		case a.text == "-o" || a.text == "+o":
			if i+1 < len(args) && slices.Contains([]string{"errexit", "nounset", "noexec", "posix"}, args[i+1].text) {
				st.lost = true
			}
			return
		case !strings.HasPrefix(a.text, "-") && !strings.HasPrefix(a.text, "+"):
			st.args, st.argsKnown = args[i:], true
			return
		}
	}
}

// eval runs text as commands. What programs print is taken to set nothing that is asked for.
func (x *run) eval(st *state, args []val, n *node) []*state {
	text := ""
	for _, a := range args {
		if !a.known || strings.Contains(a.text, "\x00") {
			x.vague(st, &node{kind: "simple", words: n.words[1:], line: n.line})
			return []*state{st}
		}
		text += a.text + " "
	}
	tree, err := grow(text+"\n", x.left)
	if err != nil {
		st.lost = true
		return []*state{st}
	}
	return x.top(tree, []*state{st})
}

// dot includes a file.
func (x *run) dot(st *state, args []val, raw []string) []*state {
	one := []*state{st}
	if len(args) == 0 {
		st.status = no
		return one
	}
	name := args[0]
	if !name.known || strings.Contains(name.text, "\x00") {
		if !strings.Contains(raw[0], "HOME") && !strings.HasPrefix(raw[0], "~") { // files of users are not read
			st.lost = true
		}
		st.status = perhaps
		return one
	}
	if !strings.HasPrefix(name.text, "/") {
		st.lost = true
		return one
	}
	tree, err := x.include(x, name.text)
	if err != nil {
		x.err = err
		return one
	}
	if tree == nil {
		st.status = no
		if !x.Bash {
			st.flow = exited
		}
		return one
	}
	file, args2, argsKnown := x.file, st.args, st.argsKnown
	x.file = strings.TrimPrefix(name.text, "/")
	x.chain = append(x.chain, x.file)
	if !x.Bash {
		args = args[:1]
	}
	if len(args) > 1 {
		st.args = args[1:]
	}
	out := x.top(tree, one)
	x.file, x.chain = file, x.chain[:len(x.chain)-1]
	for _, s := range out {
		if len(args) > 1 {
			s.args, s.argsKnown = args2, argsKnown
		}
		if s.flow == returned {
			s.flow = onward
		}
	}
	return x.merge(out)
}
