package version_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

var alpmTool = tool{
	scheme: "alpm",
	header: "vercmp A B. pacman 6.0.2, package makepkg of Debian 12.",
	pairs:  5000,
	pieces: "~ ^ + - . .. _ : 0 00 1 09 10 a A z Z é rc1 beta .r1 +g12 99999999999999999999999 18446744073709551616 1: 0: -1 .0 .a -1.1",
	ask:    byCommand("vercmp", map[string]byte{"-1": '<', "0": '=', "1": '>'}),
}

func FuzzALPM(f *testing.F) { fuzz(f, "alpm") }

var alpmTokens = regexp.MustCompile(`([^0-9A-Za-z]*)([0-9]+|[A-Za-z]+)?`)

// slowALPM compares lists of separators and what follows them.
func slowALPM(a, b string) byte {
	if a == "" || b == "" || strings.Contains(a+b, "\x00") {
		return '!'
	}
	x, y := slowRPMParts(a), slowRPMParts(b)
	n, _ := new(big.Int).SetString("0"+x[0][0], 10)
	m, _ := new(big.Int).SetString("0"+y[0][0], 10)
	c := n.Cmp(m)
	if c == 0 {
		c = slowALPMCompare(x[1][0], y[1][0])
	}
	if c == 0 && len(x[2]) == 1 && len(y[2]) == 1 {
		c = slowALPMCompare(x[2][0], y[2][0])
	}
	return "<=>"[c+1]
}

func slowALPMCompare(a, b string) int {
	for a != "" && b != "" {
		x, y := alpmTokens.FindStringSubmatch(a), alpmTokens.FindStringSubmatch(b)
		a, b = a[len(x[1]):], b[len(y[1]):]
		if a == "" || b == "" {
			break
		}
		if len(x[1]) != len(y[1]) {
			return map[bool]int{true: -1, false: 1}[len(x[1]) < len(y[1])]
		}
		n, number := new(big.Int).SetString(x[2], 10)
		m, other := new(big.Int).SetString(y[2], 10)
		switch {
		case number && other && n.Cmp(m) != 0:
			return n.Cmp(m)
		case number != other:
			return map[bool]int{true: -1, false: 1}[other]
		case !number && x[2] != y[2]:
			return strings.Compare(x[2], y[2])
		}
		a, b = a[len(x[2]):], b[len(y[2]):]
	}
	first := func(s string) bool { return regexp.MustCompile(`^[A-Za-z]`).MatchString(s) }
	switch {
	case a == "" && b == "":
		return 0
	case a == "":
		return map[bool]int{true: 1, false: -1}[first(b)]
	}
	return map[bool]int{true: -1, false: 1}[first(a)]
}

// apartALPM returns other strings for versions of which vercmp's answers are no order: whether
// there is a pkgrel, and whether a part ends in a separator.
func apartALPM(v string) string {
	x := slowRPMParts(v)
	kind := "without"
	if len(x[2]) == 1 {
		kind = "with"
	}
	odd := regexp.MustCompile(`[^0-9A-Za-z]$`)
	if odd.MatchString(x[1][0]) || len(x[2]) == 1 && odd.MatchString(x[2][0]) {
		return v // one with itself alone
	}
	return kind
}
