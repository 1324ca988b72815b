package version

import (
	"strings"
	"unicode/utf8"
)

// npm orders versions as the semver package of npm does (node-semver 7.3.5 of Debian 12, and
// 7.8.6 alike): Semantic Versioning, with one v before it and white space around it, if any.
// It takes the strict form of that package only: not "=1.2.3", not 1.2, not 01.2.3.
//
// A version has at most 256 characters, and each of its three numbers is at most
// 2^53-1. The numbers of pre-releases may be larger, and are then compared as JavaScript
// does, as doubles. Two that round to the same double are equal, whatever follows them:
// 1.0.0-9007199254740992.1 and 1.0.0-9007199254740992.2 differ, and both equal
// 1.0.0-9007199254740993. With such numbers beyond 2^53 the order is not transitive.
type npm struct{}

const (
	npmLength  = 256
	npmNumber  = "9007199254740991" // the largest integer that JavaScript calls safe
	npmInteger = "a number up to " + npmNumber
)

func (npm) Name() string { return "npm" }

func (npm) Validate(v string) error {
	var x triple
	return parseNPM(&x, v)
}

func (npm) Compare(a, b string) (int, error) {
	if a == b {
		return 0, npm{}.Validate(a)
	}
	var x, y triple
	if err := parseNPM(&x, a); err != nil {
		return 0, err
	}
	if err := parseNPM(&y, b); err != nil {
		return 0, err
	}
	return x.compareNPM(&y), nil
}

func (npm) split(v string) parts {
	var x triple
	_ = parseNPM(&x, v)
	return parts{upstream: trimJS(v), prerelease: x.pre != ""}
}

func (x *triple) compareNPM(y *triple) int {
	if c := x.compareNumbers(y); c != 0 {
		return c
	}
	return comparePre(x.pre, y.pre, true)
}

func parseNPM(x *triple, v string) error {
	if n := cutJS(v, npmLength); n < len(v) {
		return invalid("npm", v, n, "at most 256 characters")
	}
	text := trimJS(v)
	if text == "" {
		return invalid("npm", v, 0, "a version")
	}
	at := leading(v, text)
	if text[0] == 'v' {
		text = text[1:]
		at++
	}
	if bad, expected := x.parse(text); bad >= 0 {
		return invalid("npm", v, at+bad, expected)
	}
	for _, n := range x.number {
		if len(n) >= len(npmNumber) && compareNatural(n, npmNumber) > 0 {
			return invalid("npm", v, at, npmInteger)
		}
		at += len(n) + len(".")
	}
	return nil
}

// cutJS returns the number of bytes of the first n characters of text, counted like JavaScript in
// UTF-16.
func cutJS(text string, n int) int {
	if len(text) <= n {
		return len(text)
	}
	for i, r := range text {
		if n--; r > 0xffff {
			n--
		}
		if n < 0 {
			return i
		}
	}
	return len(text)
}

// trimJS is String.prototype.trim.
func trimJS(text string) string {
	if text != "" && plain(text[0]) && plain(text[len(text)-1]) {
		return text
	}
	return strings.TrimFunc(text, spaceJS)
}

// plain reports whether a byte is no white space and no part of any.
func plain(c byte) bool { return c > ' ' && c < utf8.RuneSelf }

// spaceJS is \s of a regular expression of JavaScript: White_Space of Unicode without NEL,
// and the byte order mark.
func spaceJS(r rune) bool {
	switch {
	case r == ' ', r >= '\t' && r <= '\r', r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200a:
		return true
	case r == 0x2028, r == 0x2029, r == 0x202f, r == 0x205f, r == 0x3000, r == 0xfeff:
		return true
	}
	return false
}
