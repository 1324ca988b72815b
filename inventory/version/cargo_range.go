package version

import "strings"

// The field own of a test has the numbers for whose pre-releases the test never holds. The value
// unwritten marks a bound that is no version of the text, and so names no pre-release.
const unwritten = "-"

// parseRange parses a requirement of the semver crate 1.0: comparisons separated by commas,
// all of which have to hold. Minor and patch may be missing or be x, X or *. The operators are = >
// >= < <= ~ and ^; without one ^ is meant. * alone means all versions.
//
// A pre-release is in the range only if a comparison names a pre-release of the same three numbers,
// and all comparisons hold for it. >=1.2, <=1.2, =1.2 and ~1.2 never hold for pre-releases of
// 1.2.x, while ^1 holds for those of 1.0.0.
func (cargo) parseRange(text string) ([]clause, error) {
	const most = 32
	p := cargoParser{text: text}
	p.blanks()
	if p.any() {
		if p.blanks(); p.at < len(text) {
			return nil, p.wrong(p.at, "nothing after a star that is alone")
		}
		return []clause{{}}, nil
	}
	for n := 1; ; n++ {
		if err := p.comparison(); err != nil {
			return nil, err
		}
		if p.blanks(); p.at == len(text) {
			return []clause{{tests: p.tests}}, nil
		}
		if !p.take(',') {
			return nil, p.wrong(p.at, "a comma")
		}
		if p.blanks(); n == most {
			return nil, p.wrong(p.at, "at most 32 comparisons")
		}
	}
}

// match follows the crate.
func (cargo) match(c *clause, v string) (bool, error) {
	var x triple
	x.parse(v)
	named := x.pre == ""
	for i := range c.tests {
		t := &c.tests[i]
		var y triple
		y.parse(t.version)
		if t.own != "" && x.pre != "" && x.begins(t.own) {
			return false, nil
		}
		if !t.op.admits(x.compare(&y)) {
			return false, nil
		}
		named = named || (t.own == "" && y.pre != "" && x.compareNumbers(&y) == 0)
	}
	return named, nil
}

// begins reports whether the first numbers of x are those of text.
func (x *triple) begins(text string) bool {
	for i := range x.number {
		n, rest, more := strings.Cut(text, ".")
		if n != x.number[i] {
			return false
		}
		if !more {
			return true
		}
		text = rest
	}
	return false
}

func (cargo) note(r Range) string { return notePre(r) }

type cargoParser struct {
	text  string
	at    int
	tests []test
}

func (p *cargoParser) comparison() error {
	start := p.at
	o := ""
	switch {
	case p.take('<'), p.take('>'):
		p.take('=')
		o = p.text[start:p.at]
	case p.take('='), p.take('~'), p.take('^'):
		o = p.text[start:p.at]
	}
	p.blanks()
	start = p.at
	x, wild, err := p.version()
	if err != nil {
		return err
	}
	if o == "" {
		if o = "^"; wild {
			o = "="
		}
	}
	for _, n := range x.number {
		if tooLarge(n) {
			return p.wrong(start, "numbers up to "+maxUint64)
		}
	}
	p.tests = append(p.tests, x.requires(o)...)
	return nil
}

// version parses a version of which numbers may be missing. With wild a star stands for one.
func (p *cargoParser) version() (x loose, wild bool, err error) {
	x.number = [3]string{"0", "0", "0"}
	for i := range x.number {
		if i > 0 {
			if !p.take('.') {
				return x, wild, nil
			}
			if p.any() {
				wild = true
				continue
			}
			if wild {
				return x, wild, p.wrong(p.at, "x, X or *, as before it")
			}
		}
		end, bad, expected := scanNumber(p.text, p.at)
		if bad >= 0 {
			return x, wild, p.wrong(bad, expected)
		}
		x.number[i] = p.text[p.at:end]
		x.given++
		p.at = end
	}
	if wild {
		return x, wild, nil
	}
	if p.take('-') {
		if x.pre, err = p.identifiers(true); err != nil {
			return x, wild, err
		}
	}
	if p.take('+') {
		_, err = p.identifiers(false)
	}
	return x, wild, err
}

// identifiers parses those of a pre-release or of a build.
func (p *cargoParser) identifiers(pre bool) (string, error) {
	end, bad, expected := scanIdentifiers(p.text, p.at, pre)
	if bad >= 0 {
		return "", p.wrong(bad, expected)
	}
	words := p.text[p.at:end]
	p.at = end
	return words, nil
}

// requires returns the tests of an operator and x.
func (x *loose) requires(o string) []test {
	v := x.text()
	if x.given == len(x.number) {
		switch o {
		case "^":
			return x.below(x.caret(), unwritten, test{op: ge, version: v})
		case "~":
			return x.below(1, unwritten, test{op: ge, version: v})
		}
		kind, _ := cutOperator(o)
		return []test{{op: kind, version: v}}
	}
	numbers := x.number[0]
	if x.given == 2 {
		numbers += "." + x.number[1]
	}
	switch o {
	case "^":
		return x.below(x.caret(), unwritten, test{op: ge, version: v + "-0", own: unwritten})
	case "<":
		return []test{{op: lt, version: v + "-0", own: unwritten}}
	case ">":
		if end := x.below(x.given-1, unwritten); len(end) > 0 {
			return []test{{op: ge, version: end[0].version, own: unwritten}}
		}
		return []test{{op: lt, version: "0.0.0-0", own: unwritten}} // nothing
	case ">=":
		return []test{{op: ge, version: v, own: numbers}}
	case "<=":
		if end := x.below(x.given-1, numbers); len(end) > 0 {
			return end
		}
		return []test{{op: ge, version: "0.0.0-0", own: numbers}}
	}
	return x.below(x.given-1, unwritten, test{op: ge, version: v, own: numbers}) // = and ~
}

// below appends to tests that the number of an index is no more than that of x, where those
// before it are the same.
func (x *loose) below(index int, own string, tests ...test) []test {
	for index >= 0 && x.number[index] == maxUint64 {
		index--
	}
	if index < 0 {
		return tests
	}
	return append(tests, test{op: lt, version: x.next(index), own: own})
}

// any takes a star or an x.
func (p *cargoParser) any() bool { return p.take('*') || p.take('x') || p.take('X') }

func (p *cargoParser) take(c byte) bool {
	if p.at == len(p.text) || p.text[p.at] != c {
		return false
	}
	p.at++
	return true
}

// blanks skips spaces, which are the only blanks of the crate.
func (p *cargoParser) blanks() {
	for p.take(' ') {
	}
}

func (p *cargoParser) wrong(at int, expected string) error {
	return invalid("cargo", p.text, at, expected)
}
