package check

import "strings"

// Needs is what a rule asks of a scan, as a set. It serves to choose rules by [Rule.AllNeeds]:
// those without [NeedsWalk] are done in a fraction of a second, those without
// [NeedsPrivileges] have a verdict for any account. Checks declare their needs by [Needing],
// ready-made ones where their kind is declared; checktest.Conform finds what is not declared.
type Needs uint8

// What a rule may need.
const (
	NeedsWalk       Needs = 1 << iota // the walk of the whole tree, inventory.Tree
	NeedsLive                         // a running system: of an image it is Unknown
	NeedsPrivileges                   // what others than root or an administrator may not read
)

var needNames = [...]string{"walk", "live", "privileges"}

// Has reports whether all of need are among n.
func (n Needs) Has(need Needs) bool { return n&need == need }

// String is "walk privileges", empty for none.
func (n Needs) String() string {
	var all []string
	for i, name := range needNames {
		if n&(1<<i) != 0 {
			all = append(all, name)
		}
	}
	return strings.Join(all, " ")
}

// MarshalText returns the names, separated by blanks.
func (n Needs) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads names separated by blanks: "walk", "live", "privileges".
func (n *Needs) UnmarshalText(b []byte) error {
	var all Needs
	for _, name := range strings.Fields(string(b)) {
		i, err := indexOf(needNames[:], name, "need")
		if err != nil {
			return err
		}
		all |= 1 << i
	}
	*n = all
	return nil
}

// Needing returns c with needs declared. The needs of a composed check are those of its
// parts.
func Needing(c Check, n Needs) Check {
	if n == 0 || c == nil {
		return c
	}
	n |= NeedsOf(c)
	if w, ok := c.(needing); ok {
		c = w.Check // one wrapping, which a runner looks through
	}
	return needing{c, n}
}

// needing is a check with declared needs. A runner looks through it.
type needing struct {
	Check
	needs Needs
}

// NeedsOf returns the needs that c and the checks it is composed of declare.
func NeedsOf(c Check) Needs {
	switch c := c.(type) {
	case needing:
		return c.needs
	case group:
		var all Needs
		for _, part := range c.checks {
			all |= NeedsOf(part)
		}
		return all
	case not:
		return NeedsOf(c.c)
	case when:
		return NeedsOf(c.cond) | NeedsOf(c.then)
	}
	return 0
}
