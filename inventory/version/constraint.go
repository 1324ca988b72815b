package version

import "strings"

// operators are the operators of comparisons. The first one that fits counts.
var operators = [...]struct {
	text string
	op   op
}{
	{"==", eq}, {"!=", ne}, {"<=", le}, {">=", ge}, {"<<", lt}, {">>", gt}, {"=", eq}, {"<", lt}, {">", gt},
}

// cutOperator cuts an operator off the start of text. The op is 0 if there is none.
func cutOperator(text string) (op, string) {
	for _, o := range operators {
		if rest, ok := strings.CutPrefix(text, o.text); ok {
			return o.op, rest
		}
	}
	return 0, text
}

// parseConstraints parses the comparisons that [ParseRange] describes.
func parseConstraints(s Scheme, text string) ([]clause, error) {
	p := constraints{scheme: s, text: text}
	switch s.Name() {
	case "deb":
		p.doubled = true
	case "opkg":
		p.doubled, p.lax = true, true
	case "rpm", "alpm":
		p.lax = true
	}
	return p.parse()
}

// constraints is a parser of comparisons.
type constraints struct {
	scheme      Scheme
	text        string
	doubled     bool   // << and >> are operators
	pessimistic bool   // ~> is an operator
	lax         bool   // the scheme accepts blanks in versions, though no real version has them
	last        string // the version of the last comparison
}

func (p *constraints) parse() ([]clause, error) {
	var clauses []clause
	start := 0
	for alternative := range strings.SplitSeq(p.text, "||") {
		var c clause
		at := start
		for part := range strings.SplitSeq(alternative, ",") {
			t, all, err := p.comparison(at, part)
			if err != nil {
				return nil, err
			}
			if !all {
				c.tests = append(c.tests, t)
			}
			at += len(part) + len(",")
		}
		clauses = append(clauses, c)
		start += len(alternative) + len("||")
	}
	return clauses, nil
}

// comparison parses part, which starts at the byte at of the text. all reports that part is "*".
func (p *constraints) comparison(at int, part string) (t test, all bool, err error) {
	const space = " \t"
	rest := strings.TrimLeft(part, space)
	at += len(part) - len(rest)
	rest = strings.TrimRight(rest, space)
	if rest == "*" {
		return test{}, true, nil
	}
	o, v := cutOperator(rest)
	if after, ok := strings.CutPrefix(rest, "~>"); ok && p.pessimistic {
		o, v = in, after
	}
	if !p.doubled && (strings.HasPrefix(rest, "<<") || strings.HasPrefix(rest, ">>")) {
		return test{}, false, invalid(p.scheme.Name(), p.text, at, "one of = == != < <= > >=")
	}
	at += len(rest) - len(v)
	rest = strings.TrimLeft(v, space)
	at += len(v) - len(rest)
	if rest == "" {
		return test{}, false, invalid(p.scheme.Name(), p.text, at, "a version")
	}
	if i, expected := p.misread(rest); i >= 0 {
		return test{}, false, invalid(p.scheme.Name(), p.text, at+i, expected)
	}
	if o == 0 {
		o = eq
	}
	if err := p.comparable(rest); err != nil {
		return test{}, false, within(err, p.text, at)
	}
	return test{op: o, version: rest}, false, nil
}

// misread returns the offset where v looks like a range in another form, and what is expected
// there. Many schemes would accept such a text as a version: =<1.2, ^1.2, [1.0,2.0), 1.*, 1 - 2,
// >=1|<2, and >=1 <2 of rpm. It returns a negative offset if v looks like a version. A VERS
// specifier can name all versions.
func (p *constraints) misread(v string) (at int, expected string) {
	if strings.IndexByte("([{~^'\"", v[0]) >= 0 {
		return 0, "a version, or one of = == != < <= > >="
	}
	if i := strings.IndexAny(v, "<>=!*|"); i >= 0 {
		return i, "no operator within a version, but a comma or || before it"
	}
	if i := strings.Index(v, " - "); i >= 0 {
		return i, "a comma or || after the version, not a hyphen"
	}
	if i := strings.IndexAny(v, " \t\n\v\f\r"); p.lax && i >= 0 {
		return i, "a comma or || after the version"
	}
	return -1, ""
}

// comparable returns an error if v is not valid or has no known order with the version before it.
// To compare it with all versions before it would take the square of the length of the text.
func (p *constraints) comparable(v string) error {
	if err := p.scheme.Validate(v); err != nil {
		return err
	}
	last := p.last
	if p.last = v; last == "" {
		return nil
	}
	_, err := p.scheme.Compare(last, v)
	return err
}
