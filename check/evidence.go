package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Evidence is one thing that was seen. It never holds a secret, and never a file's
// text beyond the one value that is judged. Texts are bounded.
type Evidence struct {
	inventory.Position        // the file, registry path or probe, and the line
	Subject            string `json:"subject,omitempty"` // what was judged: an account, a setting, a file
	Want               string `json:"want,omitempty"`    // what would pass
	Got                string `json:"got,omitempty"`     // what was found

	// Fact is the collector that read Source, and Method how: "parsed", "stat", "registry" or
	// "probe". What has no source, or none that was read as such, is "computed" of the facts that
	// were asked. [Run] fills both in from what was read; Fact is empty for what no fact read.
	Fact   string `json:"fact,omitempty"`
	Method string `json:"method,omitempty"`
}

// String is "subject: got, want what (source:line)", without what is empty.
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

// Bounds of what a result shows.
const (
	maxEvidence = 100  // pieces
	maxText     = 1000 // bytes of one text of them
	maxMessage  = 2000 // bytes
)

func compareEvidence(a, b Evidence) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line), strings.Compare(a.Subject, b.Subject),
		strings.Compare(a.Want, b.Want), strings.Compare(a.Got, b.Got))
}

// sample keeps the first pieces of evidence, by their order, of any number.
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

// list returns what was kept, in order, and how much was not.
func (s *sample) list() ([]Evidence, int) {
	s.cut()
	return s.all, s.total - len(s.all)
}

// bounded returns a piece of evidence with its texts cut.
func (e Evidence) bounded() Evidence {
	for _, s := range []*string{&e.Source, &e.Subject, &e.Want, &e.Got, &e.Fact, &e.Method} {
		*s = cut(*s, maxText)
	}
	return e
}

// cut returns a text of at most so many bytes, and says that it goes on.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + " ..."
}
