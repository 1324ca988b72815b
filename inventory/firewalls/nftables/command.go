package nftables

import (
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

var (
	families = []string{"ip", "ip6", "inet", "arp", "bridge", "netdev"}
	// objects are the things that a table holds beside chains. They decide nothing by themselves.
	objects = []string{"set", "map", "element", "counter", "quota", "limit", "ct", "flowtable", "secmark",
		"synproxy", "counters", "quotas", "sets", "maps", "tunnel"}
	// reading are the commands that change nothing.
	reading = []string{"list", "describe", "monitor", "reset"}
)

// runCommand carries out a command at the top level of a file.
func (l *loader) runCommand(st statement, depth int) error {
	// A command without a verb adds.
	verb := st.word(0)
	switch verb {
	case "add", "create", "insert", "delete", "destroy", "flush", "replace", "rename":
		st = st[1:]
	default:
		verb = "add"
	}
	what := st.word(0)
	switch {
	case len(st) == 0:
		return nil
	case slices.Contains(reading, what) && verb == "add":
		return nil
	case slices.Contains(objects, what):
		return nil // sets and their like are not looked into
	case what == "ruleset" && verb == "flush":
		l.flush(st.word(1))
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
	l.tables = slices.DeleteFunc(l.tables, func(t *Table) bool { return family == "" || t.Family == family })
}

// find returns a table, or nil if there is none.
func (l *loader) find(family, name string) *Table {
	i := slices.IndexFunc(l.tables, func(t *Table) bool { return t.Family == family && t.Name == name })
	if i < 0 {
		return nil
	}
	return l.tables[i]
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
		l.tables = slices.DeleteFunc(l.tables, func(o *Table) bool { return o == t })
		return nil
	case "flush":
		if t != nil {
			for _, c := range t.Chains {
				c.Rules = nil
			}
		}
		return nil
	case "add", "create":
		if t == nil {
			t = &Table{Family: family, Name: name, Chains: netfilter.Chains{}, Bases: map[string]Base{}}
			l.tables = append(l.tables, t)
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
		delete(t.Chains, name)
		delete(t.Bases, name)
		return nil
	case "flush":
		if c := t.Chains[name]; c != nil {
			c.Rules = nil
		}
		return nil
	case "add", "create":
		return l.makeChain(st, t, name, rest[2:], depth)
	}
	return l.mistake(st, "a command that is not understood")
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
		t.Dormant = slices.ContainsFunc(st[1:], func(x token) bool { return x.text == "dormant" })
		return nil
	case what == "comment" || slices.Contains(objects, what):
		return nil
	}
	return l.mistake(st, "not understood in a table")
}

// runInChain carries out a statement in the block of a chain: its hook, its policy or a rule.
func (l *loader) runInChain(st statement, t *Table, name string) error {
	c := t.Chains[name]
	switch st.word(0) {
	case "type":
		if st.word(2) != "hook" {
			return l.mistake(st, "a chain without a hook")
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
		switch st[1].text { // quoted if it comes from a variable
		case "drop":
			c.Policy = netfilter.Deny
		case "accept":
			c.Policy = netfilter.Accept
		default:
			return l.mistake(st, "no policy")
		}
		c.Source, c.Line = l.source, st[0].line
		return nil
	case "comment", "flags", "devices":
		return nil
	}
	c.Rules = append(c.Rules, l.readRule(st)...)
	return nil
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
	if w := rest.word(0); w == "handle" || w == "position" || w == "index" {
		return l.mistake(st, "a rule in a numbered place")
	}
	if verb == "insert" {
		c.Rules = slices.Insert(c.Rules, 0, l.readRule(rest)...)
		return nil
	}
	c.Rules = append(c.Rules, l.readRule(rest)...)
	return nil
}
