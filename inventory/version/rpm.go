package version

import (
	"cmp"
	"strings"
)

// rpm orders [epoch:]version[-release] as rpm-version(7) says and rpm.vercmp of rpm 4.18's Lua
// does: an absent epoch is 0, an absent release is before all others, a tilde sorts
// before the end and a caret after it. Whatever is no letter, digit, tilde or caret of
// ASCII only separates, a NUL too. Every string but the empty one is a version.
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
	return nil
}

func (s rpm) Compare(a, b string) (int, error) {
	if a == "" || b == "" {
		return 0, cmpErr(s.Validate(a), s.Validate(b))
	}
	i, hyphen := common(a, b)
	if i == len(a) && i == len(b) {
		return 0, nil
	}
	// Only what differs is looked at, if the last hyphens and the epochs are where that can be.
	if !hyphen || !hyphenFrom(a, i) && !hyphenFrom(b, i) {
		if c, ok := compareRPMFrom(a, b, i); ok {
			return c, nil
		}
	}
	return parseRPM(a).compare(parseRPM(b)), nil
}

// compareRPMFrom compares two versions that are the same before i, where they are not. It is
// not ok if there is an epoch at the start of what is looked at.
func compareRPMFrom(a, b string, i int) (c int, ok bool) {
	start := i // of the number in which they begin to differ
	for start > 0 && digit(a[start-1]) {
		start--
	}
	if start == 0 && (hasEpoch(a) || hasEpoch(b)) {
		return 0, false
	}
	x, y := uint8(rpmEnd), uint8(rpmEnd)
	if i < len(a) {
		x = rpmKinds[a[i]]
	}
	if i < len(b) {
		y = rpmKinds[b[i]]
	}
	switch {
	case x == rpmLetter && y == rpmLetter:
		return int(a[i]) - int(b[i]), true
	case i > 0 && letter(a[i-1]) && (x == rpmLetter || y == rpmLetter):
		return bit(x == rpmLetter) - bit(y == rpmLetter), true // the longer word
	case x != rpmDigit && y != rpmDigit:
		return compareRPM(a[i:], b[i:], true), true
	case x == y && a[start] != '0' && b[start] != '0':
		return compareLonger(a[i:], b[i:]), true
	case x != y && start < i && a[start] != '0':
		return bit(x == rpmDigit) - bit(y == rpmDigit), true // the longer number
	}
	return compareRPM(a[start:], b[start:], true), true
}

func hasEpoch(v string) bool {
	for i := range len(v) {
		if !digit(v[i]) {
			return v[i] == ':'
		}
	}
	return false
}

// relate follows rpm.vercmp, but ignores the releases if one of the two has none.
func (rpm) relate(v, bound string) int {
	x, y := parseRPM(v), parseRPM(bound)
	if x.has != y.has {
		x.has, x.release, y.has, y.release = 0, "", 0, ""
	}
	return x.compare(y)
}

// note reports ranges that name versions both with and without a release.
func (rpm) note(r Range) string {
	if mixed(r, func(v string) bool { return parseRPM(v).has == 1 }) {
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

func (x rpmVersion) compare(y rpmVersion) int {
	if x.epoch != y.epoch {
		if c := compareDigits(x.epoch, y.epoch); c != 0 {
			return c
		}
	}
	if c := compareRPM(x.version, y.version, false); c != 0 {
		return c
	}
	if x.has != y.has {
		return x.has - y.has
	}
	return compareRPM(x.release, y.release, false)
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

// compareRPM is rpmvercmp(3): runs of digits and runs of letters, in turn. With whole the last
// hyphen of each ends a version and starts a release.
func compareRPM(a, b string, whole bool) int {
	for {
		x, i := nextRPM(a, whole)
		y, j := nextRPM(b, whole)
		switch {
		case x != y:
			return int(x) - int(y)
		case x == rpmEnd && i < len(a) && j < len(b):
			return compareRPM(a[i+1:], b[j+1:], false)
		case x == rpmEnd:
			return bit(i < len(a)) - bit(j < len(b))
		}
		a, b = a[i:], b[j:]
		if i, j = 1, 1; x < rpmLetter {
			a, b = a[i:], b[j:]
			continue
		}
		for i < len(a) && rpmKinds[a[i]] == x {
			i++
		}
		for j < len(b) && rpmKinds[b[j]] == x {
			j++
		}
		if p, q := a[:i], b[:j]; p != q {
			if x == rpmLetter {
				return cmp.Compare(p, q)
			}
			if c := compareDigits(p, q); c != 0 {
				return c
			}
		}
		a, b = a[i:], b[j:]
	}
}

// nextRPM returns the kind of what comes after separators, and where. With whole the last
// hyphen is the end.
func nextRPM(text string, whole bool) (kind uint8, at int) {
	for ; at < len(text); at++ {
		k := rpmKinds[text[at]]
		if k > rpmHyphen {
			return k, at
		}
		if k == rpmHyphen && whole && strings.IndexByte(text[at+1:], '-') < 0 {
			break
		}
	}
	return rpmEnd, at
}

// The kinds of what a part is made of. From the tilde on they are in their order.
const (
	rpmSeparator = iota
	rpmHyphen
	rpmTilde
	rpmEnd
	rpmCaret
	rpmLetter
	rpmDigit
)

// rpmKinds are the kinds of characters.
var rpmKinds = [256]uint8{
	'-': rpmHyphen, '~': rpmTilde, '^': rpmCaret,
	'0': rpmDigit, '1': rpmDigit, '2': rpmDigit, '3': rpmDigit, '4': rpmDigit,
	'5': rpmDigit, '6': rpmDigit, '7': rpmDigit, '8': rpmDigit, '9': rpmDigit,
	'A': rpmLetter, 'B': rpmLetter, 'C': rpmLetter, 'D': rpmLetter, 'E': rpmLetter,
	'F': rpmLetter, 'G': rpmLetter, 'H': rpmLetter, 'I': rpmLetter, 'J': rpmLetter,
	'K': rpmLetter, 'L': rpmLetter, 'M': rpmLetter, 'N': rpmLetter, 'O': rpmLetter,
	'P': rpmLetter, 'Q': rpmLetter, 'R': rpmLetter, 'S': rpmLetter, 'T': rpmLetter,
	'U': rpmLetter, 'V': rpmLetter, 'W': rpmLetter, 'X': rpmLetter, 'Y': rpmLetter,
	'Z': rpmLetter,
	'a': rpmLetter, 'b': rpmLetter, 'c': rpmLetter, 'd': rpmLetter, 'e': rpmLetter,
	'f': rpmLetter, 'g': rpmLetter, 'h': rpmLetter, 'i': rpmLetter, 'j': rpmLetter,
	'k': rpmLetter, 'l': rpmLetter, 'm': rpmLetter, 'n': rpmLetter, 'o': rpmLetter,
	'p': rpmLetter, 'q': rpmLetter, 'r': rpmLetter, 's': rpmLetter, 't': rpmLetter,
	'u': rpmLetter, 'v': rpmLetter, 'w': rpmLetter, 'x': rpmLetter, 'y': rpmLetter,
	'z': rpmLetter,
}
