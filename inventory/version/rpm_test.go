package version_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

var rpmTool = tool{
	scheme: "rpm",
	header: `rpm --eval "%{lua:dofile('testdata/oracle/rpm.lua')}": rpm.vercmp(A, B). rpm 4.18 of Debian 12.`,
	pairs:  6000,
	pieces: "~ ^ ~~ ^^ ~^ + - . _ : 0 00 1 09 10 a A z Z é el8 fc38 ^git1 ~rc1 99999999999999999999999 18446744073709551616 1: 0: -1 .0 .a -1.el9",
	ask:    byHex("rpm", "--eval", "%{lua:dofile('testdata/oracle/rpm.lua')}"),
}

func FuzzRPM(f *testing.F) { fuzz(f, "rpm") }

var rpmForm = regexp.MustCompile(`(?s)^(?:([0-9]*):)?(.*?)(?:-([^-]*))?$`)

// slowRPM makes lists of tokens as rpm-version(7) describes them, and compares those.
func slowRPM(a, b string) byte {
	if a == "" || b == "" {
		return '!'
	}
	x, y := slowRPMParts(a), slowRPMParts(b)
	n, _ := new(big.Int).SetString("0"+x[0][0], 10)
	m, _ := new(big.Int).SetString("0"+y[0][0], 10)
	c := n.Cmp(m)
	if c == 0 {
		c = slowRPMCompare(x[1][0], y[1][0])
	}
	if c == 0 {
		c = len(x[2]) - len(y[2]) // an absent release is before one
	}
	if c == 0 && len(x[2]) == 1 {
		c = slowRPMCompare(x[2][0], y[2][0])
	}
	return "<=>"[c+1]
}

// slowRPMParts returns the epoch, the version and the release; the last is missing or one.
func slowRPMParts(v string) [3][]string {
	at := rpmForm.FindStringSubmatchIndex(v)
	parts := [3][]string{{""}, {v[at[4]:at[5]]}}
	if at[2] >= 0 {
		parts[0] = []string{v[at[2]:at[3]]}
	}
	if at[6] >= 0 {
		parts[2] = []string{v[at[6]:at[7]]}
	}
	return parts
}

var rpmTokens = regexp.MustCompile(`[0-9]+|[A-Za-z]+|[~^]`)

func slowRPMCompare(a, b string) int {
	x, y := rpmTokens.FindAllString(a, -1), rpmTokens.FindAllString(b, -1)
	for i := 0; ; i++ {
		p, q := slowRPMPlace(x, i), slowRPMPlace(y, i)
		switch {
		case p < q:
			return -1
		case p > q:
			return 1
		case p == 1: // the end
			return 0
		case p == 4:
			n, _ := new(big.Int).SetString(x[i], 10)
			m, _ := new(big.Int).SetString(y[i], 10)
			if c := n.Cmp(m); c != 0 {
				return c
			}
		case x[i] != y[i]:
			return strings.Compare(x[i], y[i])
		}
	}
}

func slowRPMPlace(tokens []string, i int) int {
	if i >= len(tokens) {
		return 1
	}
	switch c := tokens[i][0]; {
	case c == '~':
		return 0
	case c == '^':
		return 2
	case c >= '0' && c <= '9':
		return 4
	}
	return 3
}
