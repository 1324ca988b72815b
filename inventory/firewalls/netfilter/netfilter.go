// Package netfilter holds what the formats of firewall rules have in common, nft(8) and
// iptables(8): chains of rules, and what becomes of a packet that no particular rule
// takes.
package netfilter

// Verdict is what a rule does with a packet, or a chain with those that no rule decided.
type Verdict string

// The verdicts.
const (
	None    Verdict = ""        // it goes on with the next rule
	Accept  Verdict = "accept"  // it is let in, as far as this chain is concerned
	Deny    Verdict = "deny"    // it is dropped or refused
	Return  Verdict = "return"  // it goes on after the rule that came here
	Jump    Verdict = "jump"    // it goes through another chain and comes back
	Goto    Verdict = "goto"    // it goes through another chain
	Unknown Verdict = "unknown" // it depends on what is not in the file, such as a program
)

// Scope is which packets a rule takes.
type Scope uint8

// The scopes.
const (
	// Some are packets that somebody chose: a port, a sender, answers, the interface lo.
	Some Scope = iota
	// Broad are not all packets, but so many that to accept them is to have no firewall:
	// all of TCP, all of one network card, everything but one port.
	Broad
	// All are all packets.
	All
)

// Rule is a rule as far as it matters here.
type Rule struct {
	Scope   Scope
	Verdict Verdict
	Target  string // the chain of Jump and Goto
	Source  string
	Line    int // in Source, counted from 1
}

// Chain is a chain of rules. Policy is None for one that no hook of the kernel leads to.
type Chain struct {
	Policy Verdict
	Source string
	Line   int // of the policy, or of the chain where it states none
	Rules  []Rule
}

// Chains are the chains of one table by name.
type Chains map[string]*Chain

// Decision is what becomes of a packet, and the line that decides. There is none where a
// chain has the policy that every chain begins with.
type Decision struct {
	Verdict Verdict // Accept, Deny or Unknown
	Source  string
	Line    int
}

// maxDepth bounds jumps from chain to chain; the kernel has 16 (NFT_JUMP_STACK_SIZE).
const maxDepth = 16

// Default answers what becomes of a packet that a chain's rules for some packets do not
// take. It is Accept as soon as a rule accepts broadly, and Deny only by a rule for all
// packets or the policy.
func (cs Chains) Default(name string) Decision {
	c, ok := cs[name]
	if !ok {
		return Decision{Verdict: Accept}
	}
	if d := cs.Decided(name); d.Verdict != None {
		return d
	}
	policy := c.Policy
	if policy == None {
		policy = Accept
	}
	return Decision{policy, c.Source, c.Line}
}

// Decided is Default by the rules alone, without the policy: None where no rule decides, or
// there is no such chain.
func (cs Chains) Decided(name string) Decision {
	if cs[name] == nil {
		return Decision{}
	}
	budget := 10_000 // chains that are walked through, however they jump
	return cs.walk(name, 0, &budget)
}

func (cs Chains) walk(name string, depth int, budget *int) Decision {
	c, ok := cs[name]
	if *budget--; !ok || depth > maxDepth || *budget < 0 {
		return Decision{Verdict: Unknown}
	}
	for _, r := range c.Rules {
		if r.Scope == Some {
			continue
		}
		here := Decision{r.Verdict, r.Source, r.Line}
		switch r.Verdict {
		case Accept, Unknown:
			return here
		case Deny:
			if r.Scope == All {
				return here
			}
		case Return:
			return Decision{}
		case Jump, Goto:
			d := cs.walk(r.Target, depth+1, budget)
			if d.Verdict == Unknown && d.Source == "" {
				d.Source, d.Line = r.Source, r.Line
			}
			if d.Verdict == Accept || d.Verdict == Unknown || d.Verdict == Deny && r.Scope == All {
				return d
			}
			if r.Verdict == Goto {
				return Decision{}
			}
		}
	}
	return Decision{}
}
