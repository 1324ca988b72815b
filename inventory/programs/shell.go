package programs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// words is a word of a command with the values that it may have, each the fields that it becomes. It
// has none where it is worked out.
type words struct {
	values [][]string
	simple bool // one value of one field
	one    string
}

// list returns the values.
func (w words) list() [][]string {
	if w.simple {
		return [][]string{{w.one}}
	}
	return w.values
}

// maxDepth is how deep commands may start one another.
const maxDepth = 12

// reserved are the words of the shell before which and after which a command may begin.
var reserved = []string{"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "!", "{", "}", "time", "coproc"}

// text follows a text of the shell.
func (f *Follower) text(st *state, src string) {
	if st.depth >= maxDepth {
		f.unsure(st, "commands that start one another too often")
		return
	}
	st.depth++
	defer func() { st.depth-- }()
	if err := f.left.Expanded(len(src)); err != nil {
		f.fail(err)
		return
	}
	r := &runner{f: f, st: st, l: lexer{s: src}, funcs: map[string]bool{}}
	if err := r.all(); err != nil {
		f.unsure(st, err.Error())
		f.named(st, src)
	}
}

// named adds all paths in a text that are those of files, of a text that is not understood.
func (f *Follower) named(st *state, src string) {
	for w := range strings.FieldsFuncSeq(src, func(r rune) bool { return strings.ContainsRune(" \t\n;&|()<>\"'`=,:[]{}", r) }) {
		if strings.HasPrefix(w, "/") && !strings.ContainsAny(w, "$*?%\\\x00") && filetree.ValidName(strings.TrimPrefix(w, "/")) {
			if kind := f.look(w); kind == plain || kind == executable {
				f.use(st.pos, w, "named")
			}
		}
		if f.err != nil {
			return
		}
	}
}

// runner follows one text.
type runner struct {
	f       *Follower
	st      *state
	l       lexer
	funcs   map[string]bool
	command []lexeme
	input   string // the file of "<", empty without
	piped   bool   // the command reads what another one writes
	saved   []*state
	cases   int  // how many "case" are open
	pattern bool // patterns come next
	open    int  // how many constructs are open whose commands may not be run
	cond    bool // the command is run depending on the one before
	ended   bool // the text has ended before, for sure
	last    string
	subs    int // of the lexer, that have been followed
	words   []words
	ran     map[string]bool // commands that were followed since the state changed
}

// maxWords is how many words one command may have.
const maxWords = 4096

// all follows all commands of the text.
func (r *runner) all() error {
	for r.f.err == nil {
		x, ok, err := r.l.next()
		if err != nil {
			return err
		}
		if !ok {
			r.flush(false)
			return nil
		}
		if err := r.f.left.Items(1); err != nil {
			r.f.fail(err)
			return nil
		}
		switch {
		case r.pattern:
			r.skipPattern(x)
		case x.op == "":
			r.word(x)
		default:
			if err := r.operator(x.op); err != nil {
				return err
			}
		}
	}
	return nil
}

// skipPattern skips a pattern of "case".
func (r *runner) skipPattern(x lexeme) {
	switch {
	case x.op == ")":
		r.pattern = false
	case x.plain() == "esac":
		r.cases--
		r.pattern = false
	}
}

// word takes a word of a command.
func (r *runner) word(x lexeme) {
	w := x.plain()
	if len(r.command) == 0 {
		switch {
		case slices.Contains(reserved, w):
			r.nest(w)
			return
		case w == "esac" && r.cases > 0:
			r.cases--
			return
		}
	}
	if len(r.command) >= maxWords {
		r.f.fail(fmt.Errorf("%s: a command of more than %d words: %w", r.st.pos.Place(), maxWords, inventory.ErrLimit))
		return
	}
	r.command = append(r.command, x)
	if len(r.command) == 3 && r.command[0].plain() == "case" && w == "in" {
		r.command, r.pattern = nil, true
		r.cases++
	}
}

// nest counts the constructs that a reserved word opens and closes.
func (r *runner) nest(w string) {
	switch w {
	case "if", "do", "{": // a loop is counted by its do
		r.open++
	case "fi", "done", "}":
		r.open = max(0, r.open-1)
	}
	r.cond = false
}

// asking are the commands behind which && goes on as a rule.
var asking = []string{"cd", "test", "[", "[[", "sleep", "true", ":", "set", "export", "umask", "mkdir"}

// join notes how the next command depends on the one before.
func (r *runner) join(op string) {
	switch op {
	case "||":
		r.cond = true
	case "&&":
		r.cond = r.cond || !slices.Contains(asking, r.last)
	case ";", "\n", "&":
		r.cond = false
	}
}

// operator takes an operator.
func (r *runner) operator(op string) error {
	switch op {
	case "<", ">", ">>", ">|", "&>", "&>>", "<>", "<&", ">&", "<<", "<<-", "<<<":
		if n := len(r.command); n > 0 && r.l.i > len(op) {
			// The number of a descriptor stands right before.
			if w := r.command[n-1].plain(); w != "" && strings.Trim(w, "0123456789") == "" && strings.HasSuffix(r.l.s[:r.l.i-len(op)], w) {
				r.command = r.command[:n-1]
			}
		}
		x, ok, err := r.l.next()
		if err != nil || !ok || x.op != "" {
			return errShell
		}
		switch op {
		case "<<", "<<-":
			var end strings.Builder
			for _, p := range x.all() {
				end.WriteString(p.text)
			}
			r.l.docs, r.piped = append(r.l.docs, end.String()), true
		case "<<<":
			r.piped = true
		case "<":
			if v := r.expand(x).list(); len(v) > 0 && len(v[0]) == 1 {
				r.input = v[0][0]
			}
		}
		return nil
	case "(":
		if len(r.command) == 1 && r.command[0].plain() != "" { // a function
			r.funcs[r.command[0].plain()] = true
			r.command = nil
			if x, ok, err := r.l.next(); err != nil || !ok || x.op != ")" {
				return errShell
			}
			return nil
		}
		r.flush(false)
		if len(r.saved) > maxNested {
			return errShell
		}
		r.saved = append(r.saved, r.st.copy())
	case ")":
		r.flush(false)
		if n := len(r.saved); n > 0 {
			*r.st = *r.saved[n-1]
			r.ran = nil
			r.saved = r.saved[:n-1]
		}
	case ";;", ";&", ";;&":
		r.flush(false)
		r.pattern = r.cases > 0
	case "|":
		r.flush(true)
	default:
		r.flush(false)
		r.join(op)
	}
	return nil
}

// flush follows the command so far, and the substitutions in it.
func (r *runner) flush(pipe bool) {
	command, piped, input := r.command, r.piped, r.input
	r.command, r.piped, r.input = nil, pipe, ""
	if len(command) == 0 && r.subs == len(r.l.subs) {
		return
	}
	for ; r.subs < len(r.l.subs); r.subs++ {
		r.f.text(r.st.copy(), r.l.subs[r.subs])
	}
	if len(command) > 0 {
		r.simple(command, piped, input)
		if r.command == nil {
			r.command = command[:0]
		}
	}
}

// assignment returns the variable that a word sets, and the rest of the word.
func assignment(x lexeme) (name string, value lexeme, more, ok bool) {
	n := nameLen(x.raw)
	if n == 0 || n >= len(x.raw) || x.raw[n] != '=' && x.raw[n] != '+' {
		return "", x, false, false
	}
	x.parts, x.simple = x.all(), false
	if len(x.parts) == 0 || x.parts[0].quoted {
		return "", x, false, false
	}
	rest, more := strings.CutPrefix(x.raw[n:], "+")
	if !strings.HasPrefix(rest, "=") || len(x.parts[0].text) < len(x.raw)-len(rest)+1 {
		return "", x, false, false
	}
	cut := len(x.raw) - len(rest) + 1
	first := x.parts[0]
	first.text = first.text[cut:]
	return x.raw[:n], lexeme{parts: append([]part{first}, x.parts[1:]...), raw: x.raw[cut:]}, more, true
}

// simple follows a simple command.
func (r *runner) simple(command []lexeme, piped bool, input string) {
	st := r.st
	before := st.doubt
	st.doubt = before || r.open > 0 || r.cases > 0 || r.cond || r.ended
	defer func() { r.st.doubt = before }()
	var names []string
	var values [][]string
	for len(command) > 0 {
		name, value, more, ok := assignment(command[0])
		if !ok {
			break
		}
		v := r.value(value)
		if more {
			v = join(st.vars[name], v)
		}
		names, values = append(names, name), append(values, v)
		command = command[1:]
	}
	if len(command) > 0 && len(names) > 0 {
		st = st.copy()
	}
	for i, name := range names {
		r.assign(st, name, values[i], len(command) > 0)
	}
	if len(command) == 0 {
		return
	}
	r.last = command[0].plain()
	if (r.last == "exit" || r.last == "return" || r.last == "exec" && len(command) > 1) && !st.doubt && len(r.saved) == 0 {
		defer func() { r.ended = true }()
	}
	switch r.last {
	case "for", "select":
		if len(command) > 1 {
			r.loop(command[1].plain(), command[2:])
		}
		return
	case "function":
		if len(command) > 1 {
			r.funcs[command[1].plain()] = true
		}
		return
	case "[[":
		return
	}
	all := r.words[:0]
	most := 1
	for _, x := range command {
		w := r.expand(x)
		all, most = append(all, w), max(most, len(w.values))
	}
	r.words = nil // what is run may use it
	for i := range min(most, maxValues) {
		argv := make([]string, 0, len(all))
		for _, w := range all {
			switch n := len(w.values); {
			case w.simple:
				argv = append(argv, w.one)
			case n == 0:
				argv = append(argv, unknown)
			default:
				argv = append(argv, w.values[min(i, n-1)]...)
			}
		}
		if len(argv) > 0 && r.f.err == nil {
			r.run(st, argv, command, piped, input)
		}
	}
	r.words = all
}

// unknown stands for an argument that is worked out.
const unknown = "\x00"

// assign sets a variable of the text. One that was set before keeps its values beside the new one,
// since it is not known which command is run.
func (r *runner) assign(st *state, name string, values []string, once bool) {
	if before, ok := st.vars[name]; ok && values != nil && !once && name != "PATH" {
		for _, v := range before {
			if !slices.Contains(values, v) && len(values) < maxValues {
				values = append(values, v)
			}
		}
	}
	r.f.assign(st, name, values)
	r.ran = nil
}

// loop sets the variable of a loop to the words of it.
func (r *runner) loop(name string, rest []lexeme) {
	if len(rest) > 0 && rest[0].plain() == "in" {
		rest = rest[1:]
	} else {
		rest = nil
	}
	var all []string
	for _, x := range rest {
		w := r.expand(x).list()
		if len(w) == 0 {
			all = nil
			break
		}
		for _, fields := range w {
			for _, v := range fields {
				all = append(all, r.glob(v, x)...)
			}
		}
	}
	if len(all) > maxValues {
		all = all[:maxValues]
	}
	r.st.vars[name] = all
	r.ran = nil
}

// glob returns the files that a pattern matches.
func (r *runner) glob(v string, x lexeme) []string {
	parts := x.all()
	if !strings.ContainsAny(v, "*?[") || !strings.HasPrefix(v, "/") || len(parts) == 0 || parts[len(parts)-1].quoted {
		return []string{v}
	}
	if !filetree.ValidName(v[1:]) || ofKernel(v[1:]) {
		return nil
	}
	names, err := r.f.sys.Glob(r.f.ctx, v[1:])
	if err != nil {
		r.f.fail(err)
		return nil
	}
	for i := range names {
		names[i] = "/" + names[i]
	}
	return names
}

// value returns the values that the text of an assignment may have, and nil where it is worked out.
func (r *runner) value(x lexeme) []string {
	x.parts, x.simple = x.all(), false
	for i := range x.parts {
		x.parts[i].quoted = true
	}
	if len(x.parts) == 0 {
		return []string{""}
	}
	w := r.expand(x).list()
	if len(w) == 0 {
		return nil
	}
	var all []string
	for _, fields := range w {
		all = append(all, strings.Join(fields, " "))
	}
	return all
}

// join returns all values of one after those of another.
func join(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	var all []string
	for _, x := range a {
		for _, y := range b {
			if len(all) < maxValues {
				all = append(all, x+y)
			}
		}
	}
	return all
}

// expand returns the values of a word.
func (r *runner) expand(x lexeme) words {
	if x.simple && !strings.HasPrefix(x.text, "~") {
		return words{one: x.text, simple: true}
	}
	x.parts = x.all()
	var w words
	if len(x.parts) == 1 && (x.parts[0].name == "@" || x.parts[0].name == "*") || len(x.parts) == 2 && x.parts[0].text == "" && x.parts[1].name == "@" {
		args := r.st.args
		if len(args) > 0 {
			args = args[1:]
		}
		w.values = [][]string{slices.Clone(args)}
		return w
	}
	values := []string{""}
	split := false // whether it becomes several words
	for i, p := range x.parts {
		var some []string
		switch {
		case p.opaque:
			return w
		case p.name != "":
			if some = r.lookup(p); some == nil {
				return w
			}
			split = split || !p.quoted
		default:
			text := p.text
			if i == 0 && !p.quoted && (text == "~" || strings.HasPrefix(text, "~/")) {
				text = r.home() + text[1:]
			}
			some = []string{text}
		}
		if values = join(values, some); len(values) == 0 {
			return w
		}
	}
	for _, v := range values {
		if err := r.f.left.Expanded(len(v)); err != nil {
			r.f.fail(err)
			return words{}
		}
		if split {
			w.values = append(w.values, strings.Fields(v))
		} else {
			w.values = append(w.values, []string{v})
		}
	}
	return w
}

// home returns the value of HOME.
func (r *runner) home() string {
	if v := r.st.vars["HOME"]; len(v) > 0 {
		return v[0]
	}
	return "/root"
}

// lookup returns the values of a variable.
func (r *runner) lookup(p part) []string {
	if n, err := strconv.Atoi(p.name); err == nil {
		switch {
		case n < len(r.st.args):
			if r.st.args[n] == unknown {
				return nil
			}
			return []string{r.st.args[n]}
		case p.orElse != nil:
			return []string{*p.orElse}
		case r.st.args == nil:
			return nil
		}
		return []string{""}
	}
	if p.name == "PATH" {
		var all []string
		for _, dirs := range r.st.paths {
			if !slices.Contains(dirs, "") {
				all = append(all, strings.Join(dirs, ":"))
			}
		}
		return all
	}
	v, ok := r.st.vars[p.name]
	switch {
	case ok && p.orElse != nil && v != nil:
		return append(slices.Clone(v), *p.orElse)
	case ok:
		return v
	case p.orElse != nil:
		return []string{*p.orElse}
	case p.name == "HOME":
		return []string{"/root"}
	case p.name == "PWD" && r.st.dir != "":
		return []string{r.st.dir}
	}
	if r.st.strict && !strings.ContainsAny(p.name, "#?$!-") {
		return nil
	}
	return nil
}

// builtins are commands of the shell itself that run nothing else. Those that are programs as well
// are the same in all shells.
var builtins = strings.Fields(`: true false [ test echo printf read exit return break continue ulimit umask wait kill type hash unset getopts
	times bg fg jobs let shopt mapfile readarray pwd shift unalias alias bind complete compgen compopt dirs popd disown enable help history logout suspend caller`)

// run follows a command whose words are known as far as they can be.
func (r *runner) run(st *state, argv []string, command []lexeme, piped bool, input string) {
	f := r.f
	name, args := argv[0], argv[1:]
	switch {
	case name == "." || name == "source":
		r.source(st, args)
	case name == "eval":
		if slices.Contains(args, unknown) {
			f.unsure(st, "a text that is worked out")
		} else {
			f.text(st, strings.Join(args, " "))
		}
	case name == "exec" || name == "command" || name == "builtin":
		for len(args) > 0 && strings.HasPrefix(args[0], "-") {
			if args[0] == "-a" || args[0] == "--" {
				if args[0] == "-a" && len(args) > 1 {
					args = args[1:]
				}
				args = args[1:]
				continue
			}
			if name == "command" && strings.ContainsAny(args[0], "vV") {
				return
			}
			args = args[1:]
		}
		if len(args) > 0 {
			r.run(st, args, command, piped, input)
		}
	case name == "cd" || name == "pushd":
		r.cd(args)
	case name == "export" || name == "readonly" || name == "local" || name == "declare" || name == "typeset":
		for _, x := range command[1:] {
			if name, value, more, ok := assignment(x); ok {
				v := r.value(value)
				if more {
					v = join(st.vars[name], v)
				}
				r.assign(r.st, name, v, false)
			}
		}
	case name == "set":
		if i := slices.Index(args, "--"); i >= 0 {
			st.args = append([]string{"sh"}, args[i+1:]...)
		}
	case name == "trap":
		if len(args) > 1 && args[0] != unknown && args[0] != "-" {
			f.text(st.copy(), args[0])
		}
	case r.funcs[name], slices.Contains(builtins, name):
	default:
		if st == r.st && !piped && input == "" && !r.first(argv) {
			return
		}
		c := st.copy()
		f.run(c, argv, true)
		if isShell(name) && (piped || input != "") {
			switch {
			case input != "" && c.abs(input) != "":
				f.use(c.pos, c.abs(input), "read by a shell")
				f.follow(c, c.abs(input), nil)
			case !hasScript(args):
				f.unsure(c, "a text from a pipe")
				f.named(c, r.l.s)
			}
		}
	}
}

// first reports whether a command is followed for the first time since the state changed.
func (r *runner) first(argv []string) bool {
	n := 0
	for _, a := range argv {
		n += len(a)
	}
	if n > 200 || len(argv) > 10 {
		return true
	}
	key := strings.Join(argv, "\x01")
	if r.ran[key] {
		return false
	}
	if r.ran == nil {
		r.ran = map[string]bool{}
	}
	r.ran[key] = true
	return true
}

// source follows a file that a text includes.
func (r *runner) source(st *state, args []string) {
	if len(args) == 0 {
		return
	}
	name := args[0]
	switch {
	case name == unknown:
		r.f.unsure(st, "a file that is sourced under a name that is worked out")
	case strings.Contains(name, "/"):
		if p := st.abs(name); p == "" {
			r.f.unsure(st, "a file that is sourced from a folder that is not known")
		} else {
			r.f.use(st.pos, p, "sourced")
			r.include(p, args)
		}
	default:
		if p := r.f.find(st, name); p != "" {
			r.f.use(st.pos, p, "sourced")
			r.include(p, args)
		} else if p := st.abs(name); p != "" {
			r.f.use(st.pos, p, "sourced")
			r.include(p, args)
		}
	}
}

// include follows the text of a file as a part of this one.
func (r *runner) include(p string, args []string) {
	key := "sourced " + p
	if r.f.doing[key] {
		return
	}
	r.f.doing[key] = true
	text := r.f.read(p)
	if text == "" {
		return
	}
	before := r.st.pos
	r.st.pos = inventory.Position{Source: strings.TrimPrefix(p, "/")}
	strict := r.st.strict
	r.st.strict = strict && !ofSystem(p)
	if len(args) > 1 {
		c := r.st.args
		r.st.args = args
		r.f.text(r.st, text)
		r.st.args = c
	} else {
		r.f.text(r.st, text)
	}
	r.st.pos, r.st.strict = before, strict
	r.ran = nil
}

// cd changes the working directory.
func (r *runner) cd(args []string) {
	r.ran = nil
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-" {
		args = args[1:]
	}
	switch {
	case len(args) == 0:
		r.st.dir = r.home()
	case args[0] == unknown || args[0] == "-":
		r.st.dir = ""
	default:
		r.st.dir = r.st.abs(args[0])
	}
}
