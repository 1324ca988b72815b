package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Outcome is what one rule found on one system. It marshals to JSON and back.
type Outcome struct {
	Rule    Rule             `json:"rule"`
	Result  Result           `json:"result"`
	Reads   []inventory.Read `json:"reads,omitempty"`   // what was read for it, facts shared with others included
	Excused []inventory.Read `json:"excused,omitempty"` // what failed and was excused, since what took its place is as good
	Elapsed time.Duration    `json:"elapsed"`           // in nanoseconds, not counting the wait for facts
}

// maxPassing is how many pieces of evidence an outcome shows for a Pass, and maxLooked how many
// for one whose check showed none.
const (
	maxPassing = 5
	maxLooked  = 3
)

// examined is what was read for a rule, in the order of names, and the facts that it asked.
type examined struct {
	reads []trail.Seen
	facts []string
}

// shown returns the result of a whole rule with its evidence named by what was read, and with
// some where its check gave none: what was looked for and is not there, else what was examined.
func (x examined) shown(r Result) Result {
	r.sample()
	if len(r.Evidence) == 0 && (r.Status == Pass || r.Status == Fail || r.Status == NotApplicable) {
		r.Evidence, r.Omitted = x.looked()
	}
	x.name(&r)
	return r
}

// sample leaves a few pieces of the evidence of passes.
func (r *Result) sample() {
	if n := len(r.Evidence) - maxPassing; n > 0 && fold(r.Status) == Pass {
		r.Omitted += n
		r.Evidence = r.Evidence[:maxPassing]
	}
	for i := range r.Children {
		r.Children[i].sample()
	}
}

// looked returns evidence of reads, those that found nothing first.
func (x examined) looked() ([]Evidence, int) {
	var all []Evidence
	for _, absent := range []bool{true, false} {
		for _, s := range x.reads {
			if s.Absent != absent || len(all) == maxLooked {
				continue
			}
			got := "examined"
			if absent {
				got = "not there"
			}
			all = append(all, Evidence{Position: inventory.Position{Source: s.Read.Name}, Subject: s.Read.Name, Got: got}.bounded())
		}
	}
	return all, len(x.reads) - len(all)
}

// name fills in the collectors and methods of evidence, also of the parts of a composed check.
func (x examined) name(r *Result) {
	for i := range r.Evidence {
		e := &r.Evidence[i]
		fact, method := x.origin(e.Source)
		if e.Fact == "" {
			e.Fact = fact
		}
		if e.Method == "" {
			e.Method = method
		}
	}
	for i := range r.Children {
		x.name(&r.Children[i])
	}
}

// origin returns the collector that read a source, and how. Of several ways to look at one file
// the one that sees most counts.
func (x examined) origin(source string) (fact, method string) {
	at, _ := slices.BinarySearchFunc(x.reads, source, func(s trail.Seen, name string) int { return strings.Compare(s.Read.Name, name) })
	for ; at < len(x.reads) && x.reads[at].Read.Name == source; at++ {
		s := x.reads[at]
		how := "stat"
		switch s.Read.Op {
		case filetree.OpRead:
			how = "parsed"
		case inventory.OpKeys, inventory.OpValues:
			how = "registry"
		case inventory.OpProbe:
			how = "probe"
		}
		if method == "" || how == "parsed" {
			fact, method = s.Fact, how
		}
	}
	if method != "" {
		return fact, method
	}
	if i := slices.IndexFunc(x.reads, func(s trail.Seen) bool { return s.Read.Op == filetree.OpWalk }); i >= 0 && source != "" {
		return x.reads[i].Fact, "stat" // which the walk has seen
	}
	fact = strings.Join(x.facts[:min(len(x.facts), maxLooked)], ", ")
	if n := len(x.facts) - maxLooked; n > 0 {
		fact += fmt.Sprintf(" and %d more", n)
	}
	return fact, "computed"
}
