package version

import (
	"cmp"
	"strings"
)

// generic orders the versions of software without a scheme of its own, firmware above all. It
// accepts every text of printable ASCII with a digit in it. Compare fails with [ErrInvalid] unless
// the order is plain, so that a version whose order is not known is never "up to date".
//
// Numbers between dots at the start, after a v or not, decide if they differ: 2.1.0 and v2.1.1,
// where those left out are 0, as in github.com/hashicorp/go-version. If they do not,
//   - -alpha, -beta and -rc, in this order, and other names of pre-releases (pre, preview,
//     dev, snapshot) are before the version without one;
//   - nothing orders what differs after a +, or has it and has it not;
//   - other texts, and versions that start with no number, have to be the same but for their
//     numbers, which decide one after the other: A12 and A13, P03 Ver. 02.41 and P03 Ver. 02.42,
//     v2.1.0-build.77 and v2.1.0-build.78. What is before "Ver" or "v" names a family and has to be
//     the same (U30 v2.54); a word in which letters follow digits (a hash, 68ICF, 6QCN35WW) too.
//
// A number with zeros in front may be a fraction, and one with fewer digits then says nothing:
// 1.05 and 1.1 have no order, 1.05 and 1.10 do. Nor do dates whose year comes last.
type generic struct{}

func (generic) Name() string { return "generic" }

func (generic) Validate(v string) error {
	digits := false
	for i := range len(v) {
		c := v[i]
		if c < ' ' || c >= 0x7f || c == ' ' && (i == 0 || i == len(v)-1) {
			return invalid("generic", v, i, "printable ASCII, without blanks at the ends")
		}
		digits = digits || digit(c)
	}
	if !digits {
		return invalid("generic", v, len(v), "a digit")
	}
	return nil
}

func (s generic) Compare(a, b string) (int, error) {
	if err := s.Validate(a); err != nil {
		return 0, err
	}
	if err := s.Validate(b); err != nil {
		return 0, err
	}
	x, y := parseGeneric(a), parseGeneric(b)
	if (x.numbers == "") != (y.numbers == "") || a != b && (yearLast(a) || yearLast(b)) ||
		doubtful(x.numbers, y.numbers) {
		return 0, guess(a, b, 0)
	}
	if c := compareDotted(x.numbers, y.numbers); c != 0 {
		return c, nil
	}
	c, ok := x.compareRest(y)
	if !ok {
		return 0, guess(a, b, strings.Index(b, y.rest))
	}
	return c, nil
}

func guess(a, b string, offset int) error {
	if len(a) > shown {
		a = a[:shown] + "..."
	}
	return invalid("generic", b, offset, "what is like "+a+": the order of other forms would be a guess")
}

func (generic) split(v string) parts {
	x := parseGeneric(v)
	return parts{upstream: v, prerelease: x.stage != genericRelease}
}

// The stages of a release.
const (
	genericOther = iota // a pre-release that has no place among the others
	genericAlpha
	genericBeta
	genericCandidate
	genericRelease
)

var genericStages = [...]struct {
	word  string
	stage int
}{
	{"alpha", genericAlpha}, {"beta", genericBeta}, {"rc", genericCandidate}, {"preview", genericOther},
	{"pre", genericOther}, {"dev", genericOther}, {"snapshot", genericOther},
}

type genericVersion struct {
	numbers string // at the start
	rest    string // what follows
	stage   int
	build   string // after a +
}

func parseGeneric(v string) genericVersion {
	x := genericVersion{rest: v, stage: genericRelease}
	numbers := v
	if v[0]|0x20 == 'v' {
		numbers = strings.TrimPrefix(v[1:], ".")
	}
	var n int
	if x.numbers, numbers, n = cutDotted(numbers); n == 0 {
		return x
	}
	x.rest = numbers
	if i := strings.IndexByte(x.rest, '+'); i >= 0 {
		x.rest, x.build = x.rest[:i], x.rest[i+1:]
	}
	word := strings.TrimLeft(x.rest, "-._ ")
	for _, s := range genericStages {
		if after, ok := cutFold(word, s.word); ok && (after == "" || !letter(after[0])) {
			x.stage = s.stage
			break
		}
	}
	if n == 1 && x.stage == genericRelease && numbers != "" && (letter(numbers[0]) || numbers[0] == '/') {
		return genericVersion{rest: v, stage: genericRelease} // a word, or a date
	}
	return x
}

// yearLast reports whether v is a date in which the day or the month may come first: two digits
// twice, and a year.
func yearLast(v string) bool {
	if len(v) != len("01-02-2006") || v[2] != v[5] || v[2] != '-' && v[2] != '.' {
		return false
	}
	year := v[6:8] == "19" || v[6:8] == "20"
	return year && digits(v[:2]) && digits(v[3:5]) && digits(v[6:])
}

// doubtful reports whether a and b would have another order if a number were a fraction: the number
// that decides or one before it. The first number is no fraction.
func doubtful(a, b string) bool {
	x, a := cutNumber(a)
	y, b := cutNumber(b)
	for a != "" && b != "" && compareDigits(x, y) == 0 {
		x, a = cutNumber(a)
		y, b = cutNumber(b)
		if doubtfulNumber(x, y) {
			return true
		}
	}
	return false
}

func doubtfulNumber(x, y string) bool {
	if len(x) == len(y) || x[0] != '0' && y[0] != '0' {
		return false
	}
	return compareDigits(x, y) != cmp.Compare(strings.TrimRight(x, "0"), strings.TrimRight(y, "0"))
}

// compareRest compares what follows equal numbers. It reports false if the order is not known.
func (x genericVersion) compareRest(y genericVersion) (c int, ok bool) {
	switch {
	case x.rest == y.rest:
	case x.rest == "" && y.stage != genericRelease:
		return 1, true
	case y.rest == "" && x.stage != genericRelease:
		return -1, true
	case x.stage != y.stage && min(x.stage, y.stage) > genericOther && max(x.stage, y.stage) < genericRelease:
		return cmp.Compare(x.stage, y.stage), true
	default:
		if c, ok := compareForms(x.rest, y.rest); !ok || c != 0 {
			return c, ok
		}
	}
	return 0, x.build == y.build
}

// compareForms compares the numbers of two texts that are the same but for them.
func compareForms(a, b string) (c int, ok bool) {
	for a != "" || b != "" {
		var p, q string
		p, a = cutOther(a)
		q, b = cutOther(b)
		if !equalFold(p, q) {
			return 0, false
		}
		if c != 0 && hasVer(p) {
			return 0, false // another family
		}
		dot, slash := p == ".", strings.HasSuffix(p, "/")
		p, a = cutDigits(a)
		q, b = cutDigits(b)
		if (p == "") != (q == "") {
			return 0, false
		}
		d := compareDigits(p, q)
		if d != 0 && a != "" && letter(a[0]) {
			return 0, false
		}
		if c == 0 && p != q && (slash || strings.HasPrefix(a, "/") || dot && doubtfulNumber(p, q)) {
			return 0, false
		}
		if c == 0 {
			c = d
		}
	}
	return c, true
}

// cutOther cuts what is no digit off the start of text.
func cutOther(text string) (other, rest string) {
	n := 0
	for n < len(text) && !digit(text[n]) {
		n++
	}
	return text[:n], text[n:]
}

// hasVer reports whether a text speaks of a version, or ends with the word v.
func hasVer(text string) bool {
	if n := len(text) - 1; n > 0 && text[n]|0x20 == 'v' && !letter(text[n-1]) {
		return true
	}
	for i := range len(text) {
		if _, ok := cutFold(text[i:], "ver"); ok {
			return true
		}
	}
	return false
}
