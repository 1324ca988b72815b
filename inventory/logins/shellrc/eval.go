package shellrc

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// flow is where a shell goes on behind a command.
type flow uint8

const (
	onward   flow = iota
	returned      // from a file or a function
	exited        // from the shell
	stopped       // the line of a file is given up
	looping       // break or continue
)

// state is what a shell may have come to.
type state struct {
	vars      map[string]variable
	funcs     map[string]*node
	args      []val // of a function or a file
	argsKnown bool
	mask      Text
	maskAt    spot
	core      string // the hard limit for images of memory that was set; a question mark where it is not known
	coreAt    spot
	status    answer // yes is success
	flow      flow
	lost      bool // nothing is known any more
}

func (st *state) clone() *state {
	c := *st
	c.vars, c.funcs = maps.Clone(st.vars), maps.Clone(st.funcs)
	return &c
}

// run is one shell that starts. It has a budget of steps.
type run struct {
	Shell
	focus     []string // variables that states are kept apart by
	steps     int
	err       error
	file      string
	depth     int
	inFunc    int
	left      *budget.Budget
	chain     []string                                 // the files that are being read
	depthLine int                                      // the line of the command
	include   func(x *run, name string) (*node, error) // nil where there is no such file
	look      func(name string) (found, error)
	glob      func(pattern string) ([]string, error)
}

const maxSteps = 400_000

func (x *run) spend(n int) {
	if x.steps += n; x.steps > maxSteps && x.err == nil {
		x.err = fmt.Errorf("%s: the shell does too much: %w", x.file, inventory.ErrLimit)
	}
}

// settled variables are those of which a shell has no value before a file sets one.
var settled = []string{"TMOUT", "IFS", "BASH_ENV"}

func (x *run) get(st *state, name string) variable {
	if st.lost {
		return variable{set: perhaps}
	}
	if v, ok := st.vars[name]; ok {
		return v
	}
	switch {
	case strings.Trim(name, "0123456789") == "":
		if name == "0" || !st.argsKnown {
			return variable{set: perhaps, val: val{filled: true}}
		}
		for i, a := range st.args {
			if name == fmt.Sprint(i+1) {
				return variable{set: yes, val: a}
			}
		}
		return variable{set: no}
	case name == "#" && st.argsKnown:
		return variable{set: yes, val: known(fmt.Sprint(len(st.args)))}
	case name == "?" && st.status == yes:
		return variable{set: yes, val: known("0")}
	case strings.ContainsAny(name, "?#$"):
		return variable{set: yes, val: val{filled: true}}
	case slices.Contains(settled, name) || strings.ToUpper(name) != name && !strings.HasSuffix(name, "_proxy"):
		return variable{set: no} // a session begins with names in capitals
	}
	return variable{set: perhaps}
}

// assign sets a variable, and gives up the line of the file where it is protected.
func (x *run) assign(st *state, name string, v val) bool {
	old := x.get(st, name)
	if old.protected {
		st.flow = stopped
		if !x.Bash {
			st.flow = exited
		}
		return false
	}
	v2 := variable{val: v, set: yes, exported: old.exported, at: spot{x.file, x.line()}}
	st.vars[name] = v2
	return true
}

func (x *run) line() int { return x.depthLine }

// blur makes a variable not known.
func (x *run) blur(st *state, name string) {
	old := x.get(st, name)
	st.vars[name] = variable{set: perhaps, exported: old.exported, protected: old.protected, at: spot{x.file, x.line()}}
}

// list runs the commands of a list in every state.
func (x *run) list(n *node, all []*state) []*state {
	if n == nil {
		return all
	}
	for _, part := range n.parts {
		var in, rest []*state
		for _, st := range all {
			runs := st.flow == onward
			take := is(runs)
			switch {
			case !runs:
			case part.op == "&&":
				take = st.status
			case part.op == "||":
				take = st.status.not()
			}
			switch take {
			case yes:
				in = append(in, st)
			case no:
				rest = append(rest, st)
			default:
				other := st.clone()
				// What was perhaps so is so in one of both.
				st.status, other.status = is(part.op == "&&"), is(part.op != "&&")
				in, rest = append(in, st), append(rest, other)
			}
		}
		all = x.merge(append(x.command(part, in), rest...))
	}
	return all
}

// file runs a file: what gives up a line goes on with the next one.
func (x *run) top(n *node, all []*state) []*state {
	for i := 0; i < len(n.parts); {
		unit := &node{kind: "list"}
		for i < len(n.parts) {
			unit.parts = append(unit.parts, n.parts[i])
			i++
			if !n.parts[i-1].more {
				break
			}
		}
		all = x.list(unit, all)
		for _, st := range all {
			if st.flow == stopped {
				st.flow, st.status = onward, no
			}
		}
	}
	return all
}

const most = 48 // states that are told apart

// merge puts states together that differ in nothing that matters, and makes the rest not known where
// they differ.
func (x *run) merge(all []*state) []*state {
	if len(all) < 2 {
		return all
	}
	var out []*state
	for _, st := range all {
		i := slices.IndexFunc(out, func(o *state) bool { return x.alike(o, st) })
		if i < 0 {
			out = append(out, st)
			continue
		}
		x.join(out[i], st)
	}
	if len(out) > most {
		for _, st := range out[1:] {
			x.join(out[0], st)
		}
		out[0].lost = true
		out = out[:1]
	}
	return out
}

// alike reports whether two states have the same of what matters.
func (x *run) alike(a, b *state) bool {
	x.spend(1)
	if x.Focus == "" && (a.mask != b.mask || a.core != b.core) {
		return false
	}
	if a.flow != b.flow || a.lost != b.lost || a.status != b.status || a.argsKnown != b.argsKnown || !slices.Equal(a.args, b.args) {
		return false
	}
	for _, name := range x.focus {
		if x.get(a, name) != x.get(b, name) {
			return false
		}
	}
	return true
}

func (x *run) join(a, b *state) {
	if a.mask != b.mask {
		a.mask = unknown
	}
	if a.core != b.core {
		a.core = "?"
	}
	x.spend(len(a.vars) + len(b.vars))
	for name := range b.vars {
		if _, ok := a.vars[name]; !ok {
			a.vars[name] = x.get(a, name)
		}
	}
	for name, v := range a.vars {
		if w := x.get(b, name); v != w {
			v.at = w.at
			if v.val != w.val {
				full := (v.filled || v.known && v.text != "") && (w.filled || w.known && w.text != "")
				v.val = val{filled: full}
			}
			if v.set != w.set {
				v.set = perhaps
			}
			v.exported, v.protected = v.exported && w.exported, v.protected || w.protected
			a.vars[name] = v
		}
	}
	for name, f := range b.funcs {
		if a.funcs[name] != f {
			a.funcs[name] = nil // one of both
		}
	}
	for name := range a.funcs {
		if _, ok := b.funcs[name]; !ok {
			a.funcs[name] = nil
		}
	}
}

// command runs one command in states that all go on.
func (x *run) command(n *node, all []*state) []*state {
	x.spend(1 + len(all))
	if x.err != nil || len(all) == 0 {
		return all
	}
	if x.depth++; x.depth > 60 {
		x.err = fmt.Errorf("%s: nested too deep: %w", x.file, inventory.ErrLimit)
		return all
	}
	defer func() { x.depth-- }()
	if n.back || n.kind == "subshell" { // it changes nothing here
		for _, st := range all {
			st.status = perhaps
		}
		return all
	}
	x.depthLine = n.line
	switch n.kind {
	case "if":
		all = x.branch(n, all)
	case "case":
		all = x.choose(n, all)
	case "for":
		all = x.each(n, all)
	case "loop":
		all = x.list(n.parts[0], all)
		for _, st := range all {
			if st.flow == onward && st.status != is(n.until) {
				x.vague(st, n)
			} else {
				st.status = yes
			}
		}
	case "group", "list":
		for _, part := range n.parts {
			all = x.list(part, all)
		}
	case "function":
		for _, st := range all {
			st.funcs[n.words[0]], st.status = n.parts[0], yes
			if slices.Contains(builtins, n.words[0]) {
				st.lost = true
			}
		}
	case "[[":
		for _, st := range all {
			st.status = no
			if x.Bash {
				st.status = x.double(st, n.words)
			}
		}
	case "((":
		for _, st := range all {
			x.vague(st, n)
		}
	default:
		var out []*state
		for _, st := range all {
			out = append(out, x.simple(n, st)...)
		}
		all = out
	}
	if n.not {
		for _, st := range all {
			st.status = st.status.not()
		}
	}
	return all
}

// list of a part that is a list or a command.
func (x *run) branch(n *node, all []*state) []*state {
	var out []*state
	for i := 0; i < len(n.parts); i += 2 {
		if i+1 == len(n.parts) { // else
			return x.merge(append(out, x.list(n.parts[i], all)...))
		}
		var then, other []*state
		for _, st := range x.list(n.parts[i], all) {
			switch {
			case st.flow != onward:
				out = append(out, st)
			case st.status == yes:
				then = append(then, st)
			case st.status == no:
				other = append(other, st)
			default:
				then, other = append(then, st), append(other, st.clone())
			}
		}
		out = append(out, x.list(n.parts[i+1], then)...)
		all = other
	}
	for _, st := range all {
		st.status = yes
	}
	return x.merge(append(out, all...))
}

func (x *run) choose(n *node, all []*state) []*state {
	var out []*state
	for _, st := range all {
		text := x.word(st, n.words[0])
		going, through := st, (*state)(nil)
		for _, a := range n.arms {
			hit := no
			for _, p := range a.patterns {
				if hit = hit.or(x.matches(going, text, p)); hit == yes {
					break
				}
			}
			var in []*state
			if through != nil {
				in, through = append(in, through), nil
			}
			if going != nil && hit != no {
				c := going
				if hit == perhaps {
					c = going.clone()
				} else {
					going = nil
				}
				c.status = yes
				in = append(in, c)
			}
			if len(in) == 0 {
				continue
			}
			if in = x.merge(x.list(a.body, in)); a.falls {
				for _, s := range in {
					x.vague(s, n) // rare
				}
			}
			out = append(out, in...)
			if going == nil {
				break
			}
		}
		if going != nil {
			going.status = yes
			out = append(out, going)
		}
	}
	return x.merge(out)
}

func (a answer) or(b answer) answer { return a.not().and(b.not()).not() }

// each runs a loop over words that are known.
func (x *run) each(n *node, all []*state) []*state {
	var out []*state
	for _, st := range all {
		words, sure := x.list2(st, n.words[1:])
		if x.err != nil {
			return all
		}
		if !sure {
			x.vague(st, n)
			out = append(out, st)
			continue
		}
		states := []*state{st}
		st.status = yes
		for _, w := range words {
			for _, s := range states {
				if s.flow == onward {
					x.assign(s, n.words[0], w)
				}
			}
			states = x.list(n.parts[0], states)
			for _, s := range states {
				if s.flow == looping { // break or continue, perhaps of an outer loop
					x.vague(s, n)
					s.flow = onward
				}
			}
			if states = x.merge(states); x.err != nil {
				return states
			}
		}
		out = append(out, states...)
	}
	return x.merge(out)
}

// list2 expands the words of a loop, patterns of files among them.
func (x *run) list2(st *state, words []string) (all []val, sure bool) {
	for _, raw := range words {
		if names, ok, err := x.listing(raw); err != nil {
			x.err = err
			return nil, false
		} else if ok {
			all = append(all, names...)
			continue
		}
		ps := x.pieces(st, raw)
		pattern := false
		for _, p := range ps {
			pattern = pattern || p.known && !p.quoted && strings.ContainsAny(p.text, "*?[")
		}
		if !pattern {
			vs, ok := x.fields(st, []string{raw})
			if !ok {
				return nil, false
			}
			for _, v := range vs {
				if !v.known {
					return nil, false
				}
			}
			all = append(all, vs...)
			continue
		}
		v := joined(ps)
		if !v.known || strings.ContainsAny(v.text, "\x00{[\\") || !strings.HasPrefix(v.text, "/") {
			return nil, false
		}
		names, err := x.glob(v.text)
		if err != nil {
			x.err = err
			return nil, false
		}
		if len(names) == 0 {
			names = []string{v.text}
		}
		for _, name := range names {
			all = append(all, known(name))
		}
	}
	return all, true
}

// listing returns the files that run-parts(8) lists in Debian's etc/profile.
func (x *run) listing(raw string) (names []val, ok bool, err error) {
	if !strings.HasPrefix(raw, "$(run-parts --list --regex '^[a-zA-Z0-9_][a-zA-Z0-9._-]*\\.sh$' /etc/profile.d)") {
		return nil, false, nil
	}
	all, err := x.glob("/" + folder + "/*.sh")
	for _, name := range all {
		if listed.MatchString(name[strings.LastIndexByte(name, '/')+1:]) {
			names = append(names, known(name))
		}
	}
	return names, true, err
}

// vague makes what a command may do not known: all that its text sets.
func (x *run) vague(st *state, n *node) {
	st.status = perhaps
	var walk func(*node)
	text := func(words []string) {
		for _, w := range words {
			if x.spend(1); strings.Contains(w, "umask") {
				st.mask, st.maskAt = unknown, spot{x.file, n.line}
			}
			if strings.Contains(w, "ulimit") {
				st.core = "?"
			}
			if w == "." || w == "source" || w == "eval" || w == "exit" || w == "return" || w == "exec" {
				st.lost = true
			}
			if f, ok := st.funcs[w]; ok && f == nil {
				st.lost = true
			}
			for i := 0; i < len(w); {
				if !isNameByte(w[i], false) {
					i++
					continue
				}
				from := i
				for i < len(w) && isNameByte(w[i], true) {
					i++
				}
				if name := w[from:i]; i < len(w) && strings.ContainsAny(w[i:i+1], "=+-[:") || slices.Contains(x.focus, name) {
					x.blur(st, name)
				}
			}
		}
	}
	depth := 0
	walk = func(n *node) {
		if n == nil || x.err != nil {
			return
		}
		if depth++; depth < 60 {
			text(n.words)
			for _, p := range n.parts {
				walk(p)
			}
			for _, a := range n.arms {
				walk(a.body)
			}
			if len(n.words) > 0 && n.kind == "simple" {
				if f := st.funcs[n.words[0]]; f != nil {
					walk(f)
				}
			}
			if n.kind == "for" && len(n.words) > 0 {
				x.blur(st, n.words[0])
			}
		} else {
			st.lost = true
		}
		depth--
	}
	walk(n)
}
