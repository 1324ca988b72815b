package version

import (
	"cmp"
	"math"
	"strings"
)

// deb orders Debian's versions, [epoch:]upstream[-revision], as deb-version(7) of dpkg 1.21
// says and dpkg --compare-versions does. It takes what that command takes: what
// dpkg only warns of (an upstream version that does not start with a digit, characters
// outside of A-Z a-z 0-9 . + - ~ :) has a place in the order. Characters outside of ASCII
// come after letters and before punctuation, which is what dpkg does where char is signed (amd64).
type deb struct{}

func (deb) Name() string { return "deb" }

func (deb) Validate(v string) error {
	_, err := parseDeb("deb", v)
	return err
}

func (deb) Compare(a, b string) (int, error) {
	x, err := parseDeb("deb", a)
	if err != nil {
		return 0, err
	}
	y, err := parseDeb("deb", b)
	if err != nil {
		return 0, err
	}
	return x.compare(y), nil
}

func (deb) split(v string) parts {
	x, _ := parseDeb("deb", v)
	return x.parts()
}

// A debVersion is a version of deb or opkg.
type debVersion struct {
	epoch              int32
	epochText          string
	upstream, revision string
}

func (x debVersion) compare(y debVersion) int {
	if x.epoch != y.epoch {
		return cmp.Compare(x.epoch, y.epoch)
	}
	if c := compareDebPart(x.upstream, y.upstream); c != 0 {
		return c
	}
	return compareDebPart(x.revision, y.revision)
}

func (x debVersion) parts() parts {
	return parts{epoch: x.epochText, upstream: x.upstream, revision: x.revision}
}

// parseDeb understands a version of the scheme named, for its errors.
func parseDeb(scheme, v string) (debVersion, error) {
	x := debVersion{upstream: trimBlank(v)}
	colon, hyphen := -1, -1
	for i := range len(x.upstream) {
		switch c := x.upstream[i]; {
		case c > ':': // most of them
		case c == ':' && colon < 0:
			colon = i
		case c == '-':
			hyphen = i
		case blank(c):
			return x, invalid(scheme, v, i+leading(v, x.upstream), "no white space")
		case c == 0:
			return x, invalid(scheme, v, i+leading(v, x.upstream), "no NUL")
		}
	}
	at := leading(v, x.upstream)
	if x.upstream == "" {
		return x, invalid(scheme, v, 0, "a version")
	}
	if colon >= 0 {
		var ok bool
		x.epochText = x.upstream[:colon]
		if x.epoch, ok = parseDebEpoch(x.epochText); !ok {
			return x, invalid(scheme, v, at, "an epoch, a number up to 2147483647")
		}
		x.upstream = x.upstream[colon+1:]
		at += colon + 1
		hyphen -= colon + 1
	}
	if hyphen >= 0 {
		x.upstream, x.revision = x.upstream[:hyphen], x.upstream[hyphen+1:]
		if x.revision == "" {
			return x, invalid(scheme, v, at+hyphen+1, "a revision after the hyphen")
		}
	}
	if x.upstream == "" {
		return x, invalid(scheme, v, at, "an upstream version")
	}
	return x, nil
}

// parseDebEpoch understands what strtol(3) does, without white space.
func parseDebEpoch(text string) (int32, bool) {
	digits := strings.TrimPrefix(text, "+")
	minus := text != "" && text[0] == '-'
	if minus {
		digits = text[1:]
	}
	n := int64(0)
	for i := range len(digits) {
		c := digits[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*10 + int64(c-'0'); n > math.MaxInt32 {
			return 0, false
		}
	}
	return int32(n), digits != "" && (!minus || n == 0)
}

// compareDebPart compares two upstream versions or two revisions: letters and other
// characters in debOrder, and numbers, in turn.
func compareDebPart(a, b string) int {
	// What is the same at the start says nothing, but for the digits of the last number.
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i == len(a) && i == len(b) {
		return 0
	}
	for i > 0 && digit(a[i-1]) {
		i--
	}
	a, b = a[i:], b[i:]
	for a != "" || b != "" {
		for (a != "" && !digit(a[0])) || (b != "" && !digit(b[0])) {
			x, y := debOrder(a), debOrder(b)
			if x != y {
				return cmp.Compare(x, y)
			}
			a, b = a[1:], b[1:]
		}
		var x, y string
		x, a = cutDigits(a)
		y, b = cutDigits(b)
		if c := compareDigits(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// debOrder is the place of the first character of text: a tilde, then the end and digits,
// then letters, then the others.
func debOrder(text string) int {
	switch {
	case text == "" || digit(text[0]):
		return 0
	case text[0] == '~':
		return -1
	case letter(text[0]):
		return int(text[0])
	}
	return int(int8(text[0])) + 256
}
