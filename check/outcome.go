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

// Outcome is the result of one rule on one system. It can be marshaled to JSON and back.
//
// Reads includes the reads of facts that the rule shares with other rules. Excused are failed reads
// that do not matter because a fallback took their place.
type Outcome struct {
	Rule    Rule             `json:"rule"`
	Result  Result           `json:"result"`
	Reads   []inventory.Read `json:"reads,omitempty"`   // reads that the result depends on
	Excused []inventory.Read `json:"excused,omitempty"` // failed reads that do not matter
	Elapsed time.Duration    `json:"elapsed"`           // without the wait for facts; in JSON in nanoseconds
}

const (
	maxPassing = 5 // pieces of evidence that an outcome shows for a Pass
	maxLooked  = 3 // pieces of evidence that an outcome shows if its check gave none
)

// examined holds the reads made for a rule, sorted by name, and the facts that the rule used.
type examined struct {
	reads []trail.Seen
	facts []string
}

// complete returns r, the result of a rule, with the facts and methods of its evidence filled in.
// If r is a verdict without evidence, complete adds some from the reads.
func (x examined) complete(r Result) Result {
	r.sample()
	if len(r.Evidence) == 0 && (r.Status == Pass || r.Status == Fail || r.Status == NotApplicable) {
		r.Evidence, r.Omitted = x.looked()
	}
	x.name(&r)
	return r
}

// sample reduces the evidence of each Pass to a few pieces.
func (r *Result) sample() {
	if n := len(r.Evidence) - maxPassing; n > 0 && fold(r.Status) == Pass {
		r.Omitted += n
		r.Evidence = r.Evidence[:maxPassing]
	}
	for i := range r.Children {
		r.Children[i].sample()
	}
}

// looked returns evidence for the reads, those that found nothing first, and the number of reads
// that it left out.
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

// name fills in the facts and methods of the evidence of r and its children.
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

// origin returns the fact that read source, and the method. If a file was both parsed and only
// looked at, the method is "parsed".
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
		return x.reads[i].Fact, "stat" // the walk has seen it
	}
	fact = strings.Join(x.facts[:min(len(x.facts), maxLooked)], ", ")
	if n := len(x.facts) - maxLooked; n > 0 {
		fact += fmt.Sprintf(" and %d more", n)
	}
	return fact, "computed"
}
