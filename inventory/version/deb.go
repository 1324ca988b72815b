package version

import (
	"cmp"
	"math"
	"strings"
)

// deb orders the versions of Debian, [epoch:]upstream[-revision], like deb-version(7) of dpkg 1.21
// and dpkg --compare-versions. It accepts what that command accepts. A version about which dpkg
// only warns (its upstream version does not start with a digit, or has characters outside of A-Z
// a-z 0-9 . + - ~ :) has a place in the order. Characters outside of ASCII come after letters and
// before punctuation, as in dpkg on processors where char is signed (amd64).
type deb struct{}

func (deb) Name() string { return "deb" }

func (deb) Validate(v string) error {
	_, err := parseDeb(v)
	return err
}

func (deb) Compare(a, b string) (int, error) {
	i, hyphen := common(a, b)
	if plainDeb(a, 0) && plainDeb(b, i) && (!hyphen || !hyphenFrom(a, i) && !hyphenFrom(b, i)) {
		return compareDebFrom(a, b, i), nil // only what differs is looked at
	}
	x, err := parseDeb(a)
	if err != nil {
		return 0, err
	}
	y, err := parseDeb(b)
	if err != nil {
		return 0, err
	}
	return x.compare(y), nil
}

func (deb) split(v string) parts {
	x, _ := parseDeb(v)
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
	if c := compareDeb(x.upstream, y.upstream, false); c != 0 {
		return c
	}
	return compareDeb(x.revision, y.revision, false)
}

func (x debVersion) parts() parts {
	return parts{epoch: x.epochText, upstream: x.upstream, revision: x.revision}
}

// parseDeb parses the parts of a version.
func parseDeb(v string) (debVersion, error) {
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
			return x, invalid("deb", v, i+leading(v, x.upstream), "no white space")
		case c == 0:
			return x, invalid("deb", v, i+leading(v, x.upstream), "no NUL")
		}
	}
	at := leading(v, x.upstream)
	if x.upstream == "" {
		return x, invalid("deb", v, 0, "a version")
	}
	if colon >= 0 {
		var ok bool
		x.epochText = x.upstream[:colon]
		if x.epoch, ok = parseDebEpoch(x.epochText); !ok {
			return x, invalid("deb", v, at, "an epoch, a number up to 2147483647")
		}
		x.upstream = x.upstream[colon+1:]
		at += colon + 1
		hyphen -= colon + 1
	}
	if hyphen >= 0 {
		x.upstream, x.revision = x.upstream[:hyphen], x.upstream[hyphen+1:]
		if x.revision == "" {
			return x, invalid("deb", v, at+hyphen+1, "a revision after the hyphen")
		}
	}
	if x.upstream == "" {
		return x, invalid("deb", v, at, "an upstream version")
	}
	return x, nil
}

// parseDebEpoch parses a number like strtol(3), but without white space.
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

// plainDeb reports whether a version is valid and has no epoch. The bytes before i were checked
// before. It may be false for some versions that are valid and have no epoch.
func plainDeb(v string, i int) bool {
	if v == "" || v[0] == '-' || v[len(v)-1] == '-' {
		return false
	}
	if len(v) < 8 {
		x := short(v) | ones*'@'<<(8*len(v))
		return below(x, ' '+1)|equals(x, ':') == 0
	}
	for i < len(v) {
		x := word(v[min(i, len(v)-8):])
		if below(x, ' '+1)|equals(x, ':') != 0 {
			return false
		}
		i += 8
	}
	return true
}

// compareDebFrom compares two plain versions that are the same before i, where they are
// not. Either no hyphen is before i, or none is after it.
func compareDebFrom(a, b string, i int) int {
	start := i // of the number in which they begin to differ
	for start > 0 && digit(a[start-1]) {
		start--
	}
	if i < len(a) && i < len(b) && digit(a[i]) && digit(b[i]) && a[start] != '0' && b[start] != '0' {
		return compareLonger(a[i:], b[i:])
	}
	return compareDeb(a[start:], b[start:], true)
}

// compareDeb compares two upstream versions or two revisions: letters and other characters in the
// order of debPlace, and numbers, in turn. With whole the last hyphen of each ends an upstream
// version and starts a revision.
func compareDeb(a, b string, whole bool) int {
	for {
		for {
			x, y := debPlace(a, whole), debPlace(b, whole)
			if x != y {
				return int(x) - int(y)
			}
			if x == 0 {
				break
			}
			a, b = a[1:], b[1:]
		}
		i, j := 0, 0
		for i < len(a) && digit(a[i]) {
			i++
		}
		for j < len(b) && digit(b[j]) {
			j++
		}
		if i == 0 && j == 0 { // both are at their end
			if !whole || a == "" && b == "" {
				return 0
			}
			return compareDeb(afterHyphen(a), afterHyphen(b), false)
		}
		if p, q := a[:i], b[:j]; p != q {
			if c := compareDigits(p, q); c != 0 {
				return c
			}
		}
		a, b = a[i:], b[j:]
	}
}

func afterHyphen(text string) string {
	if text == "" {
		return ""
	}
	return text[1:]
}

// debPlace is the place of the first character of text: a tilde, then the end and digits,
// then letters, then the others.
func debPlace(text string, whole bool) int16 {
	if text == "" {
		return 0
	}
	switch c := text[0]; {
	case letter(c):
		return int16(c)
	case digit(c):
		return 0
	case c == '~':
		return -1
	case c == '-' && whole && strings.IndexByte(text[1:], '-') < 0:
		return 0
	default:
		return int16(int8(c)) + 256
	}
}
