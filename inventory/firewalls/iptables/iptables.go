// Package iptables reads the table "filter" of the files that iptables-restore(8) and
// ip6tables-restore(8) load, in the form that iptables-save(8) writes. The caller names the file,
// such as etc/iptables/rules.v4 or etc/sysconfig/iptables.
package iptables

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// Builtin are the chains of the table that a hook of the kernel leads to.
var Builtin = []string{"INPUT", "FORWARD", "OUTPUT"}

// Parse reads the text of a file for one family, 4 or 6, and returns the chains of its last
// committed table "filter". The Source of chains and rules is left empty. A table without COMMIT
// and a line that is not understood are errors, reported together with their lines; then no chains
// are returned, as iptables-restore refuses the whole file.
func Parse(b []byte, family int) (netfilter.Chains, error) {
	p := parser{family: family, all: netfilter.Chains{}}
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if len(s) > maxLine {
			p.errs.Addf("line %d: longer than %d bytes", line, maxLine)
			continue
		}
		p.readLine(s, line)
		if p.over != nil {
			return nil, fmt.Errorf("line %d: %w", line, p.over)
		}
	}
	if p.table != "" {
		p.errs.Addf("the table of line %d has no COMMIT", p.began)
	}
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return p.all, nil
}

// maxLine is less than the length of a line beyond which iptables-restore takes the rest for a line.
const maxLine = 10_000

// tables are the tables of iptables(8).
var tables = []string{"filter", "nat", "mangle", "raw", "security"}

// parser is the state of Parse.
type parser struct {
	family int
	all    netfilter.Chains // the committed chains
	now    netfilter.Chains // the chains of the table that is being read
	table  string           // the name of that table, empty outside of a table
	began  int              // the line where it begins
	errs   mistakes.List
	// front are the rules that -I puts before the others, the last one first. full are the chains
	// that have rules.
	front map[*netfilter.Chain][]netfilter.Rule
	full  map[*netfilter.Chain]bool
	limit budget.Budget
	over  error // the budget is used up
}

// take takes one rule or chain from the budget.
func (p *parser) take() {
	if p.over == nil {
		p.over = p.limit.Items(1)
	}
}

// begin begins a table without chains.
func (p *parser) begin() {
	p.now, p.front, p.full = netfilter.Chains{}, map[*netfilter.Chain][]netfilter.Rule{}, map[*netfilter.Chain]bool{}
}

// commit puts the rules in their order.
func (p *parser) commit() {
	for c, front := range p.front {
		slices.Reverse(front)
		c.Rules = append(front, c.Rules...)
	}
	p.all = p.now
}

// flush takes the rules of a chain away.
func (p *parser) flush(c *netfilter.Chain) {
	c.Rules = nil
	delete(p.front, c)
	delete(p.full, c)
}

// isSpecial reports whether iptables-restore takes a character for a blank in one place and for a part of
// a word in another, or prints it only.
func isSpecial(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f }

// readLine reads one line.
func (p *parser) readLine(s string, line int) {
	switch {
	case s == "" || s[0] == '#':
	case strings.ContainsFunc(s, isSpecial):
		p.errs.Addf("line %d: a special character", line)
	case s[0] == '*':
		if p.table != "" {
			p.errs.Addf("line %d: a table in a table", line)
		}
		p.table, p.began = s[1:], line
		p.begin()
		if !slices.Contains(tables, p.table) {
			p.errs.Addf("line %d: no table", line)
		}
	case p.table == "":
		p.errs.Addf("line %d: not in a table", line)
	case s == "COMMIT":
		if p.table == "filter" {
			p.commit()
		}
		p.table = ""
	case p.table != "filter":
	case s[0] == ':':
		p.readChain(strings.Fields(s[1:]), line)
	default:
		words, ok := splitWords(s)
		if !ok {
			p.errs.Addf("line %d: a quote that is not closed", line)
			return
		}
		p.runCommand(words, line)
	}
}

// readChain reads ":INPUT DROP [0:0]". The policy "-" keeps the one that the chain has.
func (p *parser) readChain(f []string, line int) {
	if len(f) < 2 {
		p.errs.Addf("line %d: a chain without a policy", line)
		return
	}
	p.flush(p.chain(f[0], line))
	if f[1] != "-" && !p.setPolicy(f[0], f[1], line) {
		p.errs.Addf("line %d: no policy", line)
	}
}

// chain returns the chain of a name. It is made if it is not there.
func (p *parser) chain(name string, line int) *netfilter.Chain {
	c := p.now[name]
	if c == nil {
		p.take()
		c = &netfilter.Chain{Position: inventory.Position{Line: line}}
		p.now[name] = c
	}
	return c
}

// setPolicy sets the policy of a chain. It reports whether the policy is known and the chain is a
// built-in one; others have no policy.
func (p *parser) setPolicy(chain, text string, line int) bool {
	c := p.chain(chain, line)
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

// otherFamily are the options that restrict a rule to the other family than the key.
var otherFamily = map[int][2]string{4: {"-6", "--ipv6"}, 6: {"-4", "--ipv4"}}

// runCommand carries out one command, such as "-A INPUT -j DROP".
func (p *parser) runCommand(w []string, line int) {
	if len(w) > 0 && strings.HasPrefix(w[0], "[") { // counters of iptables-save -c
		w = w[1:]
	}
	// iptables(8): rules of the other family are ignored without a warning.
	if other := otherFamily[p.family]; slices.Contains(w, other[0]) || slices.Contains(w, other[1]) {
		return
	}
	if len(w) > 1 && w[0] == "-t" {
		p.errs.Addf("line %d: a table in a rule", line)
		return
	}
	// The only command without the name of a chain is to flush all of them.
	if len(w) < 2 {
		if len(w) == 1 && (w[0] == "-F" || w[0] == "--flush") {
			for c := range p.full {
				p.flush(c)
			}
			return
		}
		p.errs.Addf("line %d: not understood", line)
		return
	}
	switch w[0] {
	case "-P", "--policy":
		if len(w) != 3 || !p.setPolicy(w[1], w[2], line) {
			p.errs.Addf("line %d: no policy", line)
		}
	case "-N", "--new-chain":
		p.chain(w[1], line)
	case "-F", "--flush":
		p.flush(p.chain(w[1], line))
	case "-A", "--append", "-I", "--insert":
		p.addRule(w, line)
	default:
		p.errs.Addf("line %d: a command that is not understood", line)
	}
}

// addRule appends a rule to its chain, or inserts it as the first one.
func (p *parser) addRule(w []string, line int) {
	r := Rule(w[2:])
	r.Line = line
	if p.now[w[1]] == nil && !slices.Contains(Builtin, w[1]) {
		p.errs.Addf("line %d: a chain that is not there", line)
		return
	}
	if wrong := p.check(w[2:], r.Target); wrong != "" {
		p.errs.Addf("line %d: %s", line, wrong)
		return
	}
	c := p.chain(w[1], line)
	p.take()
	p.full[c] = true
	if w[0] == "-A" || w[0] == "--append" {
		c.Rules = append(c.Rules, r)
		return
	}
	if len(w) > 2 && strings.Trim(w[2], "0123456789") == "" && w[2] != "1" {
		p.errs.Addf("line %d: a rule in a numbered place is not understood", line)
		return
	}
	p.front[c] = append(p.front[c], r)
}

// check returns what is wrong about the words of a rule, or "".
func (p *parser) check(w []string, target string) string {
	isOption := func(s string) bool { return len(s) > 1 && s[0] == '-' || s == "!" }
	if len(w) > 0 && strings.Trim(w[0], "0123456789") == "" {
		w = w[1:] // the place of -I
	}
	var seen []string
	for i, s := range w {
		before := func(n int) string {
			if i < n {
				return ""
			}
			return w[i-n]
		}
		full := ""
		if len(s) > 1 && s[0] == '-' {
			full = normalizeOptions([]string{s})[0]
		}
		single := len(s) > 1 && s[0] == '-' && s[1] != '-'
		switch {
		case before(1) == "--comment" || strings.HasSuffix(before(1), "-prefix"):
		case single && strings.IndexByte("spdiojgmfc46w0123456789", s[1]) < 0:
			return "an option that iptables does not know"
		case full != "" && strings.Contains(s, " "):
			return "an option with a blank in it"
		case slices.Contains(once, full) && slices.Contains(seen, full):
			return "an option that is there twice"
		case full != "":
			seen = append(seen, full)
		case isOption(s) || isOption(before(1)):
		case slices.Contains(two, before(2)) || before(2) == "!" && slices.Contains(two, before(1)):
		default:
			return "a word behind a value"
		}
	}
	// The start script of ufw makes the chains that other files have.
	if target != "" && p.now[target] == nil && !strings.HasPrefix(target, "ufw") && !slices.Contains(targets, target) {
		return "a target that iptables does not know"
	}
	return ""
}

var (
	// once are the options of which a rule has one.
	once = strings.Fields("-j --jump -g --goto -p --protocol -s --source -d --destination -i --in-interface -o --out-interface")
	// two are the options with two values.
	two = strings.Fields("--tcp-flags --match-set --add-set --del-set -c --set-counters --map-set")
	// targets are those that Rule takes for chains.
	targets = strings.Fields(`CLUSTERIP DNAT DNPT ECN MASQUERADE NETMAP REDIRECT SNAT SNPT TPROXY`)
)

// splitWords returns the words of a line, and false if a quote is not closed. Double quotes and
// backslashes mean what they mean to iptables-restore.
func splitWords(s string) ([]string, bool) {
	if !strings.Contains(s, `"`) {
		isBlank := func(r rune) bool { return r == ' ' || r == '\t' }
		return strings.FieldsFunc(s, isBlank), true
	}
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
		case quote == 0 && c == '"':
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
