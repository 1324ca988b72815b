// Package nftables reads the rules that nft(8) loads from a file when the system boots, such as
// etc/nftables.conf: tables, chains and their policies, and for each rule its verdict and which
// packets it matches. It follows includes, replaces variables and carries out the commands in their
// order, "flush ruleset" among them. The result is what the kernel would be told.
//
// It does not check the syntax of rules: a file that nft refuses because of a misspelt rule is
// accepted here. The rules that the kernel has at this moment are not read, since they are
// available by netlink only.
package nftables

import (
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// Table is a table of one family: ip, ip6, inet, arp, bridge or netdev.
type Table struct {
	Family, Name string
	// Dormant says that the chains of the table see no packets.
	Dormant bool
	Chains  netfilter.Chains
	// Bases are the hooks of the chains that a hook of the kernel leads to, by the chain's name.
	Bases map[string]Base
}

// Base is the type of a chain, such as "filter", and the hook of the kernel that leads to it, such
// as "input".
type Base struct{ Type, Hook string }

// Ruleset is a list of tables in the order in which they were made.
type Ruleset struct{ Tables []*Table }

// Default returns the decision about a packet of a family, 4 or 6, at a hook, such as "input", that
// no particular rule matches. Every chain of the type filter sees the packet, so that one chain
// that denies decides. Without such a chain the packet is accepted.
func (r *Ruleset) Default(hook string, family int) netfilter.Decision {
	last := netfilter.Decision{Verdict: netfilter.Accept}
	for _, t := range r.Tables {
		if t.Dormant || t.Family != "inet" && t.Family != map[int]string{4: "ip", 6: "ip6"}[family] {
			continue
		}
		for _, name := range t.sortedBases() {
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

// sortedBases returns the names of the base chains, sorted.
func (t *Table) sortedBases() []string {
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

// Parse carries out the commands of a file and returns the resulting ruleset. include returns the
// files that the path of an include stands for, in the order in which nft reads them. The first
// statement that is not understood is the error, with its file and line.
func Parse(f File, include func(path string) ([]File, error)) (*Ruleset, error) {
	l := &loader{include: include, vars: map[string][]token{}}
	if err := l.runFile(f, nil, "", 0); err != nil {
		return nil, err
	}
	return &Ruleset{l.tables}, nil
}

const (
	maxIncludes = 16 // includes in includes, the limit of nft
	maxFiles    = 1000
	maxTokens   = 1_000_000 // after variables are replaced
)

// loader carries out the commands of files.
type loader struct {
	include func(string) ([]File, error)
	tables  []*Table
	vars    map[string][]token
	source  string // the file that is carried out
	files   int    // how many were read
	tokens  int    // how many were read, values of variables included
}

// runFile carries out the statements of a file. An include in the block of a table or chain
// continues that block; then t and chain are the table and the chain.
func (l *loader) runFile(f File, t *Table, chain string, depth int) error {
	if l.files++; depth > maxIncludes || l.files > maxFiles {
		return fmt.Errorf("%s: too many files that include others", f.Name)
	}
	lex := &lexer{s: string(f.Text), line: 1}
	all, _ := lex.readStatements(0)
	if lex.wrong != "" {
		return fmt.Errorf("%s:%d: %s", f.Name, lex.at, lex.wrong)
	}
	before := l.source
	l.source = f.Name
	defer func() { l.source = before }()
	return l.run(all, t, chain, depth)
}

// run carries out statements: at the top level, in a table, or in a chain of it.
func (l *loader) run(all []statement, t *Table, chain string, depth int) error {
	for _, st := range all {
		done, err := l.runCommon(st, t, chain, depth)
		if err == nil && !done {
			if st, err = l.expand(st); err == nil {
				switch {
				case t == nil:
					err = l.runCommand(st, depth)
				case chain == "":
					err = l.runInTable(st, t, depth)
				default:
					err = l.runInChain(st, t, chain)
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mistake returns an error with the place of a statement.
func (l *loader) mistake(st statement, what string) error {
	return fmt.Errorf("%s:%d: %s", l.source, st[0].line, what)
}

// runCommon carries out the statements that may stand anywhere: include, define, redefine and
// undefine. It reports whether the statement is one of these.
func (l *loader) runCommon(st statement, t *Table, chain string, depth int) (bool, error) {
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
			if err := l.runFile(f, t, chain, depth+1); err != nil {
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

// expand replaces variables by their values.
func (l *loader) expand(st statement) (statement, error) {
	// The block of a table or chain is expanded when it is carried out, as it may define variables
	// of its own.
	later := slices.ContainsFunc(st[:min(2, len(st))], func(t token) bool {
		return t.text == "table" || t.text == "chain"
	})
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
			if l.tokens += countTokens(value); l.tokens > maxTokens {
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

// countTokens counts the tokens of a value, those in blocks too.
func countTokens(st statement) int {
	n := len(st)
	for _, t := range st {
		for _, inner := range t.block {
			n += countTokens(inner)
		}
	}
	return n
}

// word returns the token at i if it is a plain word, else "".
func (st statement) word(i int) string {
	if i >= len(st) || st[i].braced || st[i].quoted {
		return ""
	}
	return st[i].text
}
