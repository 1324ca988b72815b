package nftables

import (
	"slices"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

var (
	families = []string{"ip", "ip6", "inet", "arp", "bridge", "netdev"}
	// objects are what a table holds beside chains, which decide nothing by themselves.
	objects = []string{"set", "map", "element", "counter", "quota", "limit", "ct", "flowtable", "secmark", "synproxy", "counters", "quotas", "sets", "maps", "tunnel"}
	reading = []string{"list", "describe", "monitor", "reset"}
)

// command carries out a command at the top of a file.
func (l *loader) command(st statement, depth int) error {
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
		return l.rule(verb, st)
	}
	family, rest := familyOf(st[1:])
	if len(rest) == 0 || rest[0].braced {
		return l.mistake(st, "a name is missing")
	}
	if what == "table" {
		return l.table(verb, family, st, rest, depth)
	}
	return l.chain(verb, family, st, rest, depth)
}

func familyOf(st statement) (string, statement) {
	if f := st.word(0); slices.Contains(families, f) {
		return f, st[1:]
	}
	return "ip", st
}

// flush empties the rules of all families, or of one.
func (l *loader) flush(family string) {
	l.tables = slices.DeleteFunc(l.tables, func(t *Table) bool { return family == "" || t.Family == family })
}

func (l *loader) find(family, name string) *Table {
	i := slices.IndexFunc(l.tables, func(t *Table) bool { return t.Family == family && t.Name == name })
	if i < 0 {
		return nil
	}
	return l.tables[i]
}

func (l *loader) table(verb, family string, st, rest statement, depth int) error {
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
		t.Dormant = false // unless this one says so again
		if len(rest) == 2 && rest[1].braced {
			return l.block(rest[1], t, "", depth)
		}
		if len(rest) > 1 {
			return l.mistake(st, "a table in a form that is not understood")
		}
		return nil
	}
	return l.mistake(st, "a command that is not understood")
}

func (l *loader) chain(verb, family string, st, rest statement, depth int) error {
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

func (l *loader) makeChain(st statement, t *Table, name string, rest statement, depth int) error {
	if t.Chains[name] == nil {
		t.Chains[name] = &netfilter.Chain{Source: l.source, Line: st[0].line}
	}
	switch {
	case len(rest) == 0:
		return nil
	case len(rest) == 1 && rest[0].braced:
		return l.block(rest[0], t, name, depth)
	}
	return l.mistake(st, "a chain in a form that is not understood")
}

// block carries out what stands in the braces of a table or chain, where nft wants a
// semicolon or the end of the line after each statement, the last one too.
func (l *loader) block(b token, t *Table, chain string, depth int) error {
	if b.open {
		return l.mistake(statement{b}, "a block whose last statement is not ended")
	}
	return l.statements(b.block, t, chain, depth)
}

// inTable carries out what stands in the block of a table.
func (l *loader) inTable(st statement, t *Table, depth int) error {
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

// inChain carries out what stands in the block of a chain.
func (l *loader) inChain(st statement, t *Table, name string) error {
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
		switch st[1].text { // quoted where a variable has it
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
	c.Rules = append(c.Rules, l.rules(st)...)
	return nil
}

// rule carries out a command for one rule.
func (l *loader) rule(verb string, st statement) error {
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
		c.Rules = slices.Insert(c.Rules, 0, l.rules(rest)...)
		return nil
	}
	c.Rules = append(c.Rules, l.rules(rest)...)
	return nil
}
