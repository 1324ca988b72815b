package check

import "strings"

// Needs is what a rule asks of a scan, as a set. It serves to choose rules by [Rule].Needs:
// those without [NeedsWalk] are done in a fraction of a second, those without
// [NeedsPrivileges] have a verdict for any account. Kinds of ready-made checks declare their
// needs; checktest.Conform finds what is not declared.
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
