package version

import (
	"fmt"
	"slices"
)

// A noter is a scheme whose ranges may contain other versions than their canonical form.
type noter interface {
	// note returns a sentence on how they differ, empty if they do not.
	note(r Range) string
}

// Lint returns what is odd about the range, in sentences for people: that it contains
// nothing, that one of its alternatives contains nothing or is within another one, that its
// canonical form [Range.String] is not quite the same range. It is nil if nothing is, and
// just the error if the versions of the range have no order.
func (r Range) Lint() []string {
	if r.scheme == nil {
		return []string{"the range has no scheme"}
	}
	o := &sorter{scheme: r.scheme}
	var spans []owned
	left := make([]int, len(r.clauses)) // spans that no other alternative has
	var found []string
	for i := range r.clauses {
		of := o.clause(&r.clauses[i])
		for _, s := range of {
			spans = append(spans, owned{s, i})
		}
		if left[i] = len(of); len(of) == 0 && len(r.clauses) > 1 {
			found = append(found, fmt.Sprintf("alternative %d contains no version", i+1))
			left[i] = -1
		}
	}
	if len(spans) == 0 {
		found = append(found, "the range contains no version")
	}
	for _, s := range o.covered(spans) {
		if left[s.clause]--; left[s.clause] == 0 {
			found = append(found, fmt.Sprintf("alternative %d is within another one", s.clause+1))
		}
	}
	note := ""
	if n, ok := r.scheme.(noter); ok {
		note = n.note(r)
	}
	if _, ok := r.scheme.(relater); ok && note != "" {
		found = nil // the order does not say what the range contains
	}
	if note != "" {
		found = append(found, note)
	}
	if o.err != nil { // nor does half of it
		return []string{o.err.Error()}
	}
	return found
}

// notePre returns what a specifier leaves out of the ranges of a tool that admits
// few pre-releases.
func notePre(r Range) string {
	if r.dialect == nil {
		return ""
	}
	o := &sorter{scheme: r.scheme}
	for i := range r.clauses {
		for _, s := range o.clause(&r.clauses[i]) {
			if !o.point(s) {
				return "its canonical form also contains pre-releases that the range does not name"
			}
		}
	}
	return ""
}

// mixed says whether some versions of the range have something and some do not.
func mixed(r Range, has func(v string) bool) bool {
	with, without := false, false
	for _, c := range r.clauses {
		for _, t := range c.tests {
			h := has(t.version)
			with, without = with || h, without || !h
		}
	}
	return with && without
}

// An owned span is one of a clause.
type owned struct {
	span
	clause int
}

// covered returns those spans that are within one before them, where the widest come first.
func (o *sorter) covered(spans []owned) []owned {
	slices.SortStableFunc(spans, func(a, b owned) int {
		if c := o.from(a.from, b.from); c != 0 {
			return c
		}
		return o.to(b.to, a.to)
	})
	var inside []owned
	widest := -1
	for i, s := range spans {
		if widest >= 0 && o.to(s.to, spans[widest].to) <= 0 {
			inside = append(inside, s)
			continue
		}
		widest = i
	}
	return inside
}
