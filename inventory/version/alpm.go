package version

import (
	"cmp"
	"strings"
)

// alpm orders [epoch:]pkgver[-pkgrel] as vercmp(8) of pacman 6.0 does. Every string but the
// empty one is a version. Letters at the end are before the end, 1.0rc1 before 1.0; the
// number of separators counts, 1..0 is after 1.0.
//
// Two versions of which one has a pkgrel and the other has none are equal if all else is, and
// separators at the end of a pkgver or a pkgrel make a circle: x.a is before x., x. before x1, and
// x1 before x.a. So the comparison of vercmp is an order only among versions that all have a
// pkgrel, or all have none, and do not end in a separator, as those of Arch Linux do not.
type alpm struct{}

func (alpm) Name() string { return "alpm" }

func (alpm) Validate(v string) error {
	if v == "" {
		return invalid("alpm", v, 0, "a version")
	}
	if i := strings.IndexByte(v, 0); i >= 0 {
		return invalid("alpm", v, i, "no NUL")
	}
	return nil
}

func (s alpm) Compare(a, b string) (int, error) {
	if err := s.Validate(a); err != nil {
		return 0, err
	}
	if err := s.Validate(b); err != nil {
		return 0, err
	}
	x, y := parseRPM(a), parseRPM(b)
	if x.epoch != y.epoch {
		if c := compareDigits(x.epoch, y.epoch); c != 0 {
			return c, nil
		}
	}
	c := compareALPMPart(x.version, y.version)
	if c == 0 && x.has == 1 && y.has == 1 {
		c = compareALPMPart(x.release, y.release)
	}
	return c, nil
}

func (alpm) split(v string) parts { return rpm{}.split(v) }

// compareALPMPart compares two versions or two releases: runs of digits and runs of
// letters, in turn, with what separates them.
func compareALPMPart(a, b string) int {
	for a != "" && b != "" {
		p, q := skipSeparators(a), skipSeparators(b)
		skipped := cmp.Compare(len(a)-len(p), len(b)-len(q))
		a, b = p, q
		if a == "" || b == "" {
			break
		}
		if skipped != 0 {
			return skipped
		}
		if x, y := digit(a[0]), digit(b[0]); x != y {
			return bit(x) - bit(y)
		}
		c := 0
		if digit(a[0]) {
			p, a = cutDigits(a)
			q, b = cutDigits(b)
			c = compareDigits(p, q)
		} else {
			p, a = cutLetters(a)
			q, b = cutLetters(b)
			c = cmp.Compare(p, q)
		}
		if c != 0 {
			return c
		}
	}
	switch {
	case a == "" && b == "":
		return 0
	case a == "" && !letter(b[0]), a != "" && letter(a[0]):
		return -1
	}
	return 1
}

func skipSeparators(text string) string {
	for text != "" && !digit(text[0]) && !letter(text[0]) {
		text = text[1:]
	}
	return text
}

// cutLetters cuts the ASCII letters off the start of text.
func cutLetters(text string) (letters, rest string) {
	n := 0
	for n < len(text) && letter(text[n]) {
		n++
	}
	return text[:n], text[n:]
}
