package version

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// pypi orders Python's versions, [epoch!]release[pre][.postN][.devN][+local], as PEP 440
// (https://packaging.python.org/en/latest/specifications/version-specifiers/) says and
// packaging 23.0 does. It accepts all spellings of packaging: any case, v before it, white space
// around it, alpha, beta, c, pre, preview, rev, r, 1.0-1 for 1.0.post1, and separators in most
// places. Numbers may have any length; Python itself stops at 4300 digits.
//
// Surprises: 1.0.dev1 is before 1.0a1, but 1.0a1.dev1 is just before 1.0a1; 1.0.post1.dev1
// is after 1.0; and a local version is after the same without. The regular expression of
// packaging does not know case in all of Unicode, which makes four more letters of ASCII's (U+0130,
// U+0131, U+017F, U+212A). They are understood in local versions, but not in words: packaging
// takes po\u017ft and prev\u0130ew for words of their own, which become others, or no versions,
// when it writes them.
type pypi struct{}

func (pypi) Name() string { return "pypi" }

func (pypi) Validate(v string) error {
	var x pypiVersion
	return x.parse(v)
}

func (pypi) Compare(a, b string) (int, error) {
	var x, y pypiVersion
	if err := x.parse(a); err != nil {
		return 0, err
	}
	if err := y.parse(b); err != nil {
		return 0, err
	}
	return x.compare(&y), nil
}

func (pypi) split(v string) parts {
	var x pypiVersion
	if x.parse(v) != nil {
		return parts{upstream: v}
	}
	return parts{
		epoch:      x.epoch,
		upstream:   x.public,
		revision:   x.local,
		prerelease: x.prerelease(),
	}
}

// Kinds of the parts of a version, in ascending order. No part is before or after them, as
// [pypiVersion.compare] says.
const (
	pypiNone = iota

	pypiAlpha
	pypiBeta
	pypiRC

	pypiPost = 1
	pypiDev  = 1

	pypiLast = 127 // after all of them
)

// A pypiPart is one of pre, post and dev.
type pypiPart struct {
	kind   int8
	number string
}

func (p *pypiPart) compare(kind int8, q *pypiPart, other int8) int {
	if kind != other {
		return cmp.Compare(kind, other)
	}
	return compareDigits(p.number, q.number)
}

// A pypiVersion is the parts of a version.
type pypiVersion struct {
	epoch          string
	public         string // without the epoch
	release        string
	pre, post, dev pypiPart
	local          string // without the plus; a version has none if it is empty
}

func (x *pypiVersion) prerelease() bool {
	return x.pre.kind != pypiNone || x.dev.kind != pypiNone
}

func (x *pypiVersion) compare(y *pypiVersion) int {
	c := x.comparePublic(y)
	if c == 0 && (x.local != "" || y.local != "") {
		c = comparePyPILocal(x.local, y.local)
	}
	return c
}

// comparePublic is compare without the local version.
func (x *pypiVersion) comparePublic(y *pypiVersion) int {
	if c := compareDigits(x.epoch, y.epoch); c != 0 {
		return c
	}
	if c := comparePyPIRelease(x.release, y.release); c != 0 {
		return c
	}
	if c := x.pre.compare(x.prePlace(), &y.pre, y.prePlace()); c != 0 {
		return c
	}
	if c := x.post.compare(x.post.kind, &y.post, y.post.kind); c != 0 {
		return c
	}
	return x.dev.compare(x.devPlace(), &y.dev, y.devPlace())
}

// prePlace puts the development of a release before its pre-releases, and the release after them.
func (x *pypiVersion) prePlace() int8 {
	switch {
	case x.pre.kind != pypiNone:
		return x.pre.kind
	case x.post.kind == pypiNone && x.dev.kind != pypiNone:
		return pypiNone
	}
	return pypiLast
}

func (x *pypiVersion) devPlace() int8 {
	if x.dev.kind == pypiNone {
		return pypiLast
	}
	return x.dev.kind
}

// comparePyPIRelease compares numbers with dots between them. Those that are missing are 0.
func comparePyPIRelease(a, b string) int {
	n := min(len(a), len(b))
	i, start := 0, 0
	for i < n && a[i] == b[i] {
		if i++; a[i-1] == '.' {
			start = i
		}
	}
	if i == len(a) && i == len(b) {
		return 0
	}
	a, b = a[start:], b[start:]
	for a != "" || b != "" {
		var x, y string
		x, a = cutDigits(a)
		y, b = cutDigits(b)
		if c := compareDigits(x, y); c != 0 {
			return c
		}
		a, b = strings.TrimPrefix(a, "."), strings.TrimPrefix(b, ".")
	}
	return 0
}

// comparePyPILocal compares local versions: part by part, words before numbers.
func comparePyPILocal(a, b string) int {
	for a != "" && b != "" {
		var x, y string
		x, a = cutPyPILocal(a)
		y, b = cutPyPILocal(b)
		n, m := digits(x), digits(y)
		switch {
		case n && m:
			if c := compareDigits(x, y); c != 0 {
				return c
			}
		case n:
			return 1
		case m:
			return -1
		default:
			if c := comparePyPIWords(x, y); c != 0 {
				return c
			}
		}
	}
	return cmp.Compare(len(a), len(b))
}

func cutPyPILocal(text string) (part, rest string) {
	for i := range len(text) {
		if pypiSeparator(text[i]) {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// comparePyPIWords compares the lower case of words.
func comparePyPIWords(a, b string) int {
	x, y := pypiLetters{text: a}, pypiLetters{text: b}
	for {
		r, s := x.next(), y.next()
		if r != s {
			return cmp.Compare(r, s)
		}
		if r < 0 {
			return 0
		}
	}
}

// pypiLetters returns the letters of a word in lower case.
type pypiLetters struct {
	text string
	dot  bool // of U+0130, which is an i and a dot above it
}

// next returns the next letter. It is negative at the end.
func (l *pypiLetters) next() rune {
	if l.dot {
		l.dot = false
		return '\u0307'
	}
	if l.text == "" {
		return -1
	}
	if c := l.text[0]; c < utf8.RuneSelf {
		l.text = l.text[1:]
		return rune(lowered(c))
	}
	r, n := utf8.DecodeRuneInString(l.text)
	l.text = l.text[n:]
	switch r {
	case '\u0130':
		l.dot = true
		return 'i'
	case '\u212a':
		return 'k'
	}
	return r
}
