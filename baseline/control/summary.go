package control

import (
	"maps"
	"slices"
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

// Verdict is what a rule found, as far as a summary needs it.
type Verdict struct {
	Rule     string
	Status   Status
	Severity Severity
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
	Rules   map[Status][]string // rule IDs, in the order of the verdicts
	// Severity is the highest of the rules that fail, Unrated where none does.
	Severity Severity
}

// Count returns how many rules have one of the statuses.
func (e Entry) Count(statuses ...Status) int {
	n := 0
	for _, s := range statuses {
		n += len(e.Rules[s])
	}
	return n
}

// Summarize groups the verdicts by the controls of c.
func Summarize(c *Catalog, verdicts []Verdict) *Summary {
	byID := map[string]*Entry{}
	unknown := map[string]bool{}
	for _, v := range verdicts {
		for _, id := range v.Controls {
			x, ok := c.Lookup(id)
			if !ok {
				unknown[id] = true
				continue
			}
			e := byID[id]
			if e == nil {
				e = &Entry{Control: x, Rules: map[Status][]string{}}
				byID[id] = e
			}
			e.Rules[v.Status] = append(e.Rules[v.Status], v.Rule)
			if v.Status == Fail {
				e.Severity = max(e.Severity, v.Severity)
			}
		}
	}
	s := &Summary{Catalog: c, Unknown: slices.Sorted(maps.Keys(unknown))}
	for _, x := range c.controls {
		if e := byID[x.ID]; e != nil {
			s.Entries = append(s.Entries, *e)
		}
	}
	return s
}
