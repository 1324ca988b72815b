package version

import "strings"

// parseRange parses ranges like VersionRange.createFromVersionSpec of maven-artifact 3.8.7:
// [1.0,2.0), (,1.0], [1.0], and several of them in ascending order with or without commas between
// them. White space around a version does not belong to it.
//
// A version alone, 1.0, is what Maven calls a soft requirement: its resolver prefers that version,
// but every version is in the range, as in VersionRange.containsVersion, and Lint reports it. The
// same holds for every text that does not start with a bracket, such as ">=1" and " [1,2]". The
// empty range contains no version. Pre-releases have no rule of their own: 2.0-rc1 is in [1.0,2.0).
func (maven) parseRange(text string) ([]clause, error) {
	var clauses []clause
	var last *test // the upper end of the set before, if it has one
	rest := text
	for rest != "" && (rest[0] == '[' || rest[0] == '(') {
		at := len(text) - len(rest)
		n := strings.IndexAny(rest, ")]")
		if n < 0 {
			return nil, invalid("maven", text, len(text), "a bracket that closes the set")
		}
		c, from, to, err := parseMavenSet(text, at, rest[:n+1])
		if err != nil {
			return nil, err
		}
		if last != nil && (from == nil || compareMavenVersions(from.version, last.version) < 0) {
			return nil, invalid("maven", text, at, "a set after the one before it")
		}
		clauses, last = append(clauses, c), to
		rest = strings.TrimLeft(rest[n+1:], javaSpace)
		if next, ok := strings.CutPrefix(rest, ","); ok {
			rest = strings.TrimLeft(next, javaSpace)
		}
	}
	switch {
	case rest == "":
		return clauses, nil
	case clauses != nil && strings.Trim(rest, javaSpace) == "":
		return clauses, nil
	case clauses != nil:
		return nil, invalid("maven", text, len(text)-len(rest), "a set in brackets, or the end")
	}
	if err := validMaven(rest); err != nil {
		return nil, err
	}
	return []clause{{pre: true}}, nil // pre marks a soft requirement
}

// javaSpace is the white space of String.trim of Java.
const javaSpace = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f "

// parseMavenSet parses a set with its brackets, which starts at a byte of text. The ends are
// nil if there is none.
func parseMavenSet(text string, at int, set string) (c clause, from, to *test, err error) {
	closed := [2]bool{set[0] == '[', set[len(set)-1] == ']'}
	inner := set[1 : len(set)-1]
	lower, upper, two := strings.Cut(inner, ",")
	if !two {
		if !closed[0] || !closed[1] {
			return c, nil, nil, invalid("maven", text, at, "[ and ] around a single version")
		}
		v, err := mavenBound(text, at+1, inner)
		if v == "" {
			v = "0" // which the empty version is
		}
		c.tests = []test{{op: eq, version: v}}
		return c, &c.tests[0], &c.tests[0], err
	}
	low, err := mavenBound(text, at+1, lower)
	if err != nil {
		return c, nil, nil, err
	}
	high, err := mavenBound(text, at+1+len(lower)+1, upper)
	if err != nil {
		return c, nil, nil, err
	}
	if low != "" && high != "" {
		order := compareMavenVersions(low, high)
		if order > 0 || (order == 0 && !(closed[0] && closed[1])) {
			return c, nil, nil, invalid("maven", text, at+1+len(lower)+1, "a version after the one before it")
		}
	}
	c.tests = make([]test, 0, 2)
	if low != "" {
		c.tests = append(c.tests, test{op: map[bool]op{true: ge, false: gt}[closed[0]], version: low})
		from = &c.tests[0]
	}
	if high != "" {
		c.tests = append(c.tests, test{op: map[bool]op{true: le, false: lt}[closed[1]], version: high})
		to = &c.tests[len(c.tests)-1]
	}
	return c, from, to, nil
}

// mavenBound is a version that starts at a byte of text, without white space; it may be empty.
func mavenBound(text string, at int, bound string) (string, error) {
	v := strings.TrimLeft(bound, javaSpace)
	at += len(bound) - len(v)
	if v = strings.TrimRight(v, javaSpace); v == "" {
		return "", nil
	}
	if err := validMaven(v); err != nil {
		return "", within(err, text, at)
	}
	return v, nil
}

func (maven) match(c *clause, v string) (bool, error) {
	for i := range c.tests {
		if t := &c.tests[i]; !t.op.admits(compareMavenVersions(v, t.version)) {
			return false, nil
		}
	}
	return true, nil
}

func (maven) note(r Range) string {
	if r.dialect != nil && len(r.clauses) == 1 && r.clauses[0].pre {
		return "a version without brackets is a recommendation, and the range contains every version"
	}
	return ""
}
