package version

import (
	"fmt"
	"strings"
)

// A Range is a set of the versions of one scheme. Make one with [ParseRange] or
// [EventsRange]; the zero value has no scheme, and [Range.Contains] fails on it.
//
// A Range does not change: it may be used by several goroutines at once.
type Range struct {
	scheme  Scheme
	clauses []clause // the alternatives, one of which a version has to satisfy
	dialect dialect  // the scheme whose tool has rules of its own; nil if the order alone decides
}

// A clause is satisfied by the versions that satisfy all of its tests.
type clause struct {
	tests []test
	pre   bool // what the clause says about pre-releases, for the dialect
}

// A test compares a version with one or two others.
type test struct {
	op      op
	version string
	until   string // the end of in and out, which is not part of them
	own     string // what the dialect keeps for itself
}

// An op is an operator of a test.
type op uint8

const (
	eq  op = iota + 1 // =
	ne                // !=
	lt                // <
	le                // <=
	gt                // >
	ge                // >=
	in                // from version, before until
	out               // before version, or from until
	own               // of the dialect; version and until are those of in
)

// admits reports whether a version satisfies a test, if order is its order with the version of the
// test.
func (o op) admits(order int) bool {
	switch o {
	case eq:
		return order == 0
	case ne:
		return order != 0
	case lt:
		return order < 0
	case le:
		return order <= 0
	case gt:
		return order > 0
	case ge:
		return order >= 0
	}
	return false
}

// A dialect is a scheme whose tool has ranges of its own.
type dialect interface {
	Scheme

	// parseRange parses text, which does not start with "vers:". Offsets in its errors count from
	// the start of text.
	parseRange(text string) ([]clause, error)

	// match reports whether v, a valid version, is in the clause by the rules of the tool.
	match(c *clause, v string) (bool, error)
}

// A relater is a scheme whose ranges do not quite follow its order.
type relater interface {
	// relate compares v, a valid version, with the version of a range.
	relate(v, bound string) int
}

// ParseRange parses a range of versions of a scheme. Every scheme has VERS: vers:deb/>=1.0|<2,
// where the type is the name of the scheme, or vers:all/* or vers:none/*.
//
// Every other text has the form of the scheme's own tool, see the documentation of the package. The
// schemes without such a form have comparisons, separated by commas if all have to hold and by ||
// between alternatives: ">= 1.2-3, < 2 || = 3". The operators are =, ==, !=, <, <=, > and >=; deb
// and opkg also have << and >>. A version alone means =, and * means all versions. A text that
// looks like a range of another form is an error, even where deb, rpm and others would accept it as
// a version: =<1.2, ^1.2, [1.0,2.0), 1.*, >=1|<2.
//
// A text that is not understood is an error that wraps [ErrInvalid]. A specifier with the type of
// another scheme is one that wraps [ErrScheme]. The number of comparisons times the bytes of the
// longest version may be at most 2^26; more is an error that wraps [ErrInvalid]. A range that
// contains nothing is no error, but [Range.Lint] reports it.
func ParseRange(s Scheme, text string) (Range, error) {
	if s == nil {
		return Range{}, fmt.Errorf("a range of %s: %w", name(s), ErrScheme)
	}
	if strings.HasPrefix(text, versPrefix) {
		return parseVERS(s, text)
	}
	if foldPrefix(trimSpace(text), versPrefix) { // rpm and others would accept it as a version
		return Range{}, invalid(s.Name(), text, 0, versPrefix+" in lower case, without white space before it")
	}
	r := Range{scheme: s}
	var err error
	if d, ok := s.(dialect); ok {
		r.dialect = d
		r.clauses, err = d.parseRange(text)
	} else {
		r.clauses, err = parseConstraints(s, text)
	}
	if err == nil {
		err = checkSize(s, text, r.clauses)
	}
	if err != nil {
		return Range{}, err
	}
	return r, nil
}

// Scheme returns the scheme of the range, or nil for the zero value.
func (r Range) Scheme() Scheme { return r.scheme }

// Contains reports whether v is in the range.
//
// A range in the form of a tool follows the rules of the tool: ranges of npm, cargo, semver, pypi
// and generic contain no pre-releases unless the range names one. A range of VERS or of events
// follows the order of the scheme alone. But all ranges of rpm ignore the release if one of the two
// versions has none, and all ranges of openssh ignore the p if the range names none.
//
// It is an error if v is no version of the scheme, or is very long and the range has very many
// comparisons. It is also an error if the order of v and a version of the range is not known, and v
// is in no other alternative.
func (r Range) Contains(v string) (bool, error) {
	if r.scheme == nil {
		return false, fmt.Errorf("a range of %s: %w", name(r.scheme), ErrScheme)
	}
	if err := r.scheme.Validate(v); err != nil {
		return false, err
	}
	if len(v) > usual {
		if err := r.checkVersion(v); err != nil {
			return false, err
		}
	}
	var unknown error // it does not matter if v is in another alternative
	for i := range r.clauses {
		ok, err := r.match(&r.clauses[i], v)
		if ok && err == nil {
			return true, nil
		}
		if unknown == nil {
			unknown = err
		}
	}
	return false, unknown
}

// ContainsVersion is like [Range.Contains] for a parsed version. It fails with an error that wraps
// [ErrScheme] if v is of another scheme.
func (r Range) ContainsVersion(v Version) (bool, error) {
	if r.scheme == nil || v.scheme == nil || r.scheme.Name() != v.scheme.Name() {
		return false, fmt.Errorf("%q of %s in a range of %s: %w", v.text, name(v.scheme), name(r.scheme), ErrScheme)
	}
	return r.Contains(v.text)
}

// match reports whether v is in a clause.
func (r Range) match(c *clause, v string) (bool, error) {
	if r.dialect != nil {
		return r.dialect.match(c, v)
	}
	return c.all(r.scheme, v)
}

// holds reports whether v satisfies the test in the order of the scheme, or by its relation.
func (t *test) holds(s Scheme, v string) (bool, error) {
	c, err := relate(s, v, t.version)
	if err != nil {
		return false, err
	}
	if t.op <= ge {
		return t.op.admits(c), nil
	}
	before, err := relate(s, v, t.until)
	if err != nil {
		return false, err
	}
	inside := c >= 0 && before < 0
	return inside == (t.op != out), nil
}

// all reports whether every test of the clause holds in the order of s.
func (c *clause) all(s Scheme, v string) (bool, error) {
	for i := range c.tests {
		if ok, err := c.tests[i].holds(s, v); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// relate compares v with the version of a range, by the relation of the scheme if it has one.
func relate(s Scheme, v, bound string) (int, error) {
	if r, ok := s.(relater); ok {
		return r.relate(v, bound), nil
	}
	return s.Compare(v, bound)
}
