package version

import "cmp"

// apk orders Alpine's versions, digits{.digits}{letter}{_suffix{digits}}{~hash}{-r digits}, as
// apk version --test of apk-tools 3.0 does, and takes what apk version --check takes
// (apk-package(5)). After the first one, a number that starts with 0 is compared as text, as a
// fraction would be. Numbers wrap at 2^64, as those of apk do.
type apk struct{}

func (apk) Name() string { return "apk" }

func (apk) Validate(v string) error {
	t := apkToken{rest: v}
	for t.first(); t.kind < apkEnd; {
		t.next()
	}
	return t.err(v)
}

func (apk) Compare(a, b string) (int, error) {
	x, y := apkToken{rest: a}, apkToken{rest: b}
	x.first()
	y.first()
	c := 0
	for c == 0 && x.kind == y.kind && x.kind < apkEnd {
		if c = x.compare(&y); c == 0 {
			x.next()
			y.next()
		}
	}
	if c == 0 {
		c = cmp.Compare(x.place(), y.place())
	}
	for x.kind < apkEnd {
		x.next()
	}
	for y.kind < apkEnd {
		y.next()
	}
	if x.kind == apkInvalid {
		return 0, x.err(a)
	}
	return c, y.err(b)
}

func (apk) split(v string) parts {
	p := parts{upstream: v}
	t := apkToken{rest: v}
	for t.first(); t.kind < apkEnd; {
		before := t.rest
		t.next()
		switch {
		case t.kind == apkRevision:
			p.upstream, p.revision = v[:len(v)-len(before)], before[1:]
		case t.kind == apkSuffix && t.number < apkNone:
			p.prerelease = true
		}
	}
	return p
}

// The kinds of parts, in the order in which a version has them.
const (
	apkFirst = iota
	apkNumber
	apkLetter
	apkSuffix
	apkSuffixNumber
	apkHash
	apkRevision
	apkEnd
	apkInvalid
)

// apkSuffixes are in their order; those before the empty one are of pre-releases.
var apkSuffixes = [...]string{"alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"}

const apkNone = 4

// An apkToken is a part of a version, and what comes after it.
type apkToken struct {
	kind   int
	text   string // of a number, a hash
	number uint64 // the value of a number or a letter, the place of a suffix
	rest   string
}

func (t *apkToken) err(v string) error {
	if t.kind != apkInvalid {
		return nil
	}
	return invalid("apk", v, len(v)-len(t.rest), t.text)
}

// compare compares parts of the same kind.
func (t *apkToken) compare(u *apkToken) int {
	if t.kind == apkHash || t.kind == apkNumber && (t.text[0] == '0' || u.text[0] == '0') {
		return cmp.Compare(t.text, u.text)
	}
	return cmp.Compare(t.number, u.number)
}

// place is that among the parts that may be in one place: a suffix of a pre-release
// is before the end, the others are after it.
func (t *apkToken) place() int {
	if t.kind == apkSuffix && t.number < apkNone {
		return -apkInvalid
	}
	return -t.kind
}

func (t *apkToken) first() {
	t.kind = apkFirst
	t.digits()
}

// digits takes a number off the rest.
func (t *apkToken) digits() {
	t.text, t.rest = cutDigits(t.rest)
	if t.text == "" {
		t.kind, t.text = apkInvalid, "a digit"
		return
	}
	t.number = 0
	for i := range len(t.text) {
		t.number = t.number*10 + uint64(t.text[i]-'0')
	}
}

func (t *apkToken) next() {
	if t.rest == "" {
		t.kind = apkEnd
		return
	}
	c, before := t.rest[0], t.kind
	switch {
	case digit(c) && before == apkSuffix:
		t.kind = apkSuffixNumber
		t.digits()
	case c == '.' && before <= apkNumber:
		t.kind, t.rest = apkNumber, t.rest[1:]
		t.digits()
	case lower(c) && before <= apkNumber:
		t.kind, t.number, t.rest = apkLetter, uint64(c), t.rest[1:]
	case c == '_' && before <= apkSuffixNumber:
		t.suffix()
	case c == '~' && before < apkHash:
		t.hash()
	case c == '-' && before < apkRevision && len(t.rest) > 1 && t.rest[1] == 'r':
		t.kind, t.rest = apkRevision, t.rest[2:]
		t.digits()
	default:
		t.kind = apkInvalid
		t.text = "a dot and a number, a letter, a _suffix, a ~hash, -r and a number (in this order), or the end"
	}
}

func (t *apkToken) suffix() {
	n := 1
	for n < len(t.rest) && lower(t.rest[n]) {
		n++
	}
	name := t.rest[1:n]
	for i, s := range apkSuffixes {
		if s == name && s != "" {
			t.kind, t.number, t.rest = apkSuffix, uint64(i), t.rest[n:]
			return
		}
	}
	t.kind, t.text = apkInvalid, "one of _alpha _beta _pre _rc _cvs _svn _git _hg _p"
}

func (t *apkToken) hash() {
	n := 1
	for n < len(t.rest) && (digit(t.rest[n]) || t.rest[n]-'a' <= 'f'-'a') {
		n++
	}
	if n == 1 {
		t.kind, t.text = apkInvalid, "a hash in hexadecimal digits"
		return
	}
	t.kind, t.text, t.rest = apkHash, t.rest[1:n], t.rest[n:]
}
