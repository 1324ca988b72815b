package version

import "strings"

// gemOperators are those of Gem::Requirement; the first that fits is meant.
var gemOperators = [...]struct {
	text string
	op   op
}{{"~>", own}, {"!=", ne}, {"<=", le}, {">=", ge}, {"=", eq}, {"<", lt}, {">", gt}}

// parseRange understands what Gem::Requirement.new(*text.split(",")) does: comparisons, all of
// which have to hold. The empty range is >= 0. Pre-releases are versions like others here: that
// RubyGems installs none if nobody asks for one is not a matter of requirements.
//
// ~> 1.2.3 has what is at least 1.2.3, but nothing of 1.3 and no pre-release of it.
// No version is the first of those pre-releases, so the canonical form has < 1.3.A, as
// Bundler writes it.
func (gem) parseRange(text string) ([]clause, error) {
	list := strings.TrimRight(text, ",") // Ruby's split drops what is empty at the end
	if list == "" {
		return []clause{{tests: []test{{op: ge, version: "0"}}}}, nil
	}
	var c clause
	at := 0
	for part := range strings.SplitSeq(list, ",") {
		t, err := parseGemTest(text, at, part)
		if err != nil {
			return nil, err
		}
		c.tests = append(c.tests, t)
		at += len(part) + len(",")
	}
	return []clause{c}, nil
}

// parseGemTest understands one comparison, part, which starts at a byte of text.
func parseGemTest(text string, at int, part string) (test, error) {
	trim := func() {
		for part != "" && space(part[0]) {
			part, at = part[1:], at+1
		}
	}
	trim()
	t := test{op: eq}
	for _, o := range gemOperators {
		if rest, ok := strings.CutPrefix(part, o.text); ok {
			t.op, part, at = o.op, rest, at+len(o.text)
			break
		}
	}
	trim()
	for part != "" && space(part[len(part)-1]) {
		part = part[:len(part)-1]
	}
	if n, expected := validGem(part); expected != "" {
		return t, invalid("gem", text, at+n, expected)
	}
	t.version = part
	if t.op == own {
		t.own = bumpGem(part)
		t.until = t.own + ".A"
	}
	return t, nil
}

// releaseGem is a version without what comes from its first word on.
func releaseGem(v string) string {
	for i := range len(v) {
		if v[i] == '-' || letter(v[i]) {
			return v[:i]
		}
	}
	return v
}

// bumpGem is the release after the last number but one: 1.3 of 1.2.3, 2 of 1.
func bumpGem(v string) string {
	v = strings.TrimRight(releaseGem(v), ".")
	if i := strings.LastIndexByte(v, '.'); i >= 0 {
		v = v[:i]
	}
	i := strings.LastIndexByte(v, '.') + 1
	return v[:i] + plusOne(v[i:])
}

func (gem) match(c *clause, v string) (bool, error) {
	v, _ = trimGem(v)
	for i := range c.tests {
		t := &c.tests[i]
		order := compareGem(v, t.version)
		if t.op != own && !t.op.admits(order) {
			return false, nil
		}
		if t.op == own && (order < 0 || compareGem(releaseGem(v), t.own) >= 0) {
			return false, nil
		}
	}
	return true, nil
}

func (gem) note(r Range) string {
	for _, c := range r.clauses {
		for _, t := range c.tests {
			if t.op == own {
				return "its canonical form also contains the pre-releases of " + t.own + " before " + t.until + ", which ~> does not"
			}
		}
	}
	return ""
}
