package version

import (
	"fmt"
	"slices"
)

// A noter is a scheme whose ranges may contain other versions than their canonical form.
type noter interface {
	// note returns a sentence that says how a range differs from its canonical form, or "".
	note(r Range) string
}

// Lint returns what is odd about the range, in sentences for people: that the range or one of its
// alternatives contains nothing, that an alternative is within another one, or that the canonical
// form [Range.String] is not quite the same range. It returns nil if nothing is odd, and only the
// error if the order of the versions of the range is not known.
func (r Range) Lint() []string {
	if r.scheme == nil {
		return []string{"the range has no scheme"}
	}
	o := &sorter{scheme: r.scheme}
	found := o.lintClauses(r.clauses)
	note := ""
	if n, ok := r.scheme.(noter); ok {
		note = n.note(r)
	}
	if _, ok := r.scheme.(relater); ok && note != "" {
		found = nil // the order does not decide what the range contains
	}
	if note != "" {
		found = append(found, note)
	}
	if o.err != nil {
		return []string{o.err.Error()}
	}
	return found
}

// lintClauses returns what is odd about the alternatives of a range in the order of the scheme.
func (o *sorter) lintClauses(clauses []clause) []string {
	var spans []owned
	left := make([]int, len(clauses)) // how many spans of each no other alternative contains
	var found []string
	for i := range clauses {
		of := o.clause(&clauses[i])
		for _, s := range of {
			spans = append(spans, owned{s, i})
		}
		if left[i] = len(of); len(of) == 0 && len(clauses) > 1 {
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
	return found
}

// notePre is note of a tool whose ranges contain pre-releases only if they name them. The canonical
// form contains all of them.
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

// mixed reports whether has is true for some versions of the range and false for others.
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

// An owned span is a span with the index of its clause.
type owned struct {
	span
	clause int
}

// covered returns the spans that are within another one. Of spans that are equal the first stays.
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
