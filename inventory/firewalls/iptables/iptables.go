// Package iptables reads the table "filter" of files that iptables-restore(8) and
// ip6tables-restore(8) load, as iptables-save(8) writes them.
package iptables

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// Builtin are the chains of the table that the kernel leads to.
var Builtin = []string{"INPUT", "FORWARD", "OUTPUT"}

// Parse reads the text of a file for one family, 4 or 6. Rules count from the COMMIT that
// ends their table; a later table begins anew, as iptables-restore has it. A table that
// nothing commits, and a line that is not understood, are mistakes, and then there is no
// answer: the program refuses the file whole.
func Parse(b []byte, family int) (netfilter.Chains, error) {
	p := parser{family: family, all: netfilter.Chains{}}
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		p.line(strings.TrimSpace(s), line)
	}
	if p.table != "" {
		p.errs.Addf("the table of line %d has no COMMIT", p.began)
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return p.all, nil
}

type parser struct {
	family int
	all    netfilter.Chains // committed
	now    netfilter.Chains // of the table that is read
	table  string
	began  int
	errs   mistakes.List
}

func (p *parser) line(s string, line int) {
	switch {
	case s == "" || s[0] == '#':
	case s[0] == '*':
		if p.table != "" {
			p.errs.Addf("line %d: a table in a table", line)
		}
		p.table, p.began, p.now = strings.TrimSpace(s[1:]), line, netfilter.Chains{}
	case p.table == "":
		p.errs.Addf("line %d: not in a table", line)
	case s == "COMMIT":
		if p.table == "filter" {
			p.all = p.now
		}
		p.table = ""
	case p.table != "filter":
	case s[0] == ':':
		p.chain(strings.Fields(s[1:]), line)
	default:
		words, ok := split(s)
		if !ok {
			p.errs.Addf("line %d: a quote that is not closed", line)
			return
		}
		p.command(words, line)
	}
}

// chain reads ":INPUT DROP [0:0]"; the policy "-" leaves the one there is.
func (p *parser) chain(f []string, line int) {
	if len(f) < 2 {
		p.errs.Addf("line %d: a chain without a policy", line)
		return
	}
	c := p.named(f[0], line)
	c.Rules = nil
	if f[1] != "-" && !p.policy(f[0], f[1], line) {
		p.errs.Addf("line %d: no policy", line)
	}
}

func (p *parser) named(name string, line int) *netfilter.Chain {
	c := p.now[name]
	if c == nil {
		c = &netfilter.Chain{Line: line}
		p.now[name] = c
	}
	return c
}

func (p *parser) policy(chain, text string, line int) bool {
	c := p.named(chain, line)
	switch text {
	case "DROP":
		c.Policy = netfilter.Deny
	case "ACCEPT":
		c.Policy = netfilter.Accept
	default:
		return false
	}
	c.Line = line
	return slices.Contains(Builtin, chain)
}

func (p *parser) command(w []string, line int) {
	if len(w) > 0 && strings.HasPrefix(w[0], "[") { // counters of iptables-save -c
		w = w[1:]
	}
	if slices.Contains(w, map[int]string{4: "-6", 6: "-4"}[p.family]) || slices.Contains(w, map[int]string{4: "--ipv6", 6: "--ipv4"}[p.family]) {
		return // passed over in silence, iptables(8)
	}
	if len(w) > 1 && w[0] == "-t" {
		p.errs.Addf("line %d: a table in a rule", line)
		return
	}
	if len(w) < 2 {
		if len(w) == 1 && (w[0] == "-F" || w[0] == "--flush") {
			for _, c := range p.now {
				c.Rules = nil
			}
			return
		}
		p.errs.Addf("line %d: not understood", line)
		return
	}
	switch w[0] {
	case "-P", "--policy":
		if len(w) < 3 || !p.policy(w[1], w[2], line) {
			p.errs.Addf("line %d: no policy", line)
		}
	case "-N", "--new-chain":
		p.named(w[1], line)
	case "-F", "--flush":
		p.named(w[1], line).Rules = nil
	case "-A", "--append", "-I", "--insert":
		r := Rule(w[2:])
		r.Line = line
		c := p.named(w[1], line)
		if w[0][len(w[0])-1] == 'A' || w[0] == "--append" {
			c.Rules = append(c.Rules, r)
			return
		}
		if len(w) > 2 && strings.Trim(w[2], "0123456789") == "" && w[2] != "1" {
			p.errs.Addf("line %d: a rule in a numbered place is not understood", line)
			return
		}
		c.Rules = slices.Insert(c.Rules, 0, r)
	default:
		p.errs.Addf("line %d: a command that is not understood", line)
	}
}

// split answers the words of a line; quotes and backslashes are those of iptables-restore.
func split(s string) ([]string, bool) {
	var all []string
	var word strings.Builder
	quote, inside := byte(0), false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote != 0 && i+1 < len(s):
			i++
			word.WriteByte(s[i])
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, inside = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			if inside {
				all = append(all, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteByte(c)
			inside = true
		}
	}
	if inside {
		all = append(all, word.String())
	}
	return all, quote == 0
}
