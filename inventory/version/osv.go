package version

import (
	"fmt"
	"slices"
)

// An Event is an event of a range of the Open Source Vulnerability format, schema 1.7,
// affected[].ranges[].events (https://ossf.github.io/osv-schema/). Exactly one of its fields is
// set.
type Event struct {
	Introduced   string `json:"introduced,omitempty"`    // first version that is affected; 0 is before all versions
	Fixed        string `json:"fixed,omitempty"`         // first version that no longer is
	LastAffected string `json:"last_affected,omitempty"` // last version that still is
	Limit        string `json:"limit,omitempty"`         // upper end of what the range speaks of; * is none
}

// EventsRange makes a range of the versions that the events call affected. The events may come in
// any order; events of the same version count in the order given. At least one event has to
// introduce. Events that make no sense are an error that wraps [ErrInvalid], and so are very many
// events with a very long version, as for [ParseRange].
func EventsRange(s Scheme, events []Event) (Range, error) {
	if s == nil {
		return Range{}, fmt.Errorf("events of %s: %w", name(s), ErrScheme)
	}
	for i, e := range events {
		for _, v := range [...]string{e.Introduced, e.Fixed, e.LastAffected, e.Limit} {
			if !affordable(len(events), len(v)) {
				return Range{}, eventError(i, invalid(s.Name(), v, 0, "a version that is shorter, or fewer events"))
			}
		}
	}
	marks, limit, err := sortEvents(s, events)
	if err != nil {
		return Range{}, err
	}
	clauses, err := affected(s, marks)
	if err != nil {
		return Range{}, err
	}
	if limit != "" {
		for i := range clauses {
			clauses[i].tests = append(clauses[i].tests, test{op: lt, version: limit})
		}
	}
	return Range{scheme: s, clauses: clauses}, nil
}

// affected makes clauses of marks in ascending order.
func affected(s Scheme, marks []mark) ([]clause, error) {
	var clauses []clause
	var open *test // where the interval begins that has no end yet, nil if before all versions
	inside := false
	for len(marks) > 0 {
		n, err := sameVersion(s, marks)
		if err != nil {
			return nil, err
		}
		m := marks[0]
		at, after := states(marks[:n], inside)
		switch {
		case at && !inside && !m.first:
			open = &test{op: ge, version: m.version}
		case inside && !at:
			clauses = append(clauses, interval(open, nil, &test{op: lt, version: m.version}))
			open = nil
		}
		if at && !after {
			clauses = append(clauses, interval(open, nil, &test{op: le, version: m.version}))
			open = nil
		}
		inside, marks = after, marks[n:]
	}
	if inside {
		clauses = append(clauses, interval(open, nil, nil))
	}
	return clauses, nil
}

// sameVersion returns the number of marks at the start that have the same version.
func sameVersion(s Scheme, marks []mark) (int, error) {
	n := 1
	for n < len(marks) && marks[n].first == marks[0].first {
		if !marks[0].first {
			if c, err := s.Compare(marks[n-1].version, marks[n].version); c != 0 || err != nil {
				return n, err
			}
		}
		n++
	}
	return n, nil
}

// states reports whether the version of marks is affected, and whether those after it are.
func states(marks []mark, before bool) (at, after bool) {
	at, after = before, before
	for _, m := range marks {
		after = m.op == ge
		if m.op != le {
			at = after
		}
	}
	return at, after
}

// A mark is a version from which on versions are affected (ge), or up to which they are.
type mark struct {
	test
	first bool // before all versions
}

// sortEvents returns the marks in ascending order, and the highest limit if there is one.
func sortEvents(s Scheme, events []Event) (marks []mark, limit string, err error) {
	introduced, limitless := false, false
	for i, e := range events {
		m, err := markOf(e)
		if err == nil && !m.first {
			err = s.Validate(m.version)
		}
		switch {
		case m.op == 0 && m.version == "*":
			limitless = true
		case err != nil:
			return nil, "", eventError(i, err)
		case m.op == 0:
			if limit, err = higher(s, limit, m.version); err != nil {
				return nil, "", eventError(i, err)
			}
		default:
			introduced = introduced || m.op == ge
			marks = append(marks, m)
		}
	}
	if !introduced {
		return nil, "", fmt.Errorf("events: none introduces: %w", ErrInvalid)
	}
	if limitless {
		limit = ""
	}
	slices.SortStableFunc(marks, func(a, b mark) int {
		if a.first || b.first {
			return bit(b.first) - bit(a.first)
		}
		c, e := s.Compare(a.version, b.version)
		if err == nil {
			err = e
		}
		return c
	})
	return marks, limit, err
}

// markOf returns the mark of an event. The op of a limit is 0.
func markOf(e Event) (mark, error) {
	var m mark
	n := 0
	for _, f := range [...]struct {
		op      op
		version string
	}{{ge, e.Introduced}, {lt, e.Fixed}, {le, e.LastAffected}, {0, e.Limit}} {
		if f.version != "" {
			m.op, m.version = f.op, f.version
			n++
		}
	}
	if n != 1 {
		return mark{}, fmt.Errorf("%d of its fields are set, want one: %w", n, ErrInvalid)
	}
	m.first = m.op == ge && m.version == "0"
	return m, nil
}

func higher(s Scheme, a, b string) (string, error) {
	if a == "" {
		return b, nil
	}
	return Max(s, a, b)
}

func eventError(i int, err error) error { return fmt.Errorf("event %d: %w", i, err) }
