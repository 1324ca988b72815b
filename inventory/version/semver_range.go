package version

import (
	"strings"
)

// parseRange parses the constraints of github.com/Masterminds/semver 3.5.0: comparisons
// separated by blanks or commas where all have to hold, and by || between alternatives; two
// versions with a hyphen between blanks; ~ and ^, and x, X or * for a number. It is not quite what
// npm does: <=1.2 has 1.2.9, but < 2 and >= 1 are of 2.0.0 and 1.0.0; ^* and <=* have no more than
// 0.0.0 and 0.0.x; zeros before numbers do not count; the empty text is refused.
//
// Pre-releases are in an alternative if any of its comparisons has one, whichever it is, and
// then those of all versions are.
//
// A text has at most 512 bytes and 32 alternatives, and a number in it is below 2^64.
func (semver) parseRange(text string) ([]clause, error) {
	const length, alternatives = 512, 32
	if len(text) > length {
		return nil, invalid("semver", text, length, "at most 512 bytes")
	}
	p := mastermind{text: text, plain: rewriteHyphens(text)}
	var clauses []clause
	for alternative := range strings.SplitSeq(p.plain, "||") {
		if len(clauses) == alternatives {
			return nil, p.wrong(p.at, "at most 32 alternatives")
		}
		p.end = p.at + len(alternative)
		c, err := p.clause()
		if err != nil {
			return nil, err
		}
		clauses = append(clauses, c)
		p.at = p.end + len("||")
	}
	return clauses, nil
}

// match leaves pre-releases out unless the clause has one.
func (semver) match(c *clause, v string) (bool, error) {
	var x, y triple
	x.parse(v)
	if x.pre != "" && !c.pre {
		return false, nil
	}
	for i := range c.tests {
		t := &c.tests[i]
		y = triple{}
		y.parse(t.version)
		if t.own != "" { // != 1.2, where pre-releases count
			if x.number[0] == y.number[0] && x.number[1] == y.number[1] && comparePre(x.pre, y.pre, false) == 0 {
				return false, nil
			}
			continue
		}
		if t.op == out {
			if x.compare(&y) >= 0 && x.before(t.until) {
				return false, nil
			}
			continue
		}
		if !t.op.admits(x.compare(&y)) {
			return false, nil
		}
	}
	return true, nil
}

func (x *triple) before(v string) bool {
	var y triple
	y.parse(v)
	return x.compare(&y) < 0
}

func (semver) note(r Range) string {
	for _, c := range r.clauses {
		for _, t := range c.tests {
			if t.own != "" {
				return "its canonical form also contains versions of the minor version of " + t.version +
					", which != does not"
			}
		}
	}
	return notePre(r)
}

// A mastermind makes clauses of a text in which no hyphen is between versions any more.
type mastermind struct {
	text    string // as it was given, for errors
	plain   string
	at, end int // of the alternative in plain
}

func (p *mastermind) clause() (clause, error) {
	var c clause
	for {
		p.blanks()
		if err := p.comparison(&c); err != nil {
			return c, err
		}
		space := p.blanks()
		if p.at == p.end {
			break
		}
		if p.plain[p.at] == ',' {
			p.at++
		} else if !space {
			return c, p.wrong(p.at, "a blank or a comma")
		}
	}
	for i := range c.tests {
		if c.pre && c.tests[i].own != "" {
			c.tests[i].op = ne // pre-releases of that minor version are in
		} else {
			c.tests[i].own = ""
		}
	}
	return c, nil
}

// comparison parses one comparison and appends its tests to c.
func (p *mastermind) comparison(c *clause) error {
	start := p.at
	for p.at < p.end && strings.IndexByte("=!<>~^", p.plain[p.at]) >= 0 {
		p.at++
	}
	o := p.plain[start:p.at]
	switch o {
	case "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^":
	default:
		return p.wrong(start, "one of = != > < >= => <= =< ~ ~> ^")
	}
	p.blanks()
	start = p.at
	n := scanLoose(p.plain[p.at:p.end])
	if n == 0 {
		return p.wrong(start, "a version, or a part of one such as 1.2 or 1.x")
	}
	p.at += n
	x, ok := parseLoose(p.plain[start:p.at])
	if !ok {
		return p.wrong(start, "numbers below 2^64, and a pre-release without numbers that begin with a 0")
	}
	if x.pre != "" {
		c.pre = true
	}
	c.tests = append(c.tests, x.tests(o)...)
	return nil
}

func (p *mastermind) wrong(at int, expected string) error {
	if p.plain != p.text {
		at = min(at, len(p.text)) // near enough
	}
	return invalid("semver", p.text, at, expected)
}

func (p *mastermind) blanks() bool {
	start := p.at
	for p.at < p.end && spaceGo(p.plain[p.at]) {
		p.at++
	}
	return p.at > start
}

// spaceGo is the white space that \s matches in regular expressions of Go.
func spaceGo(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\v' }

// A loose is a version of which the numbers from an index on may be any.
type loose struct {
	triple
	given int // numbers before the first that is any
}

// tests returns the tests of an operator and x.
func (x *loose) tests(o string) []test {
	v := x.text()
	switch o {
	case "", "=":
		if x.given == 3 {
			return []test{{op: eq, version: v}}
		}
		return x.tilde(v)
	case "~", "~>":
		return x.tilde(v)
	case "^":
		return []test{{op: ge, version: v}, {op: lt, version: x.next(x.caret())}}
	case "!=":
		return x.not(v)
	case "<":
		return []test{{op: lt, version: v}}
	case ">=", "=>":
		return []test{{op: ge, version: v}}
	case ">":
		if x.given == 1 || x.given == 2 {
			return []test{{op: ge, version: x.next(x.given - 1)}}
		}
		return []test{{op: gt, version: v}}
	}
	if x.given == 3 { // <=
		return []test{{op: le, version: v}}
	}
	index := x.given - 1
	if x.given == 0 {
		index = 1 // the tool takes it for 0.0
	}
	return []test{{op: lt, version: x.next(index)}}
}

// tilde is up to the next minor version, or major if no minor is given. Of 0.0.0 and of any
// it is all that is not before.
func (x *loose) tilde(v string) []test {
	from := test{op: ge, version: v}
	if x.number == [3]string{"0", "0", "0"} && (x.given == 0 || x.given == 3) {
		return []test{from}
	}
	return []test{from, {op: lt, version: x.next(min(x.given-1, 1))}}
}

// caret returns the index of the number that may not change.
func (x *loose) caret() int {
	switch {
	case x.given == 1 || x.number[0] != "0":
		return 0
	case x.given == 2 || x.number[1] != "0":
		return 1
	}
	return 2
}

func (x *loose) not(v string) []test {
	switch x.given {
	case 1:
		return []test{{op: out, version: x.number[0] + ".0.0-0", until: x.next(0)}}
	case 2:
		return []test{{op: out, version: v, until: x.next(1), own: "minor"}}
	}
	return []test{{op: ne, version: v}}
}

// next returns the bound before the first version whose number at an index is one more.
func (x *loose) next(index int) string {
	y := triple{number: [3]string{"0", "0", "0"}, pre: "0"}
	copy(y.number[:index], x.number[:])
	y.number[index] = plusOne(x.number[index])
	return y.text()
}

// parseLoose parses a version that scanLoose found.
func parseLoose(text string) (x loose, ok bool) {
	const longest = 256
	text = strings.TrimPrefix(text, "v")
	text, _, _ = strings.Cut(text, "+")
	text, x.pre, _ = strings.Cut(text, "-")
	x.number = [3]string{"0", "0", "0"}
	if x.pre != "" {
		if _, bad, _ := scanIdentifiers(x.pre, 0, true); bad >= 0 {
			return x, false
		}
	}
	for part := range strings.SplitSeq(text, ".") {
		if part == "x" || part == "X" || part == "*" {
			break
		}
		if !digits(part) {
			return x, false
		}
		n := trimZeros(part)
		if n == "" {
			n = "0"
		}
		if tooLarge(n) {
			return x, false
		}
		x.number[x.given] = n
		x.given++
	}
	return x, len(text)+len(x.pre) < longest
}

// scanLoose returns the length of the version at the start of text, whose numbers may be missing or
// be x, X or *. It returns 0 if there is none.
func scanLoose(text string) int {
	at := len(text) - len(strings.TrimPrefix(text, "v"))
	end := at
	for i := range 3 {
		if i > 0 {
			if end == len(text) || text[end] != '.' {
				break
			}
			at = end + 1
		}
		n := at
		for n < len(text) && (digit(text[n]) || strings.IndexByte("xX*|", text[n]) >= 0) {
			n++
		}
		if n == at {
			if i == 0 {
				return 0
			}
			break
		}
		end = n
	}
	for _, mark := range [...]byte{'-', '+'} {
		if end < len(text) && text[end] == mark {
			end = scanWords(text, end)
		}
	}
	return end
}

// scanWords is where the identifiers after the mark at a byte of text end.
func scanWords(text string, mark int) int {
	end := mark
	for at := mark + 1; ; at++ {
		start := at
		for at < len(text) && (digit(text[at]) || letter(text[at]) || text[at] == '-') {
			at++
		}
		if at == start {
			return end
		}
		end = at
		if at == len(text) || text[at] != '.' {
			return end
		}
	}
}

// rewriteHyphens makes ">= a, <= b " of each "a - b", as Masterminds does.
func rewriteHyphens(text string) string {
	rewritten := text
	for at := 0; ; {
		start, from, to, end := findHyphen(text, at)
		if start < 0 {
			return rewritten
		}
		rewritten = strings.Replace(rewritten, text[start:end], ">= "+from+", <= "+to+" ", 1)
		at = end
	}
}

// findHyphen finds the first "a - b" at or after a byte of text, with the blanks around it.
func findHyphen(text string, at int) (start int, from, to string, end int) {
	for hyphen := at; hyphen < len(text); hyphen++ {
		if text[hyphen] != '-' {
			continue
		}
		left := strings.TrimRightFunc(text[at:hyphen], spaceRune)
		right := strings.TrimLeftFunc(text[hyphen+1:], spaceRune)
		n := scanLoose(right)
		if at+len(left) == hyphen || len(right) == len(text)-hyphen-1 || n == 0 {
			continue
		}
		word := left[strings.LastIndexFunc(left, spaceRune)+1:]
		for word != "" && scanLoose(word) < len(word) {
			word = word[1:]
		}
		if word == "" {
			continue
		}
		left = strings.TrimRightFunc(left[:len(left)-len(word)], spaceRune)
		rest := strings.TrimLeftFunc(right[n:], spaceRune)
		return at + len(left), word, right[:n], len(text) - len(rest)
	}
	return -1, "", "", 0
}

func spaceRune(r rune) bool { return r < 0x80 && spaceGo(byte(r)) }
