// Package netfilter holds what the rules of nft(8) and iptables(8) have in common: chains of
// rules, and the decision about a packet that no particular rule matches. It reads no files; the
// packages nftables, iptables, ufw and firewalld make these values.
package netfilter

import "github.com/hardening-sdk/hardening/inventory"

// Verdict is what a rule does with a packet, or what a chain does with a packet that no rule
// decided about.
type Verdict string

// The verdicts.
const (
	None    Verdict = ""        // the packet goes on to the next rule
	Accept  Verdict = "accept"  // this chain lets the packet in
	Deny    Verdict = "deny"    // the packet is dropped or refused
	Return  Verdict = "return"  // the packet goes back to the rule that jumped to this chain
	Jump    Verdict = "jump"    // the packet goes through another chain and comes back
	Goto    Verdict = "goto"    // the packet goes through another chain and does not come back
	Unknown Verdict = "unknown" // the verdict depends on something outside of the file, such as a program
)

// Scope says which packets a rule matches. A larger scope matches more of them.
type Scope uint8

// The scopes.
const (
	// Some are packets that somebody chose: those of a port, of a sender, of the interface lo, or
	// replies.
	Some Scope = iota
	// Broad are not all packets, but so many that a firewall which accepts them is none: all of
	// TCP, all of one network card, everything but one port.
	Broad
	// All are all packets.
	All
)

// Rule is a rule, reduced to what decides about a packet.
type Rule struct {
	inventory.Position

	Scope   Scope
	Verdict Verdict
	Target  string // the chain that Jump and Goto lead to, else empty
}

// Chain is a chain of rules. Its Policy is None if no hook of the kernel leads to the chain.
type Chain struct {
	inventory.Position // of the policy, or of the chain if it states no policy

	Policy Verdict

	Rules []Rule
}

// Chains are the chains of one table by name.
type Chains map[string]*Chain

// Decision is the verdict about a packet and the line that decides. Source is empty and Line is 0
// if the kernel's default policy decides.
type Decision struct {
	inventory.Position

	Verdict Verdict // Accept, Deny or Unknown
}

// maxDepth bounds jumps from chain to chain. The kernel allows 16 (NFT_JUMP_STACK_SIZE).
const maxDepth = 16

// Default returns the decision of the named chain about a packet that no rule of the scope [Some]
// matches. The verdict is Accept if a rule accepts broadly. It is Deny only if a rule for all
// packets or the policy denies. A chain that does not exist accepts.
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
	return Decision{c.Position, policy}
}

// Decided is like [Chains.Default], but ignores the policy. The verdict is None if no rule decides
// or if the chain does not exist.
func (cs Chains) Decided(name string) Decision {
	if cs[name] == nil {
		return Decision{}
	}
	return cs.walk(place{name, 0}, map[place]Decision{})
}

// place is a chain and how many jumps lead to it.
type place struct {
	name  string
	depth int
}

// walk goes through the rules of a chain in their order, and through the chains they lead to. The
// verdict is Unknown beyond maxDepth. Jumps multiply, so that what was found at a place is kept.
func (cs Chains) walk(at place, found map[place]Decision) (d Decision) {
	c, ok := cs[at.name]
	if !ok || at.depth > maxDepth {
		return Decision{Verdict: Unknown}
	}
	if d, ok := found[at]; ok {
		return d
	}
	defer func() { found[at] = d }()
	for _, r := range c.Rules {
		if r.Scope == Some {
			continue
		}
		here := Decision{r.Position, r.Verdict}
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
			d := cs.walk(place{r.Target, at.depth + 1}, found)
			// A chain that does not exist has no line; the rule that leads to it has one.
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
