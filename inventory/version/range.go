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
	clauses []clause // any of which a version has to satisfy
	dialect dialect  // whose tool's own rules hold; nil: the order alone
}

// A clause is satisfied by what satisfies all of its tests.
type clause struct {
	tests []test
	pre   bool // for the dialect: what the clause says of pre-releases
}

// A test compares a version with one or two others.
type test struct {
	op      op
	version string
	until   string // of in and out: the first version after those that are meant
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
	own               // the dialect's; its own, version and until are as in in
)

// admits says whether a version that compares so with the one of a test satisfies it.
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

	// parseRange understands text, which does not start with "vers:". Offsets
	// in its errors count from the start of text.
	parseRange(text string) ([]clause, error)

	// match says whether the tool finds v, a valid version, in the clause.
	match(c *clause, v string) (bool, error)
}

// A relater is a scheme whose ranges do not quite follow its order.
type relater interface {
	// relate is Compare of a valid v with the version of a range.
	relate(v, bound string) int
}

// ParseRange understands, for every scheme,
//
//   - VERS: vers:deb/>=1.0|<2, whose type has to be the scheme's name, or one of
//     vers:all/* and vers:none/*;
//
// and else what the scheme's own tool writes: see the package's documentation. The
// schemes without such a tool have comparisons, separated by commas where all have to
// hold and by || between alternatives: ">= 1.2-3, < 2 || = 3". The operators are =,
// ==, !=, <, <=, > and >=; deb and opkg also have << and >>. A version alone means =,
// and * means all versions. What looks like a range of another form is an error, though
// deb, rpm and others would take it for a version: =<1.2, ^1.2, [1.0,2.0), 1.*, >=1|<2.
//
// What is not understood is an error that wraps [ErrInvalid], a specifier whose type is another
// scheme's one that wraps [ErrScheme]. So are very many comparisons with a very long version: the
// product of their number and the bytes of the longest may be up to 2^26. A range that contains
// nothing is not an error; [Range.Lint] says so.
func ParseRange(s Scheme, text string) (Range, error) {
	if s == nil {
		return Range{}, fmt.Errorf("a range of %s: %w", name(s), ErrScheme)
	}
	if strings.HasPrefix(text, versPrefix) {
		return parseVERS(s, text)
	}
	if foldPrefix(trimSpace(text), versPrefix) { // which rpm and others take for a version
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

// Scheme is the scheme of the range, nil for the zero value.
func (r Range) Scheme() Scheme { return r.scheme }

// Contains says whether v is in the range. What is no version of the scheme is an
// error, never an answer, and so is one that is very long, in a range of very many comparisons.
//
// A range of a tool's own form has that tool's rules: those of npm, cargo, semver, pypi and
// generic leave pre-releases out unless the range names one. A range of VERS or of
// events has the order of the scheme alone. But all those of rpm leave the release out where one of
// the two versions has none, and those of openssh the p where the range names none.
//
// It is an error, too, if the order of v and a version of the range is not known and v is in
// no other alternative.
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
	var unknown error // which no longer matters if v is in another alternative
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

// ContainsVersion is [Range.Contains] of a version that was parsed. It fails with an
// error that wraps [ErrScheme] if v is of another scheme.
func (r Range) ContainsVersion(v Version) (bool, error) {
	if r.scheme == nil || v.scheme == nil || r.scheme.Name() != v.scheme.Name() {
		return false, fmt.Errorf("%q of %s in a range of %s: %w", v.text, name(v.scheme), name(r.scheme), ErrScheme)
	}
	return r.Contains(v.text)
}

func (r Range) match(c *clause, v string) (bool, error) {
	if r.dialect != nil {
		return r.dialect.match(c, v)
	}
	return c.all(r.scheme, v)
}

// holds follows the order of the scheme, or its relation.
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

// all says whether every test of the clause holds in the order of s.
func (c *clause) all(s Scheme, v string) (bool, error) {
	for i := range c.tests {
		if ok, err := c.tests[i].holds(s, v); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func relate(s Scheme, v, bound string) (int, error) {
	if r, ok := s.(relater); ok {
		return r.relate(v, bound), nil
	}
	return s.Compare(v, bound)
}
