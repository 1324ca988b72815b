package version

import "strings"

// The kinds of tests of pypi. The kind is the first byte of the field own of a test, before a
// version.
const (
	pypiEq     = '=' // ==
	pypiNe     = '!' // !=
	pypiLe     = 'l' // <=
	pypiGe     = 'g' // >=
	pypiLt     = '<'
	pypiGt     = '>'
	pypiLike   = '~' // ~=, before the prefix
	pypiPrefix = '*' // == with .*
	pypiOther  = 'x' // != with .*
	pypiSame   = 's' // ===
	pypiNever  = 'n' // === of what is not spelled as Python would
)

// pypiOperators are the operators of PEP 440. The first one that fits counts.
var pypiOperators = [...]struct {
	text string
	what byte
	op   op // of the canonical form
}{
	{"===", pypiSame, eq},
	{"==", pypiEq, in},
	{"~=", pypiLike, own},
	{"!=", pypiNe, out},
	{"<=", pypiLe, lt},
	{">=", pypiGe, ge},
	{"<", pypiLt, lt},
	{">", pypiGt, gt},
}

// parseRange parses version specifiers of PEP 440 as SpecifierSet of packaging 23.0
// does: comparisons, all of which have to hold. The empty range has every version. As
// SpecifierSet.contains has it, pre-releases are in a range only if a ==, >=, <=, ~= or
// === of it names one.
//
// Surprises: <1.0 has no pre-release of 1.0 even where pre-releases are in, >1.0 no 1.0.post1
// and no 1.0+local, >1.0a1 no 1.0.post1 either. ~=1.2c1 is ~=1.2.c1 and means 1.2.*, where
// ~=1.2rc1 means 1.*. === compares the text of the specifier with the normal form of the
// version; where that text is no version packaging fails later, and this refuses it.
//
// Two mistakes that later versions of packaging corrected are not followed: that ==0.* contains
// 1!5, and that ==1!2.* does not contain 1!2rc1.
func (pypi) parseRange(text string) ([]clause, error) {
	var c clause
	at := 0
	for part := range strings.SplitSeq(text, ",") {
		n := leadingPySpace(part)
		if inner := part[n : len(part)-trailingPySpace(part[n:])]; inner != "" {
			t, pre, err := parsePyPITest(text, at+n, inner)
			if err != nil {
				return nil, err
			}
			c.tests = append(c.tests, t)
			c.pre = c.pre || pre
		}
		at += len(part) + len(",")
	}
	return []clause{c}, nil
}

// parsePyPITest parses one comparison, part, which starts at a byte of text, and says
// whether it admits pre-releases.
func parsePyPITest(text string, at int, part string) (t test, pre bool, err error) {
	what, v := byte(0), part
	for _, o := range pypiOperators {
		if rest, ok := strings.CutPrefix(part, o.text); ok {
			what, v, t.op = o.what, rest, o.op
			break
		}
	}
	if what == 0 {
		return t, false, invalid("pypi", text, at, "one of == != < <= > >= ~= ===")
	}
	at += len(part) - len(v)
	n := leadingPySpace(v)
	v, at = v[n:], at+n
	if prefix, ok := strings.CutSuffix(v, ".*"); ok && (what == pypiEq || what == pypiNe) {
		t, err = prefixTest(text, at, prefix, what == pypiNe)
		return t, false, err
	}
	var y pypiVersion
	if err := y.parse(v); err != nil {
		return t, false, within(err, text, at)
	}
	if y.local != "" && what != pypiEq && what != pypiNe && what != pypiSame {
		plus := strings.IndexByte(v, '+')
		return t, false, invalid("pypi", text, at+plus, "no local version after this operator")
	}
	if what == pypiLike && !strings.Contains(y.release, ".") {
		return t, false, invalid("pypi", text, at+len(v), "a release of two numbers or more after ~=")
	}
	t.version, t.own = v, string(what)+v
	t.bounds(what, &y)
	return t, y.prerelease() && what != pypiNe && what != pypiLt && what != pypiGt, nil
}

// bounds sets what the canonical form needs, where that is not just an operator and the version.
func (t *test) bounds(what byte, y *pypiVersion) {
	switch what {
	case pypiEq, pypiNe:
		if y.local != "" {
			t.op = map[byte]op{pypiEq: eq, pypiNe: ne}[what]
			return
		}
		t.until = y.next().text()
	case pypiLe: // and with any local version
		t.version = y.next().text()
	case pypiLt:
		if y.pre.kind == pypiNone && y.post.kind == pypiNone && y.dev.kind == pypiNone {
			t.version = y.first().text()
		}
	case pypiLike:
		var prefix pypiVersion
		t.own = string(what) + compatiblePrefix(t.version)
		_ = prefix.parse(t.own[1:]) // a part of a version that was parsed
		t.until = prefix.after().text()
	case pypiSame:
		if normal := y.normal(); pyLower(t.version) != normal {
			t.op, t.until, t.own = own, t.version, string(pypiNever)+t.version
		}
	}
}

// prefixTest is the test of a release before .*, which starts at a byte of text.
func prefixTest(text string, at int, release string, not bool) (test, error) {
	var y pypiVersion
	if err := y.parse(release); err != nil {
		return test{}, within(err, text, at)
	}
	if x := len(release) - 1; y.public != y.release || y.local != "" || !digit(release[x]) {
		return test{}, invalid("pypi", text, at+len(release), "no .* but after a release")
	}
	t := test{op: in, version: y.first().text(), until: y.after().text(), own: string(pypiPrefix) + release}
	if not {
		t.op, t.own = out, string(pypiOther)+release
	}
	return t, nil
}

// compatiblePrefix returns the start of a version that ~= means, as packaging finds it in the text:
// it cuts at dots, and between a number and a pre-release in its short form, takes what comes
// before a pre-release, post-release or development release in lower case, and drops the last.
func compatiblePrefix(v string) string {
	before, last, at := 0, 0, 0
	for item := range strings.SplitSeq(v, ".") {
		if pyPISuffix(item) {
			break
		}
		if n := shortPreAt(item); n > 0 {
			before, last = last, at+n
			if pyPISuffix(item[n:]) {
				break
			}
		}
		before, last = last, at+len(item)
		at = last + len(".")
	}
	return v[:before]
}

func pyPISuffix(item string) bool {
	for _, s := range [...]string{"dev", "a", "b", "rc", "post"} {
		if strings.HasPrefix(item, s) {
			return true
		}
	}
	return false
}

// shortPreAt is where the pre-release of an item such as 2rc1 starts, 0 if it is no such one.
func shortPreAt(item string) int {
	number, word := cutDigits(item)
	rest := strings.TrimPrefix(word, "r")
	switch {
	case number == "" || rest == "":
		return 0
	case rest != word && rest[0] != 'c', rest[0] < 'a' || rest[0] > 'c':
		return 0
	case !digits(rest[1:]) || rest[1:] == "":
		return 0
	}
	return len(number)
}

func (pypi) match(c *clause, v string) (bool, error) {
	var x pypiVersion
	if x.parse(v) != nil || (!c.pre && x.prerelease()) {
		return false, nil
	}
	for i := range c.tests {
		if !x.satisfies(&c.tests[i]) {
			return false, nil
		}
	}
	return true, nil
}

func (x *pypiVersion) satisfies(t *test) bool {
	var y pypiVersion
	_ = y.parse(t.own[1:])
	switch t.own[0] {
	case pypiEq, pypiNe:
		c := x.comparePublic(&y)
		if y.local != "" {
			c = x.compare(&y)
		}
		return (c == 0) == (t.own[0] == pypiEq)
	case pypiLe:
		return x.comparePublic(&y) <= 0
	case pypiGe:
		return x.comparePublic(&y) >= 0
	case pypiLt:
		return x.compare(&y) < 0 && (y.prerelease() || !x.prerelease() || !x.sameRelease(&y))
	case pypiGt:
		apart := x.local == "" && (x.post.kind == pypiNone || y.post.kind != pypiNone)
		return x.compare(&y) > 0 && (apart || !x.sameRelease(&y))
	case pypiPrefix, pypiOther:
		return x.hasPrefix(&y) == (t.own[0] == pypiPrefix)
	case pypiLike:
		if !x.hasPrefix(&y) {
			return false
		}
		y = pypiVersion{}
		_ = y.parse(t.version)
		return x.comparePublic(&y) >= 0
	case pypiSame:
		return x.same(&y)
	}
	return false
}

func (x *pypiVersion) sameRelease(y *pypiVersion) bool {
	return compareDigits(x.epoch, y.epoch) == 0 && comparePyPIRelease(x.release, y.release) == 0
}

// hasPrefix reports whether x starts with the numbers of y and then with its other parts.
func (x *pypiVersion) hasPrefix(y *pypiVersion) bool {
	if compareDigits(x.epoch, y.epoch) != 0 {
		return false
	}
	a, b := x.release, y.release
	for b != "" {
		var n, m string
		n, a = cutDigits(a)
		m, b = cutDigits(b)
		if compareDigits(n, m) != 0 {
			return false
		}
		a, b = strings.TrimPrefix(a, "."), strings.TrimPrefix(b, ".")
	}
	if y.pre.kind == pypiNone && y.post.kind == pypiNone && y.dev.kind == pypiNone {
		return true
	}
	if comparePyPIRelease(a, "") != 0 || !x.pre.equal(&y.pre) {
		return false
	}
	if y.post.kind == pypiNone && y.dev.kind == pypiNone {
		return true
	}
	return x.post.equal(&y.post) && (y.dev.kind == pypiNone || x.dev.equal(&y.dev))
}

func (p *pypiPart) equal(q *pypiPart) bool { return p.compare(p.kind, q, q.kind) == 0 }

// same reports whether the normal forms of two versions are the same text.
func (x *pypiVersion) same(y *pypiVersion) bool {
	return x.compare(y) == 0 && strings.Count(x.release, ".") == strings.Count(y.release, ".")
}

func (pypi) note(r Range) string {
	if r.dialect == nil {
		return ""
	}
	const also = "its canonical form also contains "
	for i := range r.clauses {
		c := &r.clauses[i]
		exact := c.pre
		for j := range c.tests {
			what, v := c.tests[j].own[0], c.tests[j].own[1:]
			switch {
			case what == pypiGt:
				return also + "post-releases and local versions of " + v + ", which > does not"
			case what == pypiLt && c.tests[j].version == v:
				return also + "pre-releases of the release of " + v + ", which < does not"
			case what == pypiSame:
				return also + "other spellings of " + v + ", which === does not"
			}
			exact = exact || what == pypiEq || what == pypiNever
		}
		if !exact {
			return also + "pre-releases, none of which the range names"
		}
	}
	return ""
}
