// Package control defines what compliance frameworks have in common: a [Catalog] of requirements, a
// [Mapping] from families of settings to requirements, and a [Summary] of verdicts by requirement.
// Its only catalog is that of NIST SP 800-53. Package hipaa provides the HIPAA Security Rule.
package control

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Catalog is the list of the requirements of a framework. Create one with [NewCatalog].
type Catalog struct {
	ID      string // the ID in references, such as nist-800-53r5
	Title   string
	Edition string // the edition of the text, with its date
	Source  string // the source of the list

	controls []Control
	byID     map[string]int
}

// Control is one requirement.
type Control struct {
	ID          string      // as the framework writes it, such as AC-6(9) or 164.312(a)(1)
	Title       string      // in the words of this library; may be empty
	Parent      string      // ID of the control that contains it; may be empty
	Section     string      // section of the framework
	Kind        string      // term of the framework, such as standard, control or enhancement
	Requirement Requirement // how binding it is
}

// Requirement says how binding a control is. The zero value means that the framework does not say.
type Requirement string

// How binding a control can be, in the terms of 45 CFR 164.306(d).
const (
	Required    Requirement = "required"
	Addressable Requirement = "addressable" // implement it, or document the reason and the alternative
	Standard    Requirement = "standard"    // met by meeting its implementation specifications
	Text        Requirement = "text"        // not a requirement by itself
)

// NewCatalog returns a copy of c with the given controls, in that order.
func NewCatalog(c Catalog, controls []Control) *Catalog {
	c.controls = slices.Clone(controls)
	c.byID = make(map[string]int, len(controls))
	for i, x := range c.controls {
		c.byID[x.ID] = i
	}
	return &c
}

// Controls returns all controls, in the order that was passed to [NewCatalog].
func (c *Catalog) Controls() []Control { return slices.Clone(c.controls) }

// Lookup returns the control with the given ID and reports whether it exists.
func (c *Catalog) Lookup(id string) (Control, bool) {
	i, ok := c.byID[id]
	if !ok {
		return Control{}, false
	}
	return c.controls[i], true
}

//go:embed sp80053r5.txt
var sp80053r5 string

// SP80053 returns the controls and enhancements of NIST SP 800-53 revision 5, without titles. The
// list was derived from the control indexes of the CCI list of DISA, dated 2023-06-07. It lacks
// controls without a CCI.
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
