package version

import (
	"cmp"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nuget orders versions as NuGetVersion of NuGet.Versioning does: one to four numbers up to
// 2147483647, then a pre-release and build metadata as in Semantic Versioning 2.0.0. Those left out
// are 0, and zeros before numbers do not count: 1.0, 1.0.0.0 and 01.0 are equal. White space may be
// around numbers.
//
// Build metadata does not count, nor does the case of letters. Labels of a pre-release are numbers
// as far as an int32 goes, -1 among them; beyond that they are compared as words: 1.0.0-99999999999
// is after 1.0.0-2 and 1.0.0-2147483647, and before 1.0.0-9a.
type nuget struct{}

func (nuget) Name() string { return "nuget" }

func (nuget) Validate(v string) error {
	var x nugetVersion
	return x.parse(v)
}

func (nuget) Compare(a, b string) (int, error) {
	var x, y nugetVersion
	if err := x.parse(a); err != nil {
		return 0, err
	}
	if err := y.parse(b); err != nil {
		return 0, err
	}
	return x.compare(&y), nil
}

func (nuget) split(v string) parts {
	var x nugetVersion
	_ = x.parse(v)
	return parts{upstream: strings.TrimSpace(v), prerelease: x.pre != ""}
}

type nugetVersion struct {
	number [4]int32
	pre    string
}

func (x *nugetVersion) parse(v string) error {
	at, end := 0, len(v)
	if end > 0 && (!plain(v[0]) || !plain(v[end-1])) {
		at = len(v) - len(strings.TrimLeftFunc(v, unicode.IsSpace))
		end = at + len(strings.TrimRightFunc(v[at:], unicode.IsSpace))
	}
	for i := range x.number {
		if i > 0 {
			if at == end || v[at] != '.' {
				break
			}
			at++
		}
		at = skipSpace(v[:end], at)
		n, next := cutInt32(v[:end], at)
		if n < 0 {
			return invalid("nuget", v, next, "a number up to 2147483647")
		}
		x.number[i] = int32(n)
		at = skipSpace(v[:end], next)
	}
	var tail triple
	if bad, expected := tail.parseTail(v[:end], at); bad >= 0 {
		return invalid("nuget", v, bad, expected)
	}
	x.pre = tail.pre
	return nil
}

// cutInt32 reads the number at a byte of text. It is negative if there is none, or it is too
// large, and next is where that shows.
func cutInt32(text string, at int) (n int64, next int) {
	start := at
	for at < len(text) && digit(text[at]) {
		if n = n*10 + int64(text[at]-'0'); n > math.MaxInt32 {
			return -1, start
		}
		at++
	}
	if at == start {
		return -1, at
	}
	return n, at
}

// skipSpace skips white space of Unicode.
func skipSpace(text string, at int) int {
	for at < len(text) && !plain(text[at]) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsSpace(r) {
			break
		}
		at += n
	}
	return at
}

func (x *nugetVersion) compare(y *nugetVersion) int {
	for i := range x.number {
		if x.number[i] != y.number[i] {
			return cmp.Compare(x.number[i], y.number[i])
		}
	}
	a, b := x.pre, y.pre
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	for a != "" && b != "" {
		var p, q string
		p, a = cutIdentifier(a)
		q, b = cutIdentifier(b)
		if c := compareLabels(p, q); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// compareLabels compares numbers as such, words without regard to case, and numbers before words.
func compareLabels(a, b string) int {
	n, number := parseLabel(a)
	m, other := parseLabel(b)
	switch {
	case number && other:
		return cmp.Compare(n, m)
	case number:
		return -1
	case other:
		return 1
	}
	for i := 0; i < len(a) && i < len(b); i++ {
		if c := cmp.Compare(toUpper(a[i]), toUpper(b[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func toUpper(c byte) byte {
	if lower(c) {
		c -= 'a' - 'A'
	}
	return c
}

// parseLabel parses an int32, which may have a minus before it.
func parseLabel(label string) (n int64, ok bool) {
	digits := strings.TrimPrefix(label, "-")
	if digits == "" {
		return 0, false
	}
	limit := int64(math.MaxInt32)
	if len(digits) < len(label) {
		limit++
	}
	for i := range len(digits) {
		if !digit(digits[i]) {
			return 0, false
		}
		if n = n*10 + int64(digits[i]-'0'); n > limit {
			return 0, false
		}
	}
	if len(digits) < len(label) {
		n = -n
	}
	return n, true
}
