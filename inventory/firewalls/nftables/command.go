package nftables

import (
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

var (
	families = []string{"ip", "ip6", "inet", "arp", "bridge", "netdev"}
	// objects are the things that a table holds beside chains. They decide nothing by themselves.
	objects = []string{"set", "map", "counter", "quota", "limit", "ct", "flowtable", "secmark", "synproxy"}
	// reading are the commands that change nothing.
	reading = []string{"list", "describe", "monitor", "reset"}
)

// runCommand carries out a command at the top level of a file.
func (l *loader) runCommand(st statement, depth int) error {
	// A command without a verb adds.
	verb, line := st.word(0), lineOf(st)
	switch verb {
	case "add", "create", "insert", "delete", "destroy", "flush", "replace", "rename":
		st = st[1:]
	default:
		verb = "add"
	}
	what := st.word(0)
	switch {
	case len(st) == 0:
		return fmt.Errorf("%s:%d: a command without words", l.source, line)
	case slices.Contains(reading, what) && verb == "add":
		if (what == "list" || what == "reset") && !readingOf[st.word(1)] {
			return l.mistake(st, "a command that is not understood")
		}
		return nil
	case slices.Contains(objects, what) || what == "element" || what == "meter":
		return l.runObject(verb, st)
	case what == "ruleset" && verb == "flush":
		family := st.word(1)
		if len(st) > 2 || len(st) == 2 && !slices.Contains(families, family) {
			return l.mistake(st, "flush ruleset with more than a family")
		}
		l.flush(family)
		return nil
	case what != "table" && what != "chain" && what != "rule":
		return l.mistake(st, "a command that is not understood")
	case what == "rule":
		return l.runRule(verb, st)
	}
	// What is left is "table" or "chain": a family, if there is one, and a name.
	family, rest := familyOf(st[1:])
	if len(rest) == 0 || rest[0].braced {
		return l.mistake(st, "a name is missing")
	}
	if what == "table" {
		return l.runTable(verb, family, st, rest, depth)
	}
	return l.runChain(verb, family, st, rest, depth)
}

// familyOf cuts the family off the beginning of a statement. Without one it is "ip".
func familyOf(st statement) (string, statement) {
	if f := st.word(0); slices.Contains(families, f) {
		return f, st[1:]
	}
	return "ip", st
}

// flush removes the tables of one family, or of all if family is empty.
func (l *loader) flush(family string) {
	for key, t := range l.byName {
		if family == "" || t.Family == family {
			t.gone = true
			delete(l.byName, key)
		}
	}
}

// find returns a table, or nil if there is none.
func (l *loader) find(family, name string) *Table {
	return l.byName[[2]string{family, name}]
}

// runTable carries out a command for a table, whose name begins rest.
func (l *loader) runTable(verb, family string, st, rest statement, depth int) error {
	name := rest[0].text
	t := l.find(family, name)
	switch verb {
	case "delete", "destroy":
		if name == "handle" {
			return l.mistake(st, "a table that is named by its handle")
		}
		if t == nil && verb == "delete" {
			return l.mistake(st, "a table that is not there")
		}
		if t != nil {
			t.gone = true
			delete(l.byName, [2]string{family, name})
		}
		return nil
	case "flush":
		if t == nil {
			return l.mistake(st, "a table that is not there")
		}
		// A table is not gone through again and again.
		if err := l.limit.Items(len(t.Chains)); err != nil {
			return fmt.Errorf("%s:%d: %w", l.source, st[0].line, err)
		}
		for _, c := range t.Chains {
			l.empty(c)
		}
		return nil
	case "add", "create":
		if t != nil && verb == "create" {
			return l.mistake(st, "a table that is there already")
		}
		if t == nil {
			t = &Table{Family: family, Name: name, Chains: netfilter.Chains{}, Bases: map[string]Base{}, sets: map[string]*kindOfSet{}}
			l.tables = append(l.tables, t)
			l.byName[[2]string{family, name}] = t
		}
		t.Dormant = false // unless this statement says so again
		if len(rest) == 2 && rest[1].braced {
			return l.runBlock(rest[1], t, "", depth)
		}
		if len(rest) > 1 {
			return l.mistake(st, "a table in a form that is not understood")
		}
		return nil
	}
	return l.mistake(st, "a command that is not understood")
}

// runChain carries out a command for a chain. The names of its table and its own begin rest.
func (l *loader) runChain(verb, family string, st, rest statement, depth int) error {
	t := l.find(family, rest[0].text)
	if len(rest) < 2 || rest[1].braced {
		return l.mistake(st, "a name is missing")
	}
	if t == nil {
		if verb == "destroy" {
			return nil
		}
		return l.mistake(st, "a chain of a table that is not there")
	}
	name := rest[1].text
	switch verb {
	case "delete", "destroy":
		if name == "handle" {
			return l.mistake(st, "a chain that is named by its handle")
		}
		if t.Chains[name] == nil && verb == "delete" {
			return l.mistake(st, "a chain that is not there")
		}
		delete(t.Chains, name)
		delete(t.Bases, name)
		return nil
	case "flush":
		c := t.Chains[name]
		if c == nil {
			return l.mistake(st, "a chain that is not there")
		}
		l.empty(c)
		return nil
	case "add", "create":
		if t.Chains[name] != nil && verb == "create" {
			return l.mistake(st, "a chain that is there already")
		}
		return l.makeChain(st, t, name, rest[2:], depth)
	}
	return l.mistake(st, "a command that is not understood")
}

// empty takes the rules of a chain away.
func (l *loader) empty(c *netfilter.Chain) {
	c.Rules = nil
	delete(l.front, c)
}

// makeChain adds a chain if it is not there yet, and carries out its block if it has one.
func (l *loader) makeChain(st statement, t *Table, name string, rest statement, depth int) error {
	if t.Chains[name] == nil {
		t.Chains[name] = &netfilter.Chain{Position: inventory.Position{Source: l.source, Line: st[0].line}}
	}
	switch {
	case len(rest) == 0:
		return nil
	case len(rest) == 1 && rest[0].braced:
		return l.runBlock(rest[0], t, name, depth)
	}
	return l.mistake(st, "a chain in a form that is not understood")
}

// runBlock carries out the statements in the braces of a table or chain. nft requires a semicolon
// or the end of the line after each statement, after the last one too.
func (l *loader) runBlock(b token, t *Table, chain string, depth int) error {
	if b.open {
		return l.mistake(statement{b}, "a block whose last statement is not ended")
	}
	return l.run(b.block, t, chain, depth)
}

// runInTable carries out a statement in the block of a table.
func (l *loader) runInTable(st statement, t *Table, depth int) error {
	switch what := st.word(0); {
	case what == "chain" && len(st) > 1 && !st[1].braced:
		return l.makeChain(st, t, st[1].text, st[2:], depth)
	case what == "flags":
		for _, x := range st[1:] {
			if x.text != "dormant" && x.text != "owner" && x.text != "," {
				return l.mistake(st, "a flag that is not understood")
			}
		}
		t.Dormant = slices.ContainsFunc(st[1:], func(x token) bool { return x.text == "dormant" })
		return nil
	case what == "comment" && len(st) == 2:
		return nil
	case slices.Contains(objects, what):
		return l.makeObject(t, what, st, st[1:])
	}
	return l.mistake(st, "not understood in a table")
}

// runInChain carries out a statement in the block of a chain: its hook, its policy or a rule.
func (l *loader) runInChain(st statement, t *Table, name string) error {
	c := t.Chains[name]
	switch st.word(0) {
	case "type":
		if wrong := checkBase(t.Family, st); wrong != "" {
			return l.mistake(st, wrong)
		}
		t.Bases[name] = Base{st.word(1), st.word(3)}
		if c.Policy == netfilter.None {
			c.Policy = netfilter.Accept
		}
		return nil
	case "policy":
		if len(st) != 2 {
			return l.mistake(st, "no policy")
		}
		if _, base := t.Bases[name]; !base && (st[1].text == "drop" || st[1].text == "accept") {
			return l.mistake(st, "a policy of a chain without a hook")
		}
		if st[1].quoted && !st[1].given || l.stated {
			return l.mistake(st, "a policy in quotes, or a second one")
		}
		switch st[1].text { // quoted if it comes from a variable
		case "drop":
			c.Policy = netfilter.Deny
		case "accept":
			c.Policy = netfilter.Accept
		default:
			return l.mistake(st, "no policy")
		}
		l.stated = true
		c.Source, c.Line = l.source, st[0].line
		return nil
	case "comment":
		if len(st) != 2 {
			return l.mistake(st, "more behind a comment")
		}
		return nil
	case "flags":
		if len(st) != 2 || st.word(1) != "offload" {
			return l.mistake(st, "a flag that is not understood")
		}
		return nil
	case "devices":
		return nil
	}
	rules, err := l.makeRules(st, t)
	c.Rules = append(c.Rules, rules...)
	return err
}

// makeRules returns the rules of a statement, which is checked.
func (l *loader) makeRules(st statement, t *Table) ([]netfilter.Rule, error) {
	c := checker{st: st, family: t.Family}
	if wrong := c.checkRule(); wrong != "" {
		return nil, fmt.Errorf("%s:%d: %s", l.source, lineOf(st), wrong)
	}
	at := inventory.Position{Source: l.source, Line: lineOf(st)}
	for _, name := range c.jumps {
		l.needs = append(l.needs, need{at, t, true, name})
	}
	for _, name := range c.sets {
		l.needs = append(l.needs, need{at, t, false, name})
	}
	return l.readRule(st)
}

// lineOf returns the line of a statement, which may be empty.
func lineOf(st statement) int {
	if len(st) == 0 {
		return 0
	}
	return st[0].line
}

// runRule carries out a command that adds or inserts one rule.
func (l *loader) runRule(verb string, st statement) error {
	if verb != "add" && verb != "insert" {
		return l.mistake(st, "a rule that is named by its handle")
	}
	family, rest := familyOf(st[1:])
	if len(rest) < 2 || rest[0].braced || rest[1].braced {
		return l.mistake(st, "a command that is not understood")
	}
	t := l.find(family, rest[0].text)
	if t == nil || t.Chains[rest[1].text] == nil {
		return l.mistake(st, "a rule of a chain that is not there, or a command that is not understood")
	}
	c := t.Chains[rest[1].text]
	rest = rest[2:]
	if len(rest) == 0 {
		return l.mistake(st, "a rule without words")
	}
	if w := rest.word(0); w == "handle" || w == "position" || w == "index" {
		return l.mistake(st, "a rule in a numbered place")
	}
	if verb == "insert" {
		rules, err := l.makeRules(rest, t)
		for _, r := range slices.Backward(rules) {
			l.front[c] = append(l.front[c], r)
		}
		return err
	}
	rules, err := l.makeRules(rest, t)
	c.Rules = append(c.Rules, rules...)
	return err
}
