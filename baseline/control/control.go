// Package control holds what frameworks have in common: a [Catalog] of requirements,
// a [Mapping] from kinds of settings to them, and a [Summary] of verdicts by
// requirement. It knows no framework but the identifiers of NIST SP 800-53; package
// hipaa brings the Security Rule.
package control

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Catalog is the list of a framework's requirements. Build one with [NewCatalog].
type Catalog struct {
	ID      string // by which references name it: nist-800-53r5
	Title   string
	Edition string // which text it is, with its date
	Source  string // where the list was taken from

	controls []Control
	byID     map[string]int
}

// Control is one requirement.
type Control struct {
	ID          string      // as the framework writes it: AC-6(9), 164.312(a)(1)
	Title       string      // in our own words; empty where we have none
	Parent      string      // the ID of what it is part of, if anything
	Section     string      // the part of the framework it stands in
	Kind        string      // what the framework calls it: standard, control, enhancement
	Requirement Requirement // how binding it is
}

// Requirement says how binding a control is. The zero value is that the framework
// does not say.
type Requirement string

// How binding a control can be, in the terms of 45 CFR 164.306(d).
const (
	Required    Requirement = "required"
	Addressable Requirement = "addressable" // implement it, or document why not and what instead
	Standard    Requirement = "standard"    // met through its specifications
	Text        Requirement = "text"        // no requirement of its own
)

// NewCatalog returns a catalog of the controls, in their order.
func NewCatalog(c Catalog, controls []Control) *Catalog {
	c.controls = slices.Clone(controls)
	c.byID = make(map[string]int, len(controls))
	for i, x := range c.controls {
		c.byID[x.ID] = i
	}
	return &c
}

// Controls returns all controls in the order of the framework.
func (c *Catalog) Controls() []Control { return slices.Clone(c.controls) }

// Lookup returns the control of an ID.
func (c *Catalog) Lookup(id string) (Control, bool) {
	i, ok := c.byID[id]
	if !ok {
		return Control{}, false
	}
	return c.controls[i], true
}

//go:embed sp80053r5.txt
var sp80053r5 string

// SP80053 returns the controls and enhancements of NIST SP 800-53 revision 5 by their
// identifiers, without titles. The list was derived from the control indexes of the
// CCI list of DISA dated 2023-06-07, which names no control that has no CCI.
func SP80053() *Catalog { return sp80053() }

var sp80053 = sync.OnceValue(func() *Catalog {
	var all []Control
	for id := range strings.Lines(sp80053r5) {
		c := Control{ID: strings.TrimSpace(id), Kind: "control"}
		c.Section, _, _ = strings.Cut(c.ID, "-")
		if base, _, ok := strings.Cut(c.ID, "("); ok {
			c.Kind, c.Parent = "enhancement", base
		}
		all = append(all, c)
	}
	return NewCatalog(Catalog{
		ID: "nist-800-53r5", Title: "NIST SP 800-53 Rev. 5", Edition: "revision 5, 2020-09 with updates of 2020-12-10",
		Source: "DISA CCI list, 2023-06-07",
	}, all)
})
