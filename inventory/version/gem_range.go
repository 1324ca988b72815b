package version

import "strings"

// gemOperators are the operators of Gem::Requirement. The first one that fits counts.
var gemOperators = [...]struct {
	text string
	op   op
}{{"~>", own}, {"!=", ne}, {"<=", le}, {">=", ge}, {"=", eq}, {"<", lt}, {">", gt}}

// parseRange parses ranges like Gem::Requirement.new(*text.split(",")): comparisons, all of which
// have to hold. The empty range is >= 0. Pre-releases have no rule of their own. RubyGems does not
// install them unless asked to, but that is no matter of requirements.
//
// ~> 1.2.3 contains the versions from 1.2.3 on that are before 1.3 and its pre-releases. There is
// no first pre-release, so that the canonical form has < 1.3.A, as Bundler writes it.
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

// parseGemTest parses one comparison, part, which starts at a byte of text.
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

// releaseGem returns a version up to its first word.
func releaseGem(v string) string {
	for i := range len(v) {
		if v[i] == '-' || letter(v[i]) {
			return v[:i]
		}
	}
	return v
}

// bumpGem returns the release without its last number, with 1 added to the number before: 1.3 of
// 1.2.3, 2 of 1.
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
				return "its canonical form also contains the pre-releases of " + t.own + " before " + t.until +
					", which ~> does not"
			}
		}
	}
	return ""
}
