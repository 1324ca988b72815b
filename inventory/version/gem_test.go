package version_test

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

var gemTool = tool{
	scheme: "gem",
	header: `ruby testdata/oracle/gem.rb, which compares Gem::Version of RubyGems 3.3.15 (ruby 3.1 of Debian 12).`,
	pairs:  6000,
	pieces: "0 00 1 09 10 2 .0 .0.0 .1 .00 .10 .a .A .rc1 .beta .pre .pre1 .b2 -1 -rc -rc.1 -0 -a-b . - a1 x Z .0.a .x86 alpha 99999999999999999999999 18446744073709551616 .10 .2",
	ask:    byHex("ruby", "testdata/oracle/gem.rb"),
}

func FuzzGem(f *testing.F) { fuzz(f, "gem") }

func TestGemRefuses(t *testing.T) {
	refuses(t, "gem", []refusal{
		{"", 0},
		{"a", 0},
		{" v1", 1},
		{"1a", 1},
		{"1.", 2},
		{"1..2", 2},
		{"1.0\x00", 3},
		{" 1.0+b ", 4},
		{"1-", 2},
		{"1-a.", 4},
		{"1-a_b", 3},
		{"1.\xff", 2},
		{"1.\u0661", 2},
		{"1 2", 1},
		{"\u00a01", 0},
	})
}

func TestGemPrerelease(t *testing.T) {
	for v, want := range map[string]bool{"1.0": false, "1.0.a": true, "1.0a": true, "1-1": true, " 1 ": false, " ": false} {
		p, err := version.Parse(scheme(t, "gem"), v)
		if err != nil || p.IsPrerelease() != want || p.Upstream() != strings.TrimSpace(v) {
			t.Errorf("%q: %q, %v, %v", v, p.Upstream(), p.IsPrerelease(), err)
		}
	}
}

var (
	slowGemForm    = regexp.MustCompile(`^[ \t-\r]*([0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?)?[ \t-\r]*$`)
	slowGemSegment = regexp.MustCompile(`[0-9]+|[A-Za-z]+`)
	slowGemZeros   = regexp.MustCompile(`^0+$`)
)

// slowGem follows the documentation of Gem::Version: segments, those that are numbers without
// zeros at their end and the others without them at theirs, compared one by one.
func slowGem(a, b string) byte {
	if a == "" || b == "" || !slowGemForm.MatchString(a) || !slowGemForm.MatchString(b) {
		return '!'
	}
	x, y := slowGemSegments(a), slowGemSegments(b)
	for i := range max(len(x), len(y)) {
		s, t := "0", "0"
		if i < len(x) {
			s = x[i]
		}
		if i < len(y) {
			t = y[i]
		}
		n, isN := new(big.Int).SetString(s, 10)
		m, isM := new(big.Int).SetString(t, 10)
		c := strings.Compare(s, t)
		switch {
		case isN && isM:
			c = n.Cmp(m)
		case isN:
			c = 1
		case isM:
			c = -1
		}
		if c != 0 {
			return "<=>"[c+1]
		}
	}
	return '='
}

func slowGemSegments(v string) []string {
	all := slowGemSegment.FindAllString(strings.ReplaceAll(v, "-", ".pre."), -1)
	first := slices.IndexFunc(all, func(s string) bool { return s[0] > '9' })
	if first < 0 {
		first = len(all)
	}
	trim := func(s []string) []string {
		for len(s) > 0 && slowGemZeros.MatchString(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		return s
	}
	return slices.Concat(trim(all[:first]), trim(all[first:]))
}

var gemRangeTool = rangeTool{
	scheme: "gem",
	header: `ruby testdata/oracle/gem_range.rb, which asks Gem::Requirement.new(*range.split(",")).satisfied_by?(version)
of RubyGems 3.3.15 (ruby 3.1 of Debian 12).`,
	pairs:  3000,
	pieces: "1 2 0 9 .1 .0 .9 .a .rc1 .0 ␠ , ,< ~> >= > < = != ,!=1.5 ,>=1 -1 .b",
	parts:  1,
	tails:  ".0 .1 .a .rc1 .A.A .A -1 .pre .z .9 .0.b",
	ask:    byHex("ruby", "testdata/oracle/gem_range.rb"),
}

func FuzzGemRange(f *testing.F) { fuzzRange(f, "gem") }
