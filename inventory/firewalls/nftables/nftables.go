// Package nftables reads the rules that nft(8) loads from a file when the system boots: its
// tables, chains and their policies, and of rules what they do and whether they choose
// packets. Files are included, variables put in, and commands carried out in their order,
// "flush ruleset" among them, so that what is left is what the kernel would be told.
//
// It is not a checker: a file that nft would refuse because of a misspelt rule is not
// found out. What the kernel has at the moment is asked by netlink, which is out of reach
// here.
package nftables

import (
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// Table is a table of one family: ip, ip6, inet, arp, bridge or netdev.
type Table struct {
	Family, Name string
	// Dormant says that the table is there and its chains see no packets.
	Dormant bool
	Chains  netfilter.Chains
	// Bases are the chains that a hook of the kernel leads to, by name.
	Bases map[string]Base
}

// Base is where a chain gets its packets from.
type Base struct{ Type, Hook string }

// Ruleset is the tables in the order in which they were made.
type Ruleset struct{ Tables []*Table }

// Default answers what becomes of a packet of a family, 4 or 6, at a hook, such as
// "input", that no particular rule takes. Every chain of the type filter sees it, so that
// one that denies decides.
func (r *Ruleset) Default(hook string, family int) netfilter.Decision {
	last := netfilter.Decision{Verdict: netfilter.Accept}
	for _, t := range r.Tables {
		if t.Dormant || t.Family != "inet" && t.Family != map[int]string{4: "ip", 6: "ip6"}[family] {
			continue
		}
		for _, name := range t.bases() {
			if b := t.Bases[name]; b.Type != "filter" || b.Hook != hook {
				continue
			}
			switch d := t.Chains.Default(name); {
			case d.Verdict == netfilter.Deny:
				return d
			case d.Verdict == netfilter.Unknown || last.Verdict != netfilter.Unknown:
				last = d
			}
		}
	}
	return last
}

func (t *Table) bases() []string {
	var all []string
	for name := range t.Bases {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// File is one file and its text.
type File struct {
	Name string
	Text []byte
}

// Parse carries out the commands of a file. include answers the files that a path in an
// include stands for, in the order in which they are read.
func Parse(f File, include func(path string) ([]File, error)) (*Ruleset, error) {
	l := &loader{include: include, vars: map[string][]token{}}
	if err := l.file(f, nil, "", 0); err != nil {
		return nil, err
	}
	return &Ruleset{l.tables}, nil
}

const (
	maxIncludes = 16 // in one another, as nft has it
	maxFiles    = 1000
	maxTokens   = 1_000_000 // once variables are put in
)

type loader struct {
	include func(string) ([]File, error)
	tables  []*Table
	vars    map[string][]token
	source  string
	files   int
	tokens  int
}

// file carries out what stands in a file: commands, or in a table or chain what stands
// there.
func (l *loader) file(f File, t *Table, chain string, depth int) error {
	if l.files++; depth > maxIncludes || l.files > maxFiles {
		return fmt.Errorf("%s: too many files that include others", f.Name)
	}
	lex := &lexer{s: string(f.Text), line: 1}
	all, _ := lex.statements(0)
	if lex.wrong != "" {
		return fmt.Errorf("%s:%d: %s", f.Name, lex.at, lex.wrong)
	}
	before := l.source
	l.source = f.Name
	defer func() { l.source = before }()
	return l.statements(all, t, chain, depth)
}

func (l *loader) statements(all []statement, t *Table, chain string, depth int) error {
	for _, st := range all {
		done, err := l.common(st, t, chain, depth)
		if err == nil && !done {
			if st, err = l.expand(st); err == nil {
				switch {
				case t == nil:
					err = l.command(st, depth)
				case chain == "":
					err = l.inTable(st, t, depth)
				default:
					err = l.inChain(st, t, chain)
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) mistake(st statement, what string) error {
	return fmt.Errorf("%s:%d: %s", l.source, st[0].line, what)
}

// common carries out what may stand anywhere: include, define and its kin.
func (l *loader) common(st statement, t *Table, chain string, depth int) (bool, error) {
	switch st.word(0) {
	case "include":
		if len(st) != 2 || st[1].braced {
			return true, l.mistake(st, "an include without a path")
		}
		files, err := l.include(st[1].text)
		if err != nil {
			return true, fmt.Errorf("%s:%d: %w", l.source, st[0].line, err)
		}
		for _, f := range files {
			if err := l.file(f, t, chain, depth+1); err != nil {
				return true, err
			}
		}
		return true, nil
	case "define", "redefine":
		if len(st) < 4 || st.word(2) != "=" {
			return true, l.mistake(st, "a variable in a form that is not understood")
		}
		value, err := l.expand(st[3:])
		l.vars[st.word(1)] = value
		return true, err
	case "undefine":
		delete(l.vars, st.word(1))
		return true, nil
	}
	return false, nil
}

// expand puts in the values of variables. What stands in the block of a table or chain
// gets them when it is carried out, as it may define some of its own.
func (l *loader) expand(st statement) (statement, error) {
	later := slices.ContainsFunc(st[:min(2, len(st))], func(t token) bool { return t.text == "table" || t.text == "chain" })
	var all statement
	for _, t := range st {
		if l.tokens++; l.tokens > maxTokens {
			return nil, l.mistake(st, "too many variables in one another")
		}
		switch {
		case t.braced && !later:
			block := make([]statement, len(t.block))
			for i, inner := range t.block {
				var err error
				if block[i], err = l.expand(inner); err != nil {
					return nil, err
				}
			}
			t.block = block
			all = append(all, t)
		case !t.quoted && len(t.text) > 1 && t.text[0] == '$':
			value, ok := l.vars[t.text[1:]]
			if !ok {
				return nil, l.mistake(st, "a variable that is not defined")
			}
			if l.tokens += size(value); l.tokens > maxTokens {
				return nil, l.mistake(st, "too many variables in one another")
			}
			for _, v := range value {
				v.line = t.line
				all = append(all, v)
			}
		default:
			all = append(all, t)
		}
	}
	return all, nil
}

// size counts the tokens of a value.
func size(st statement) int {
	n := len(st)
	for _, t := range st {
		for _, inner := range t.block {
			n += size(inner)
		}
	}
	return n
}

// word answers the token at i where it is a plain word.
func (st statement) word(i int) string {
	if i >= len(st) || st[i].braced || st[i].quoted {
		return ""
	}
	return st[i].text
}
