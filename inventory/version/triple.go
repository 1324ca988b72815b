package version

import (
	"cmp"
	"strconv"
)

// A triple is a version of Semantic Versioning 2.0.0: MAJOR.MINOR.PATCH[-pre][+build].
type triple struct {
	number     [3]string // digits; none but 0 itself begins with a 0
	pre, build string
}

// parse parses the whole text. If that fails, bad is the offset of the first byte that is not
// allowed, and expected says what is allowed there. Else bad is negative.
func (x *triple) parse(text string) (bad int, expected string) {
	at := 0
	for i := range x.number {
		if i > 0 {
			if at == len(text) || text[at] != '.' {
				return at, "a dot and one more of three numbers"
			}
			at++
		}
		end, bad, expected := scanNumber(text, at)
		if bad >= 0 {
			return bad, expected
		}
		x.number[i] = text[at:end]
		at = end
	}
	return x.parseTail(text, at)
}

// scanNumber finds the end of the number that starts at a byte of text.
func scanNumber(text string, at int) (end, bad int, expected string) {
	end = at
	for end < len(text) && digit(text[end]) {
		end++
	}
	switch {
	case end == at:
		return end, at, "a number"
	case text[at] == '0' && end-at > 1:
		return end, at + 1, "no digit after a 0 that begins a number"
	}
	return end, -1, ""
}

// parseTail parses what follows the numbers of text.
func (x *triple) parseTail(text string, at int) (bad int, expected string) {
	if at < len(text) && text[at] == '-' {
		end, bad, expected := scanIdentifiers(text, at+1, true)
		if bad >= 0 {
			return bad, expected
		}
		x.pre = text[at+1 : end]
		at = end
	}
	if at < len(text) && text[at] == '+' {
		end, bad, expected := scanIdentifiers(text, at+1, false)
		if bad >= 0 {
			return bad, expected
		}
		x.build = text[at+1 : end]
		at = end
	}
	if at < len(text) {
		return at, "a hyphen and a pre-release, a plus sign and a build, or the end"
	}
	return -1, ""
}

// scanIdentifiers finds the end of identifiers that are separated by dots. In a pre-release
// a number must not begin with a 0.
func scanIdentifiers(text string, at int, pre bool) (end, bad int, expected string) {
	start := at
	for kinds := uint8(0); ; at++ {
		if at < len(text) {
			if k := identifierKinds[text[at]]; k != 0 {
				kinds |= k
				continue
			}
		}
		if at == start {
			return at, at, "an identifier of letters, digits and hyphens"
		}
		if pre && kinds == identifierDigit && text[start] == '0' && at-start > 1 {
			return at, start + 1, "no digit after a 0 that begins a number"
		}
		if at == len(text) || text[at] != '.' {
			return at, -1, ""
		}
		start, kinds = at+1, 0
	}
}

const (
	identifierDigit = 1 << iota
	identifierOther // a letter or a hyphen
)

// identifierKinds are the kinds of characters that an identifier may have.
var identifierKinds = [256]uint8{
	'-': identifierOther,
	'0': identifierDigit, '1': identifierDigit, '2': identifierDigit, '3': identifierDigit, '4': identifierDigit,
	'5': identifierDigit, '6': identifierDigit, '7': identifierDigit, '8': identifierDigit, '9': identifierDigit,
	'A': identifierOther, 'B': identifierOther, 'C': identifierOther, 'D': identifierOther, 'E': identifierOther,
	'F': identifierOther, 'G': identifierOther, 'H': identifierOther, 'I': identifierOther, 'J': identifierOther,
	'K': identifierOther, 'L': identifierOther, 'M': identifierOther, 'N': identifierOther, 'O': identifierOther,
	'P': identifierOther, 'Q': identifierOther, 'R': identifierOther, 'S': identifierOther, 'T': identifierOther,
	'U': identifierOther, 'V': identifierOther, 'W': identifierOther, 'X': identifierOther, 'Y': identifierOther,
	'Z': identifierOther,
	'a': identifierOther, 'b': identifierOther, 'c': identifierOther, 'd': identifierOther, 'e': identifierOther,
	'f': identifierOther, 'g': identifierOther, 'h': identifierOther, 'i': identifierOther, 'j': identifierOther,
	'k': identifierOther, 'l': identifierOther, 'm': identifierOther, 'n': identifierOther, 'o': identifierOther,
	'p': identifierOther, 'q': identifierOther, 'r': identifierOther, 's': identifierOther, 't': identifierOther,
	'u': identifierOther, 'v': identifierOther, 'w': identifierOther, 'x': identifierOther, 'y': identifierOther,
	'z': identifierOther,
}

// compare is the precedence of rule 11 of the specification: build metadata does not count.
func (x *triple) compare(y *triple) int {
	if c := x.compareNumbers(y); c != 0 {
		return c
	}
	return comparePre(x.pre, y.pre, false)
}

func (x *triple) compareNumbers(y *triple) int {
	for i := range x.number {
		if c := compareNatural(x.number[i], y.number[i]); c != 0 {
			return c
		}
	}
	return 0
}

// compareNatural compares two numbers of any length without leading zeros.
func compareNatural(a, b string) int {
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return cmp.Compare(a, b)
}

// comparePre compares two pre-releases. A version without one is later than one with any. If
// doubles is set, numbers are those of JavaScript, and two that round to the same end the
// comparison.
func comparePre(a, b string, doubles bool) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	for {
		var x, y string
		x, a = cutIdentifier(a)
		y, b = cutIdentifier(b)
		if x != y {
			return compareIdentifiers(x, y, doubles)
		}
		switch {
		case a == "" && b == "":
			return 0
		case a == "":
			return -1
		case b == "":
			return 1
		}
	}
}

// cutIdentifier cuts the first identifier off pre.
func cutIdentifier(pre string) (id, rest string) {
	for i := range len(pre) {
		if pre[i] == '.' {
			return pre[:i], pre[i+1:]
		}
	}
	return pre, ""
}

// compareIdentifiers compares numbers by their value and words as ASCII. Numbers are before words.
func compareIdentifiers(a, b string, doubles bool) int {
	switch x, y := digits(a), digits(b); {
	case x && y && doubles && len(a) > 15 && len(b) > 15:
		n, _ := strconv.ParseFloat(a, 64)
		m, _ := strconv.ParseFloat(b, 64)
		return cmp.Compare(n, m)
	case x && y:
		return compareNatural(a, b)
	case x:
		return -1
	case y:
		return 1
	}
	return cmp.Compare(a, b)
}

// digits reports whether id, which is not empty, has only digits.
func digits(id string) bool {
	for i := range len(id) {
		if !digit(id[i]) {
			return false
		}
	}
	return true
}

// text returns the version without its build.
func (x *triple) text() string {
	v := x.number[0] + "." + x.number[1] + "." + x.number[2]
	if x.pre != "" {
		v += "-" + x.pre
	}
	return v
}
