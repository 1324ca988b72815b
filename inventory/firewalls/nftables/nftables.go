// Package nftables reads the rules that nft(8) loads from a file when the system boots, such as
// etc/nftables.conf: tables, chains and their policies, and for each rule its verdict and which
// packets it matches. It follows includes, replaces variables and carries out the commands in their
// order, "flush ruleset" among them. The result is what the kernel would be told.
//
// A statement, condition or value that is not known is an error, since nft loads nothing of a file
// with a mistake. Names of services, users and interfaces are not looked up. The rules that the kernel
// has at this moment are not read, since they are available by netlink only.
package nftables

import (
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
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

	sets map[string]*kindOfSet // its sets and maps by their names
	gone bool                  // the table was deleted
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
	l := &loader{include: include, vars: map[string][]token{}, limit: new(budget.Budget), byName: map[[2]string]*Table{},
		front: map[*netfilter.Chain][]netfilter.Rule{}, texts: map[string][]statement{}, found: map[string][]File{}}
	if err := l.runFile(f, nil, "", 0); err != nil {
		return nil, err
	}
	for c, front := range l.front {
		slices.Reverse(front)
		c.Rules = append(front, c.Rules...)
	}
	r := &Ruleset{}
	for _, t := range l.tables {
		if !t.gone {
			r.Tables = append(r.Tables, t)
		}
	}
	return r, nil
}

const maxIncludes = 16 // includes in includes, the limit of nft

// loader carries out the commands of files.
type loader struct {
	include func(string) ([]File, error)
	tables  []*Table             // deleted ones too
	byName  map[[2]string]*Table // those that are there, by family and name
	vars    map[string][]token
	source  string // the file that is carried out
	limit   *budget.Budget
	texts   map[string][]statement                // the statements of the files that were read
	found   map[string][]File                     // the files of includes that were looked for
	front   map[*netfilter.Chain][]netfilter.Rule // the inserted rules, the last one first
	needs   []need                                // what the current command names
	stated  bool                                  // the block of the chain has stated a policy
}

// need is a chain, or else a set, that has to be there at the end of a command.
type need struct {
	inventory.Position

	table *Table
	chain bool
	name  string
}

// runFile carries out the statements of a file. An include in the block of a table or chain
// continues that block; then t and chain are the table and the chain.
func (l *loader) runFile(f File, t *Table, chain string, depth int) error {
	err := l.limit.Include()
	if depth > maxIncludes {
		err = budget.ErrLimit
	}
	if err != nil {
		return fmt.Errorf("%s: too many files that include others: %w", f.Name, err)
	}
	all, again := l.texts[f.Name]
	if !again {
		lex := &lexer{s: string(f.Text), line: 1, limit: l.limit}
		all, _ = lex.readStatements(0)
		if lex.wrong != "" {
			return fmt.Errorf("%s:%d: %s", f.Name, lex.at, lex.wrong)
		}
		if lex.over != nil {
			return fmt.Errorf("%s:%d: %w", f.Name, lex.at, lex.over)
		}
		l.texts[f.Name] = all
	}
	before := l.source
	l.source = f.Name
	defer func() { l.source = before }()
	return l.run(all, t, chain, depth)
}

// run carries out statements: at the top level, in a table, or in a chain of it.
func (l *loader) run(all []statement, t *Table, chain string, depth int) error {
	l.stated = false
	for _, st := range all {
		if err := l.limit.Items(1); err != nil {
			return fmt.Errorf("%s:%d: %w", l.source, st[0].line, err)
		}
		done, err := l.runCommon(st, t, chain, depth)
		if err == nil && !done {
			if st, err = l.expand(st); err == nil {
				switch {
				case t == nil:
					if err = l.runCommand(st, depth); err == nil {
						err = l.resolve()
					}
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
		files, again := l.found[st[1].text]
		if !again {
			err := l.limit.Include()
			if err == nil {
				files, err = l.include(st[1].text)
			}
			if err != nil {
				return true, fmt.Errorf("%s:%d: %w", l.source, st[0].line, err)
			}
			l.found[st[1].text] = files
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

// resolve returns an error if something that the last command names is not there.
func (l *loader) resolve() error {
	for _, n := range l.needs {
		switch {
		case n.chain && n.table.Chains[n.name] == nil:
			return fmt.Errorf("%s:%d: a jump to a chain that is not there", n.Source, n.Line)
		case !n.chain && n.table.sets[n.name] == nil:
			return fmt.Errorf("%s:%d: a set that is not there", n.Source, n.Line)
		}
	}
	l.needs = l.needs[:0]
	return nil
}

// hasVariables reports whether there is a variable in a statement, or in its blocks.
func hasVariables(st statement) bool {
	for _, t := range st {
		if !t.quoted && len(t.text) > 1 && t.text[0] == '$' || slices.ContainsFunc(t.block, hasVariables) {
			return true
		}
	}
	return false
}

// expand replaces variables by their values.
func (l *loader) expand(st statement) (statement, error) {
	// The block of a table or chain is expanded when it is carried out, as it may define variables
	// of its own.
	later := slices.ContainsFunc(st[:min(2, len(st))], func(t token) bool {
		return t.text == "table" || t.text == "chain"
	})
	if !later && !hasVariables(st) {
		return st, nil
	}
	var all statement
	for _, t := range st {
		if err := l.limit.Items(1); err != nil {
			return nil, l.tooMany(st, err)
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
			if err := l.limit.Items(countTokens(value)); err != nil {
				return nil, l.tooMany(st, err)
			}
			for _, v := range value {
				v.line, v.given = t.line, true
				all = append(all, v)
			}
		default:
			all = append(all, t)
		}
	}
	return all, nil
}

// tooMany returns the error of a budget that variables use up.
func (l *loader) tooMany(st statement, err error) error {
	return fmt.Errorf("%s:%d: too many variables in one another: %w", l.source, st[0].line, err)
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
