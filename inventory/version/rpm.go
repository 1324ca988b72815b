package version

import (
	"cmp"
	"strings"
)

// rpm orders [epoch:]version[-release] as rpm-version(7) says and rpm.vercmp of rpm 4.18's Lua
// does: an absent epoch is 0, an absent release is before all others, a tilde sorts
// before the end and a caret after it. Whatever is no letter, digit, tilde or caret of
// ASCII only separates. Every string but the empty one is a version.
//
// Ranges follow the matching of dependencies instead: releases are compared only if both
// sides have one, so that 2.0-1 and 2.0-2 are both "= 2.0". That is no order: 2.0-1 matches
// 2.0, and 2.0 matches 2.0-2, but 2.0-1 does not match 2.0-2.
type rpm struct{}

func (rpm) Name() string { return "rpm" }

func (rpm) Validate(v string) error {
	if v == "" {
		return invalid("rpm", v, 0, "a version")
	}
	if i := strings.IndexByte(v, 0); i >= 0 {
		return invalid("rpm", v, i, "no NUL")
	}
	return nil
}

func (s rpm) Compare(a, b string) (int, error) {
	if err := s.Validate(a); err != nil {
		return 0, err
	}
	if err := s.Validate(b); err != nil {
		return 0, err
	}
	x, y := parseRPM(a), parseRPM(b)
	c := x.compare(y)
	if c == 0 {
		if c = cmp.Compare(x.has, y.has); c == 0 {
			c = compareRPMPart(x.release, y.release)
		}
	}
	return c, nil
}

// relate is rpm.vercmp without the releases if one of the two has none.
func (rpm) relate(v, bound string) int {
	x, y := parseRPM(v), parseRPM(bound)
	c := x.compare(y)
	if c == 0 && x.has == 1 && y.has == 1 {
		c = compareRPMPart(x.release, y.release)
	}
	return c
}

// note speaks of ranges that name a version both with and without a release.
func (rpm) note(r Range) string {
	with, without := false, false
	for _, c := range r.clauses {
		for _, t := range c.tests {
			has := parseRPM(t.version).has == 1
			with, without = with || has, without || !has
		}
	}
	if with && without {
		return "some versions of the range have a release and some do not: the canonical form may differ where releases decide"
	}
	return ""
}

func (rpm) split(v string) parts {
	x := parseRPM(v)
	return parts{epoch: x.epoch, upstream: x.version, revision: x.release}
}

type rpmVersion struct {
	epoch, version, release string
	has                     int // 1 if there is a release, be it empty
}

// compare is that of epochs and versions.
func (x rpmVersion) compare(y rpmVersion) int {
	if x.epoch != y.epoch {
		if c := compareDigits(x.epoch, y.epoch); c != 0 {
			return c
		}
	}
	return compareRPMPart(x.version, y.version)
}

// parseRPM cuts after the digits at the start if a colon follows, and before the last hyphen.
func parseRPM(v string) (x rpmVersion) {
	x.version = v
	for i := range len(v) {
		if digit(v[i]) {
			continue
		}
		if v[i] == ':' {
			x.epoch, x.version = v[:i], v[i+1:]
		}
		break
	}
	for i := len(x.version) - 1; i >= 0; i-- {
		if x.version[i] == '-' {
			x.version, x.release, x.has = x.version[:i], x.version[i+1:], 1
			break
		}
	}
	return x
}

// compareRPMPart is rpmvercmp(3): runs of digits and runs of letters, in turn.
func compareRPMPart(a, b string) int {
	i, n := 0, min(len(a), len(b))
	for i < n && a[i] == b[i] {
		i++
	}
	if i == len(a) && i == len(b) {
		return 0
	}
	// The run in which they begin to differ is compared as a whole.
	if i > 0 {
		for k := rpmKind(a[i-1]); k >= rpmLetter && i > 0 && rpmKind(a[i-1]) == k; {
			i--
		}
	}
	a, b = a[i:], b[i:]
	for {
		a, b = skipRPM(a), skipRPM(b)
		x, y := rpmEnd, rpmEnd
		if a != "" {
			x = rpmKind(a[0])
		}
		if b != "" {
			y = rpmKind(b[0])
		}
		switch {
		case x != y:
			return cmp.Compare(x, y)
		case x == rpmEnd:
			return 0
		case x < rpmLetter:
			a, b = a[1:], b[1:]
			continue
		}
		var p, q string
		p, a = cutRPM(a, x)
		q, b = cutRPM(b, x)
		c := 0
		if x == rpmDigit {
			c = compareDigits(p, q)
		} else {
			c = cmp.Compare(p, q)
		}
		if c != 0 {
			return c
		}
	}
}

// The kinds of what a part is made of, in their order.
const (
	rpmSeparator = iota
	rpmTilde
	rpmEnd
	rpmCaret
	rpmLetter
	rpmDigit
)

func rpmKind(c byte) int {
	switch {
	case digit(c):
		return rpmDigit
	case letter(c):
		return rpmLetter
	case c == '~':
		return rpmTilde
	case c == '^':
		return rpmCaret
	}
	return rpmSeparator
}

func skipRPM(text string) string {
	for text != "" && rpmKind(text[0]) == rpmSeparator {
		text = text[1:]
	}
	return text
}

// cutRPM cuts a run of one kind off the start of text.
func cutRPM(text string, kind int) (run, rest string) {
	n := 0
	for n < len(text) && rpmKind(text[n]) == kind {
		n++
	}
	return text[:n], text[n:]
}
