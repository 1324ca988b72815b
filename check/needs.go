package check

import "strings"

// Needs is the set of things that a rule requires of a scan. Use [Rule].Needs to select rules: a
// rule without [NeedsWalk] takes a fraction of a second, and a rule without [NeedsPrivileges] gives
// a verdict under any account. The zero value requires nothing. Kinds of ready-made checks declare
// their needs; checktest.Conform finds undeclared ones.
type Needs uint8

// The needs of a rule.
const (
	NeedsWalk       Needs = 1 << iota // a walk of the whole tree, inventory.Tree
	NeedsLive                         // a running system; on an image the rule is Unknown
	NeedsPrivileges                   // files that only root or an administrator may read
)

var needNames = [...]string{"walk", "live", "privileges"}

// Has reports whether n contains all of need.
func (n Needs) Has(need Needs) bool { return n&need == need }

// String returns the names of the needs, separated by spaces, such as "walk privileges". It returns
// the empty string for the zero value.
func (n Needs) String() string {
	var all []string
	for i, name := range needNames {
		if n&(1<<i) != 0 {
			all = append(all, name)
		}
	}
	return strings.Join(all, " ")
}

// MarshalText returns the same text as [Needs.String].
func (n Needs) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText parses names separated by white space: "walk", "live", "privileges". Any other name
// is an error.
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
