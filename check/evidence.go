package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Evidence is one observation. It contains no secrets, and no file contents beyond the judged
// value. The length of its strings is limited.
type Evidence struct {
	inventory.Position        // the file, registry path or probe, and the line
	Subject            string `json:"subject,omitempty"` // what was judged: an account, a setting, a file
	Want               string `json:"want,omitempty"`    // what would pass
	Got                string `json:"got,omitempty"`     // what was found

	// Fact names the collector that read Source. Method says how it read it: "parsed", "stat",
	// "registry" or "probe". If Source is empty or was not itself read, Method is "computed" and
	// Fact names the facts that the check used. [Run] fills in both if they are empty. Fact stays
	// empty if the read was not made by a fact.
	Fact   string `json:"fact,omitempty"`
	Method string `json:"method,omitempty"`
}

// String returns "subject: got, want WANT (source:line)". It omits empty parts.
func (e Evidence) String() string {
	place := e.Place()
	text := e.Subject
	if text == "" {
		text, place = place, ""
	}
	if e.Got != "" {
		text += ": " + e.Got
	}
	if e.Want != "" {
		text += ", want " + e.Want
	}
	if place != "" && e.Subject != e.Source {
		text += " (" + place + ")"
	}
	return text
}

// Limits of a result.
const (
	maxEvidence = 100  // pieces of evidence
	maxText     = 1000 // bytes of each string of a piece of evidence
	maxMessage  = 2000 // bytes of a message
)

// compareEvidence orders evidence by source, line, subject and values.
func compareEvidence(a, b Evidence) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line), strings.Compare(a.Subject, b.Subject),
		strings.Compare(a.Want, b.Want), strings.Compare(a.Got, b.Got))
}

// sample keeps the first maxEvidence pieces of evidence, in sorted order, and counts all of them.
type sample struct {
	all   []Evidence
	total int
}

func (s *sample) add(e Evidence) {
	s.total++
	if s.all = append(s.all, e); len(s.all) >= 2*maxEvidence {
		s.cut()
	}
}

func (s *sample) cut() {
	slices.SortStableFunc(s.all, compareEvidence)
	s.all = s.all[:min(len(s.all), maxEvidence)]
}

// list returns the sorted evidence that was kept and the number of pieces that were dropped.
func (s *sample) list() ([]Evidence, int) {
	s.cut()
	return s.all, s.total - len(s.all)
}

// bounded returns e with its strings cut to maxText bytes.
func (e Evidence) bounded() Evidence {
	for _, s := range []*string{&e.Source, &e.Subject, &e.Want, &e.Got, &e.Fact, &e.Method} {
		*s = cut(*s, maxText)
	}
	return e
}

// cut returns s if it has at most most bytes, else its beginning followed by " ...".
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + " ..."
}
