package control

import (
	"maps"
	"slices"
)

// Strength says how strongly a family of settings supports a requirement.
type Strength string

// The strengths of a [Link].
const (
	Direct      Strength = "direct"      // the requirement demands exactly this
	Supporting  Strength = "supporting"  // the settings help to meet the requirement
	Weak        Strength = "weak"        // the settings are hardly related to the requirement
	Attestation Strength = "attestation" // a person has to attest; the settings are only a hint
)

// Link relates a family to a requirement.
type Link struct {
	Control  string   // ID in the catalog of the mapping
	Strength Strength // how strongly the family supports the requirement
	Primary  bool     // whether this is the main requirement of the family
}

// Family is a kind of setting, such as ssh-auth, with its requirements.
type Family struct {
	ID        string
	Title     string
	Links     []Link // the related requirements, the primary one first
	Rationale string // why they are related
}

// Mapping relates families of settings to the requirements of a catalog.
type Mapping struct {
	Catalog  *Catalog
	Families []Family // in a stable order
}

// Lookup returns the family with the given ID and reports whether it exists.
func (m *Mapping) Lookup(id string) (Family, bool) {
	i := slices.IndexFunc(m.Families, func(f Family) bool { return f.ID == id })
	if i < 0 {
		return Family{}, false
	}
	return m.Families[i], true
}

// Verdict is the outcome of a rule, reduced to what a summary needs.
type Verdict struct {
	Rule     string // ID of the rule
	Status   Status
	Severity Severity
	Controls []string // IDs in the catalog of the summary
}

// Summary groups verdicts by requirement. It does not say that a requirement is met, because a scan
// cannot determine that.
type Summary struct {
	Catalog *Catalog
	Entries []Entry  // the requirements with verdicts, in the order of the catalog
	Unknown []string // IDs that are not in the catalog, sorted
}

// Entry is a requirement with its rules.
type Entry struct {
	Control Control
	Rules   map[Status][]string // IDs of rules by status, in the order of the verdicts
	// Severity is the highest severity of the failed rules. It is Unrated if none failed.
	Severity Severity
}

// Count returns the number of rules that have one of the statuses.
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
