package version

import (
	"strings"
	"unicode/utf8"
)

// parseRange parses ranges like npm: alternatives between ||, each of them comparators that all
// have to hold, or two versions with a hyphen between blanks. The empty range contains every
// version. As in node-semver 7.3.5, numbers after an x do not count: x.1.2 is any version (7.8.6
// refuses that, and drops a build from 1.2+b, which 7.3.5 refuses). One star within or beside a
// full version is left out if no white space is around it.
//
// A mistake of 7.3.5 that 7.8.6 corrected is not followed: >=0?0?0 with any characters is any
// version in 7.3.5.
func (npm) parseRange(text string) ([]clause, error) {
	var clauses []clause
	whole := false
	at := 0
	for alternative := range strings.SplitSeq(text, "||") {
		p := npmParser{text: text, at: at, end: at + len(alternative)}
		if err := p.parse(); err != nil {
			return nil, err
		}
		whole = whole || len(p.tests) == 0
		clauses = append(clauses, clause{tests: p.tests})
		at += len(alternative) + len("||")
	}
	if whole { // the other alternatives, and the pre-releases that they name, do not count
		clauses = []clause{{}}
	}
	return clauses, nil
}

// match reports whether all tests hold for v. A pre-release also needs a test that names a
// pre-release of the same three numbers.
func (npm) match(c *clause, v string) (bool, error) {
	var x, y triple
	_ = parseNPM(&x, v)
	named := x.pre == ""
	for i := range c.tests {
		t := &c.tests[i]
		y = triple{}
		y.parse(t.version)
		numbers := x.compareNumbers(&y)
		order := numbers
		if order == 0 {
			order = comparePre(x.pre, y.pre, true)
		}
		if !t.op.admits(order) {
			return false, nil
		}
		named = named || (numbers == 0 && y.pre != "")
	}
	return named, nil
}

func (npm) note(r Range) string { return notePre(r) }

// An npmParser makes tests of one alternative, which is from at to end of text.
type npmParser struct {
	text    string
	at, end int
	tests   []test
}

func (p *npmParser) parse() error {
	p.blanks()
	p.end = p.at + len(strings.TrimRightFunc(p.text[p.at:p.end], spaceJS))
	if done, err := p.hyphen(); done || err != nil {
		return err
	}
	for p.at < p.end {
		if err := p.comparator(); err != nil {
			return err
		}
		p.blanks()
	}
	return nil
}

// hyphen parses "from - to" if that is what the alternative is.
func (p *npmParser) hyphen() (done bool, err error) {
	q := *p
	from, fromPrefix, fromAt := q.version()
	if !from.ok() || !q.blanks() || !q.take("-") || !q.blanks() {
		return false, nil
	}
	to, toPrefix, toAt := q.version()
	if !to.ok() || q.at < q.end {
		return false, nil
	}
	switch given := from.given(); {
	case given == 0:
	case given < 3:
		err = p.add(ge, from.text(given), fromAt)
	case fromPrefix != "" && fromPrefix != "v":
		return true, p.wrong(fromAt, "no = before a whole version")
	case fromPrefix+from.body != "0.0.0":
		err = p.add(ge, fromPrefix+from.body, fromAt)
	}
	if err != nil {
		return true, err
	}
	switch given := to.given(); {
	case given == 0:
	case given < 3:
		err = p.add(lt, to.next(given-1), toAt)
	case to.pre != "":
		err = p.add(le, to.text(3), toAt)
	case toPrefix != "" && toPrefix != "v":
		err = p.wrong(toAt, "no = before a whole version")
	default:
		err = p.add(le, toPrefix+to.body, toAt)
	}
	return true, err
}

// version reads any of v, = and blanks, and then the characters up to the next blank.
func (p *npmParser) version() (x partial, prefix string, at int) {
	start := p.at
	for p.blanks() || p.take("v") || p.take("=") {
	}
	prefix, at = p.text[start:p.at], p.at
	return parsePartial(p.word()), prefix, at
}

// comparator parses a version, or a part of one, after an operator.
func (p *npmParser) comparator() error {
	start := p.at
	o, apart := p.operator()
	prefix := p.at
	for p.take("v") || p.take("=") {
	}
	at := p.at
	x := parsePartial(p.word())
	switch {
	case x.ok():
		return p.expand(o, p.text[prefix:at], x, at)
	case o == "^" || o == "~", apart && strings.IndexByte("<>", p.text[min(prefix, p.end-1)]) >= 0:
		return p.wrong(at+x.bad, x.expected)
	}
	return p.unstar(o+p.text[prefix:p.at], start, at+x.bad, x.expected)
}

// tilde skips what may stand between a tilde and its version: "~> >= 1.2" is ~1.2.
func (p *npmParser) tilde() {
	if !p.take(">") {
		p.blanks()
		p.take(">")
	} else if p.blanks() && !p.take(">") {
		return
	}
	p.take("=")
	p.blanks()
}

// expand makes tests of an operator and a version that may have less than three numbers.
func (p *npmParser) expand(o, prefix string, x partial, at int) error {
	given := x.given()
	switch {
	case o == "^":
		return p.between(x, given, x.caret(given), at)
	case o == "~":
		return p.between(x, given, min(given-1, 1), at)
	case given == 3:
		return p.whole(o, prefix, x.body, at)
	case given == 0 && (o == "<" || o == ">"):
		return p.add(lt, "0.0.0-0", at) // nothing
	case given == 0:
		return nil
	}
	switch o {
	case ">":
		return p.add(ge, strings.TrimSuffix(x.next(given-1), "-0"), at)
	case "<=":
		return p.add(lt, x.next(given-1), at)
	case "<":
		return p.add(lt, x.text(given)+"-0", at)
	case ">=":
		if v := x.text(given); v != "0.0.0" {
			return p.add(ge, v, at)
		}
		return nil
	}
	return p.between(x, given, given-1, at)
}

// between adds the range from x to the first version whose number at an index is one more.
func (p *npmParser) between(x partial, given, index, at int) error {
	if given == 0 {
		return nil
	}
	if err := p.add(ge, x.text(given), at); err != nil {
		return err
	}
	return p.add(lt, x.next(index), at)
}

// whole compares with a full version.
func (p *npmParser) whole(o, prefix, body string, at int) error {
	if prefix != "" && prefix != "v" {
		return p.wrong(max(at-len(prefix), 0), "a version after the operator")
	}
	if o == ">=" && prefix+body == "0.0.0" {
		return nil
	}
	kind, _ := cutOperator(o)
	if kind == 0 {
		kind = eq
	}
	return p.add(kind, prefix+body, max(at-len(prefix), 0))
}

// operator parses the operator of a comparator, which may be missing. apart reports whether blanks
// stand between a comparison and its version.
func (p *npmParser) operator() (o string, apart bool) {
	switch {
	case p.take("^"):
		p.blanks()
		if p.take("=") {
			p.blanks()
		}
		return "^", false
	case p.take("~"):
		p.tilde()
		return "~", false
	case p.take("<"):
		o = "<"
	case p.take(">"):
		o = ">"
	}
	if p.take("=") {
		o += "="
		return o, p.blanks()
	}
	if o != "" {
		if apart = p.blanks(); p.take("=") {
			o += "="
		}
	}
	return o, apart
}

// unstar removes one star and the operator just before it from a comparator, as node-semver does
// with all comparators. What is left has to be a full version.
func (p *npmParser) unstar(word string, start, bad int, expected string) error {
	star := strings.IndexByte(word, '*')
	if star < 0 {
		return p.wrong(bad, expected)
	}
	head := strings.TrimSuffix(word[:star], "=")
	if n := len(head); n > 0 && (head[n-1] == '<' || head[n-1] == '>') {
		head = head[:n-1]
	}
	left := head + word[star+1:]
	body := strings.TrimLeft(left, "<>=v")
	var x triple
	if wrong, _ := x.parse(body); wrong >= 0 {
		return p.wrong(bad, expected)
	}
	o := strings.TrimSuffix(left[:len(left)-len(body)], "v")
	switch o {
	case "", "=", "<", "<=", ">", ">=":
		return p.whole(o, left[len(o):len(left)-len(body)], body, start)
	}
	return p.wrong(bad, expected)
}

// add appends a test with a version that stands at a byte of the text.
func (p *npmParser) add(o op, v string, at int) error {
	var x triple
	if err := parseNPM(&x, v); err != nil {
		return p.wrong(min(at, p.end), "a version of at most 256 characters and numbers below "+npmNumber)
	}
	p.tests = append(p.tests, test{op: o, version: x.text()})
	return nil
}

func (p *npmParser) wrong(at int, expected string) error {
	return invalid("npm", p.text, at, expected)
}

// blanks skips white space and reports whether there was any.
func (p *npmParser) blanks() bool {
	start := p.at
	for p.at < p.end {
		r, n := utf8.DecodeRuneInString(p.text[p.at:p.end])
		if !spaceJS(r) {
			break
		}
		p.at += n
	}
	return p.at > start
}

// take skips a word if it is the next.
func (p *npmParser) take(word string) bool {
	if !strings.HasPrefix(p.text[p.at:p.end], word) {
		return false
	}
	p.at += len(word)
	return true
}

// word reads up to the next white space.
func (p *npmParser) word() string {
	text := p.text[p.at:p.end]
	if n := strings.IndexFunc(text, spaceJS); n >= 0 {
		text = text[:n]
	}
	p.at += len(text)
	return text
}

// A partial is a version of which numbers may be missing, or be an x, X or star.
type partial struct {
	triple
	body     string // as written
	bad      int    // offset of what is not understood, else negative
	expected string
}

// parsePartial parses all of body.
func parsePartial(body string) partial {
	x := partial{body: body, bad: -1}
	at := 0
	for i := range x.number {
		if i > 0 {
			if at == len(body) {
				return x
			}
			if body[at] != '.' {
				x.bad, x.expected = at, "a dot, or the end of the version"
				return x
			}
			at++
		}
		if at < len(body) && strings.IndexByte("xX*", body[at]) >= 0 {
			at++
			continue
		}
		end, bad, expected := scanNumber(body, at)
		if bad >= 0 {
			x.bad, x.expected = bad, expected+", x or *"
			return x
		}
		x.number[i] = body[at:end]
		at = end
	}
	x.bad, x.expected = x.parseTail(body, at)
	return x
}

func (x *partial) ok() bool { return x.bad < 0 }

// given returns how many numbers come before the first missing one.
func (x *partial) given() int {
	n := 0
	for n < len(x.number) && x.number[n] != "" {
		n++
	}
	return n
}

// text returns the first version with the given numbers.
func (x *partial) text(given int) string {
	y := triple{number: [3]string{"0", "0", "0"}}
	copy(y.number[:given], x.number[:])
	if given == len(y.number) {
		y.pre = x.pre
	}
	return y.text()
}

// next returns the bound before the first version whose number at an index is one more.
func (x *partial) next(index int) string {
	y := triple{number: [3]string{"0", "0", "0"}, pre: "0"}
	copy(y.number[:index], x.number[:])
	y.number[index] = plusOne(x.number[index])
	return y.text()
}

// caret returns the index of the number that ^ does not allow to change: the first one that is not
// 0, or the last one given.
func (x *partial) caret(given int) int {
	i := 0
	for i < given-1 && x.number[i] == "0" {
		i++
	}
	return i
}
