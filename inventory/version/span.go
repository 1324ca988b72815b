package version

import "slices"

// A span is the versions between two edges. No span is empty.
type span struct{ from, to edge }

// An edge is a place in the order of versions just before or just after a version, below all
// versions or beyond them.
type edge struct {
	version  string
	side     int8 // 0 is before the version, 1 is after it
	infinite bool // below or beyond all versions; the version does not count
}

var everything = span{edge{infinite: true}, edge{infinite: true}}

// A sorter compares edges and remembers the first error.
type sorter struct {
	scheme Scheme
	err    error
}

// compare compares two edges, neither of which is infinite.
func (o *sorter) compare(a, b edge) int {
	c, err := o.scheme.Compare(a.version, b.version)
	if o.err == nil {
		o.err = err
	}
	if c == 0 {
		return int(a.side) - int(b.side)
	}
	return c
}

// from compares two lower edges of spans.
func (o *sorter) from(a, b edge) int {
	switch {
	case a.infinite && b.infinite:
		return 0
	case a.infinite:
		return -1
	case b.infinite:
		return 1
	}
	return o.compare(a, b)
}

// to compares two upper edges of spans.
func (o *sorter) to(a, b edge) int {
	switch {
	case a.infinite && b.infinite:
		return 0
	case a.infinite:
		return 1
	case b.infinite:
		return -1
	}
	return o.compare(a, b)
}

// spans returns the spans of clauses, sorted and without overlap.
func (o *sorter) spans(clauses []clause) []span {
	var all []span
	for i := range clauses {
		all = append(all, o.clause(&clauses[i])...)
	}
	return o.union(all)
}

// open reports whether something may be between the lower edge and the upper one.
func (o *sorter) open(from, to edge) bool {
	return from.infinite || to.infinite || o.compare(from, to) < 0
}

// clause returns the spans of a clause.
func (o *sorter) clause(c *clause) []span {
	whole := everything
	var holes []span
	for i := range c.tests {
		s, hole := c.tests[i].span()
		if hole {
			if o.open(s.from, s.to) {
				holes = append(holes, s)
			}
			continue
		}
		if o.from(s.from, whole.from) > 0 {
			whole.from = s.from
		}
		if o.to(s.to, whole.to) < 0 {
			whole.to = s.to
		}
	}
	var left []span
	at := whole.from
	for _, h := range o.union(holes) {
		switch {
		case !whole.to.infinite && !h.from.infinite && o.compare(h.from, whole.to) >= 0:
			continue // the hole is beyond the span
		case !h.from.infinite && o.open(at, h.from):
			left = append(left, span{at, h.from})
		}
		if o.from(h.to, at) > 0 {
			at = h.to
		}
	}
	if o.open(at, whole.to) {
		left = append(left, span{at, whole.to})
	}
	return left
}

// union sorts spans and merges those that meet.
func (o *sorter) union(spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int { return o.from(a.from, b.from) })
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 {
			last := &merged[n-1]
			if last.to.infinite || s.from.infinite || o.compare(s.from, last.to) <= 0 {
				if o.to(s.to, last.to) > 0 {
					last.to = s.to
				}
				continue
			}
		}
		merged = append(merged, s)
	}
	return merged
}

// span returns the versions that satisfy the test. If hole is true, it returns those that do not.
func (t *test) span() (s span, hole bool) {
	s = everything
	switch t.op {
	case eq:
		return span{edge{version: t.version}, edge{version: t.version, side: 1}}, false
	case ne:
		return span{edge{version: t.version}, edge{version: t.version, side: 1}}, true
	case lt:
		s.to = edge{version: t.version}
	case le:
		s.to = edge{version: t.version, side: 1}
	case gt:
		s.from = edge{version: t.version, side: 1}
	case ge:
		s.from = edge{version: t.version}
	case in, own, out:
		s = span{edge{version: t.version}, edge{version: t.until}}
	}
	return s, t.op == out
}

// point reports whether a span is of one version only.
func (o *sorter) point(s span) bool {
	return s.from.side == 0 && s.to.side == 1 && o.same(s.from, s.to)
}

// touches reports whether nothing but one version is between two spans.
func (o *sorter) touches(to, from edge) bool {
	return to.side == 0 && from.side == 1 && o.same(to, from)
}

// same reports whether two edges are at the same version.
func (o *sorter) same(a, b edge) bool {
	if a.infinite || b.infinite {
		return false
	}
	c, err := o.scheme.Compare(a.version, b.version)
	if o.err == nil {
		o.err = err
	}
	return err == nil && c == 0
}
