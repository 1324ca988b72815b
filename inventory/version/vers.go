package version

import (
	"errors"
	"fmt"
	"strings"
)

const (
	versPrefix = "vers:"
	versAll    = "vers:all/*"
	versNone   = "vers:none/*"
)

// parseVERS parses a version range specifier, https://github.com/package-url/vers-spec
// (standard/specification.md). As that demands, a specifier that is not canonical is an error:
// versions that are not sorted, a version twice, operators that do not alternate, white space.
//
// Percent-encoding of characters that need none is accepted, but [Range.String] does not write it.
func parseVERS(s Scheme, text string) (Range, error) {
	switch text {
	case versAll:
		return Range{scheme: s, clauses: []clause{{}}}, nil
	case versNone:
		return Range{scheme: s}, nil
	}
	kind, list, ok := strings.Cut(text[len(versPrefix):], "/")
	if !ok {
		return Range{}, invalid(s.Name(), text, len(text), "a slash after the type")
	}
	if kind != s.Name() {
		return Range{}, fmt.Errorf("%q is not of scheme %s: %w", text[:min(len(text), shown)], s.Name(), ErrScheme)
	}
	if list == "*" {
		return Range{scheme: s, clauses: []clause{{}}}, nil
	}
	at := len(text) - len(list)
	var tests []test
	for part := range strings.SplitSeq(list, "|") {
		t, err := parseVERSConstraint(s, text, at, part)
		if err != nil {
			return Range{}, err
		}
		if err := follows(s, tests, t); err != nil {
			return Range{}, fmt.Errorf("%w: %w", invalid(s.Name(), text, at, "a version after the one before it"), err)
		}
		tests = append(tests, t)
		at += len(part) + len("|")
	}
	clauses, bad := signposts(tests)
	if bad != "" {
		return Range{}, invalid(s.Name(), text, len(text)-len(list), bad)
	}
	if err := checkSize(s, text, clauses); err != nil {
		return Range{}, err
	}
	return Range{scheme: s, clauses: clauses}, nil
}

// parseVERSConstraint parses one constraint, part, which starts at the byte at of text.
func parseVERSConstraint(s Scheme, text string, at int, part string) (test, error) {
	o, encoded := eq, part
	for _, c := range [...]struct {
		text string
		op   op
	}{{">=", ge}, {"<=", le}, {"!=", ne}, {"<", lt}, {">", gt}} {
		if rest, ok := strings.CutPrefix(part, c.text); ok {
			o, encoded = c.op, rest
			break
		}
	}
	at += len(part) - len(encoded)
	if encoded == "" {
		return test{}, invalid(s.Name(), text, at, "a version")
	}
	v, bad := unescape(encoded)
	if bad >= 0 {
		return test{}, invalid(s.Name(), text, at+bad,
			"a character of a version, or % and two upper-case hexadecimal digits")
	}
	if err := s.Validate(v); err != nil {
		return test{}, within(err, text, at)
	}
	return test{op: o, version: v}, nil
}

var errOrder = errors.New("not in ascending order")

// follows returns an error if t is not after the last one of tests.
func follows(s Scheme, tests []test, t test) error {
	if len(tests) == 0 {
		return nil
	}
	c, err := s.Compare(tests[len(tests)-1].version, t.version)
	if err == nil && c >= 0 {
		err = errOrder
	}
	return err
}

// signposts makes clauses of the constraints of a specifier: one for each interval and each single
// version, with the inequalities inside of it. If the order of the operators makes no sense, it
// returns what is expected instead.
func signposts(tests []test) (clauses []clause, expected string) {
	var from *test // the lower end of the open interval
	var not []test // the inequalities since the last end
	last := op(0)  // the last operator that is no inequality
	for i, t := range tests {
		switch t.op {
		case ne:
			not = append(not, t)
			continue
		case gt, ge:
			if from != nil {
				return nil, "< or <= after > or >="
			}
			from, not = &tests[i], nil
		case eq:
			if from == nil { // else the open interval contains the version
				clauses, not = append(clauses, clause{tests: []test{t}}), nil
			}
		case lt, le:
			if last == eq || (from == nil && last != 0) {
				return nil, "=, > or >= before < or <="
			}
			clauses = append(clauses, interval(from, not, &tests[i]))
			from, not = nil, nil
		}
		last = t.op
	}
	if from != nil || last == 0 {
		clauses = append(clauses, interval(from, not, nil))
	}
	return clauses, ""
}

// interval returns the clause of the versions between two ends, which may be nil, without those
// that the inequalities exclude.
func interval(from *test, not []test, to *test) clause {
	var c clause
	if from != nil {
		c.tests = append(c.tests, *from)
	}
	c.tests = append(c.tests, not...)
	if to != nil {
		c.tests = append(c.tests, *to)
	}
	return c
}

// String returns the canonical version range specifier of the range, sorted and without redundant
// constraints. A range that contains nothing is "vers:none/*". The text is empty if the range has
// no scheme, or if Compare fails for two of its versions, which may happen in generic, kernel and
// macos; [Range.Lint] returns that error.
//
// A specifier follows the order of the scheme alone. It cannot express the rules that a tool adds:
// npm, cargo, semver, pypi and generic leave pre-releases out, and ranges of rpm and openssh ignore
// releases. The specifier may then contain other versions than the range, which [Range.Lint]
// reports.
func (r Range) String() string {
	if r.scheme == nil {
		return ""
	}
	o := &sorter{scheme: r.scheme}
	spans := o.spans(r.clauses)
	if o.err != nil {
		return ""
	}
	if len(spans) == 0 {
		return versNone
	}
	var b strings.Builder
	b.WriteString(versPrefix + r.scheme.Name() + "/")
	o.writeSpans(&b, spans)
	if o.err != nil {
		return ""
	}
	return b.String()
}

// writeSpans writes the constraints of sorted spans.
func (o *sorter) writeSpans(b *strings.Builder, spans []span) {
	sep := ""
	put := func(o, v string) {
		b.WriteString(sep + o)
		escape(b, v)
		sep = "|"
	}
	if len(spans) == 1 && spans[0] == everything {
		b.WriteByte('*')
	}
	for i, s := range spans {
		// Two spans with one version between them are written as one with "!=".
		hole := i > 0 && o.touches(spans[i-1].to, s.from)
		switch {
		case hole:
			put("!=", s.from.version)
		case o.point(s):
			put("", s.from.version)
			continue
		case !s.from.infinite:
			put([]string{">=", ">"}[s.from.side], s.from.version)
		}
		if !s.to.infinite && !(i+1 < len(spans) && o.touches(s.to, spans[i+1].from)) {
			put([]string{"<", "<="}[s.to.side], s.to.version)
		}
	}
}

// escape writes v as it stands in a specifier: the characters of the grammar, and those that are
// not printable ASCII, are percent-encoded.
func escape(b *strings.Builder, v string) {
	for i := range len(v) {
		if c := v[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("><=!*|%", c) >= 0 {
			fmt.Fprintf(b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
}

// unescape reverses escape. bad is the offset of the first byte that is not allowed, or negative.
func unescape(text string) (v string, bad int) {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c <= ' ' || c >= 0x7f || strings.IndexByte("><=!*|", c) >= 0:
			return "", i
		case c == '%':
			if i+2 >= len(text) {
				return "", i
			}
			high, low := strings.IndexByte(upper, text[i+1]), strings.IndexByte(upper, text[i+2])
			if high < 0 || low < 0 {
				return "", i
			}
			c = byte(high<<4 | low)
			i += 2
		}
		b.WriteByte(c)
	}
	return b.String(), -1
}
