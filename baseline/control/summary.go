package control

import (
	"slices"
	"strings"
)

// Strength says how far a kind of setting speaks for a requirement.
type Strength string

// How far a setting can speak for a requirement.
const (
	Direct      Strength = "direct"      // the requirement asks for just this
	Supporting  Strength = "supporting"  // it helps to meet it
	Weak        Strength = "weak"        // it barely touches it
	Attestation Strength = "attestation" // a person has to attest; a setting only hints
)

// Link is a requirement that a family bears on.
type Link struct {
	Control  string // ID in the mapping's catalog
	Strength Strength
	Primary  bool // the first that the family serves
}

// Family is a kind of setting, such as ssh-auth, and what it bears on.
type Family struct {
	ID        string
	Title     string
	Links     []Link
	Rationale string
}

// Mapping says which requirements of a catalog each family of checks bears on.
type Mapping struct {
	Catalog  *Catalog
	Families []Family // in a stable order
}

// Lookup returns the family of an ID.
func (m *Mapping) Lookup(id string) (Family, bool) {
	i := slices.IndexFunc(m.Families, func(f Family) bool { return f.ID == id })
	if i < 0 {
		return Family{}, false
	}
	return m.Families[i], true
}

// Verdict is what a rule found, as far as a summary needs it. Status has the spelling
// of XCCDF.
type Verdict struct {
	Rule     string
	Status   string
	Controls []string // IDs in the summary's catalog
}

// Summary groups verdicts by requirement. It counts what was seen; it never says that
// a requirement is met, which no scan can know.
type Summary struct {
	Catalog *Catalog
	Entries []Entry  // in the order of the catalog, those with verdicts only
	Unknown []string // IDs that the catalog does not have, sorted
}

// Entry is one requirement with the rules that bear on it.
type Entry struct {
	Control Control
	Rules   map[string][]string // rule IDs by status, in the order of the verdicts
}

// Count returns how many rules have one of the statuses.
func (e Entry) Count(statuses ...string) int {
	n := 0
	for _, s := range statuses {
		n += len(e.Rules[s])
	}
	return n
}

// Summarize groups the verdicts by the controls of c.
func Summarize(c *Catalog, verdicts []Verdict) *Summary {
	byID := map[string]map[string][]string{}
	unknown := map[string]bool{}
	for _, v := range verdicts {
		for _, id := range v.Controls {
			if _, ok := c.Lookup(id); !ok {
				unknown[id] = true
				continue
			}
			if byID[id] == nil {
				byID[id] = map[string][]string{}
			}
			byID[id][v.Status] = append(byID[id][v.Status], v.Rule)
		}
	}
	s := &Summary{Catalog: c}
	for _, x := range c.controls {
		if rules := byID[x.ID]; rules != nil {
			s.Entries = append(s.Entries, Entry{x, rules})
		}
	}
	for id := range unknown {
		s.Unknown = append(s.Unknown, id)
	}
	slices.SortFunc(s.Unknown, strings.Compare)
	return s
}
