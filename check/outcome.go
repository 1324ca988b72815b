package check

import (
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

// shown returns the result of a whole rule with its evidence named by what was read, and with
// some where its check gave none: what was looked for and is not there, else what was examined.
func shown(r Result, seen []trail.Seen) Result {
	if r.Status == Pass && len(r.Evidence) > maxPassing {
		r.Omitted += len(r.Evidence) - maxPassing
		r.Evidence = r.Evidence[:maxPassing]
	}
	if len(r.Evidence) == 0 && (r.Status == Pass || r.Status == Fail || r.Status == NotApplicable) {
		r.Evidence, r.Omitted = looked(seen)
	}
	name(&r, seen)
	return r
}

// looked returns evidence of reads, those that found nothing first.
func looked(seen []trail.Seen) ([]Evidence, int) {
	var all []Evidence
	for _, absent := range []bool{true, false} {
		for _, s := range seen {
			if s.Absent == absent {
				got := "examined"
				if absent {
					got = "not there"
				}
				all = append(all, Evidence{Position: inventory.Position{Source: s.Read.Name}, Subject: s.Read.Name, Got: got}.bounded())
			}
		}
	}
	n := min(len(all), maxLooked)
	return all[:n], len(all) - n
}

// name fills in the collectors and methods of evidence, also of the parts of a composed check.
func name(r *Result, seen []trail.Seen) {
	for i := range r.Evidence {
		e := &r.Evidence[i]
		fact, method := origin(e.Source, seen)
		if e.Fact == "" {
			e.Fact = fact
		}
		if e.Method == "" {
			e.Method = method
		}
	}
	for i := range r.Children {
		name(&r.Children[i], seen)
	}
}

// origin returns the collector that read a source, and how. Of several ways to look at one file
// the one that sees most counts. Reads are in the order of their names.
func origin(source string, seen []trail.Seen) (fact, method string) {
	const computed = "computed"
	method = computed
	at, _ := slices.BinarySearchFunc(seen, source, func(s trail.Seen, name string) int { return strings.Compare(s.Read.Name, name) })
	for ; at < len(seen) && seen[at].Read.Name == source; at++ {
		s := seen[at]
		how := "stat"
		switch s.Read.Op {
		case filetree.OpRead:
			how = "parsed"
		case inventory.OpKeys, inventory.OpValues:
			how = "registry"
		case inventory.OpProbe:
			how = "probe"
		}
		if method == computed || how == "parsed" {
			fact, method = s.Fact, how
		}
	}
	return fact, method
}
