package version_test

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

var npmTool = tool{
	scheme: "npm",
	header: "semver.compare(A, B) of node-semver 7.3.5 of Debian 12, by testdata/oracle/npm.js.",
	pairs:  9000,
	pieces: "1 2 3 9 10 1 2 10 0 .1 .0 .a -1 -0 -a -rc.1 -beta.2 -1 -a +b +1 a A z x - 9007199254740991 9007199254740993 99999999999999999999999 é",
	ask:    byHex("node", "testdata/oracle/npm.js"),
}

var npmRangeTool = rangeTool{
	scheme: "npm",
	header: "new semver.Range(RANGE).test(VERSION) of node-semver 7.3.5 of Debian 12, by testdata/oracle/npm_range.js.",
	pairs:  4000,
	pieces: "1 2 0 x .x .1 .0 1 2 3 10 ^ ~ > = >= ␠ || ␠||␠ ␠ v -a -0 -beta.2 ␠1.x ␠<2 ␠>=1.2.3-a ␠^1.2 +b ~> *",
	parts:  3,
	tails:  "-0 -alpha -rc.1 +b -beta.2 -a .0",
	ask:    byHex("node", "testdata/oracle/npm_range.js"),
}

func FuzzNPMRange(f *testing.F) { fuzzRange(f, "npm") }

func FuzzNPM(f *testing.F) { fuzz(f, "npm") }

// tripleForm is that of Semantic Versioning 2.0.0.
var tripleForm = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)` +
	`(?:-((?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*))?` +
	`(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$`)

var onlyDigits = regexp.MustCompile(`^[0-9]+$`)

// slowTriple compares by the specification; number compares two that have digits only.
func slowTriple(a, b []string, number func(a, b string) int) byte {
	for i := 1; i <= 3; i++ {
		if c := slowNumber(a[i], b[i]); c != 0 {
			return "<=>"[c+1]
		}
	}
	if a[4] == "" || b[4] == "" {
		return map[[2]bool]byte{{true, true}: '=', {true, false}: '>', {false, true}: '<'}[[2]bool{a[4] == "", b[4] == ""}]
	}
	x, y := strings.Split(a[4], "."), strings.Split(b[4], ".")
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] == y[i] {
			continue
		}
		n, m := onlyDigits.MatchString(x[i]), onlyDigits.MatchString(y[i])
		switch {
		case n && m:
			return "<=>"[number(x[i], y[i])+1]
		case n:
			return '<'
		case m:
			return '>'
		}
		return "<=>"[strings.Compare(x[i], y[i])+1]
	}
	return "<=>"[slowNumber(strconv.Itoa(len(x)), strconv.Itoa(len(y)))+1]
}

func slowNumber(a, b string) int {
	n, _ := new(big.Int).SetString(a, 10)
	m, _ := new(big.Int).SetString(b, 10)
	return n.Cmp(m)
}

// slowNPM is Semantic Versioning with the bounds of node-semver's documentation.
func slowNPM(a, b string) byte {
	x, y := slowNPMParts(a), slowNPMParts(b)
	if x == nil || y == nil {
		return '!'
	}
	return slowTriple(x, y, func(a, b string) int {
		n, _ := strconv.ParseFloat(a, 64)
		m, _ := strconv.ParseFloat(b, 64)
		return big.NewFloat(n).Cmp(big.NewFloat(m))
	})
}

func slowNPMParts(v string) []string {
	if len(utf16.Encode([]rune(v))) > 256 {
		return nil
	}
	v = strings.Trim(v, "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff")
	m := tripleForm.FindStringSubmatch(strings.TrimPrefix(v, "v"))
	for i := 1; m != nil && i <= 3; i++ {
		if slowNumber(m[i], "9007199254740991") > 0 {
			return nil
		}
	}
	return m
}

var unsafeNumber = regexp.MustCompile(`[-.][0-9]{16,}`)

// npmLoses reports whether v has a number that a double may not have: the order of npm is no
// order of such versions.
func npmLoses(v string) bool { return unsafeNumber.MatchString(v) }
