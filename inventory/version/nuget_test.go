package version_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var nugetTool = tool{
	scheme: "nuget",
	header: "NuGetVersion.TryParse(A).CompareTo(B) of NuGet.Versioning 5.0.0 on mono 6.8 of Debian 12, by a program\n" +
		"nuget-versioning made of testdata/oracle/nuget.cs.",
	pairs:    4000,
	pieces:   "1 2 9 10 0 5 7 3 01 -a -A -1 -0 -rc.1 -beta2 .1 +b +B a B -a -rc.1 - .99999999999 .2147483647 .-1 -x.y",
	ask:      byHex("nuget-versioning", "order"),
	elective: "nuget-versioning",
}

var nugetRangeTool = rangeTool{
	scheme: "nuget",
	header: "VersionRange.TryParse(RANGE).Satisfies(VERSION) of NuGet.Versioning 5.0.0 on mono 6.8 of Debian 12, by a\n" +
		"program nuget-versioning made of testdata/oracle/nuget.cs; without ranges that later releases read\n" +
		"in another way: two stars, one or two characters, (1.0), ends in the wrong order.",
	pairs:    4000,
	pieces:   "1 2 3 .0 .1 10 -a -1 -beta .* ␠ +b 0 5 4 6 7 20 -rc.1",
	parts:    1,
	tails:    "-0 -alpha -rc.1 +b -Beta -a -A .0 .1",
	elective: "nuget-versioning",
	ask: func(t *testing.T, pairs []pair) []byte {
		ops := byHex("nuget-versioning", "range")(t, pairs)
		for i, p := range pairs {
			if nugetChanged(p.a) {
				ops[i] = 0
			}
		}
		return ops
	},
}

func FuzzNuGet(f *testing.F)      { fuzz(f, "nuget") }
func FuzzNuGetRange(f *testing.F) { fuzzRange(f, "nuget") }

var nugetInterval = regexp.MustCompile(`^([\[(])([^,]*)(,?)([^,]*)([\])])$`)

// nugetChanged reports whether releases after 5.0.0 understand a range in another way.
func nugetChanged(text string) bool {
	text = strings.TrimSpace(text)
	m := nugetInterval.FindStringSubmatch(text)
	if m == nil {
		return len(text) < 3 || strings.Count(text, "*") > 1
	}
	if strings.Count(text, "*") > 1 || m[3] == "" && m[1]+m[5] != "[]" {
		return true
	}
	low := m[2]
	if strings.HasSuffix(low, "*") {
		low = strings.TrimSuffix(low, "*") + "0"
	}
	order := slowNuGet(low, m[4])
	return order == '>' || order == '=' && m[1]+m[5] != "[]" && m[1]+m[5] != "()"
}

// TestNuGetRanges has what releases after 5.0.0 do, from the tests of NuGet.Versioning
// (FloatingRangeTests.cs, VersionRangeFloatParsingTests.cs and VersionRangeTests.cs of
// NuGet.Client).
func TestNuGetRanges(t *testing.T) {
	s := scheme(t, "nuget")
	for _, c := range []pair{
		{"*-*", "0.0.0-0", 'i'}, {"*-*", "1.0.0-alpha", 'i'},
		{"1.*-*", "1.0.0-0", 'i'}, {"1.*-*", "0.9", 'o'}, {"1.*-*", "1.0.0-alpha.1", 'i'},
		{"1.2.*-rc*", "1.2.0-rc", 'i'}, {"1.2.*-rc*", "1.2.0-beta", 'o'}, {"*-rc.*", "0.0.0-rc.0", 'i'},
		{"1.*-rc.*", "1.0-rc", 'o'}, {"1.2.3.*-a*", "1.2.3-a", 'i'}, {"1.2.3.4.*-a*", "1.0", '!'},
		{"1.*-*.*", "1.0", '!'}, {"*.*-*", "1.0", '!'}, {"1.**", "1.0", '!'}, {"*.*", "1.0", '!'},
		{"1", "1.5", 'i'}, {"(1.0)", "1.0", '!'}, {"[1.0)", "1.0", '!'}, {"(1.0]", "1.0", '!'}, {"[2.0,1.0]", "1.5", '!'},
		{"[1.0,1.0)", "1.0", '!'}, {"(1.0,1.0]", "1.0", '!'}, {"(1.0,1.0)", "1.0", 'o'}, {"[1.0,1.0]", "1.0.0", 'i'},
		{"1.*-*+b", "1.0", '!'}, {"[*-*, 2.0)", "1.0-a", 'i'}, {"[1.*-*]", "1.0", '!'},
	} {
		if got := askRange(t, s, c.a, c.b); got != c.op {
			t.Errorf("%q is %s %q, want %s", c.b, answers[got], c.a, answers[c.op])
		}
	}
}

var nugetForm = regexp.MustCompile(`^(?:\s*([0-9]+)\s*)(?:\.\s*([0-9]+)\s*)?(?:\.\s*([0-9]+)\s*)?(?:\.\s*([0-9]+)\s*)?` +
	`(?:-((?:0|-?[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*))?` +
	`(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$`)

// slowNuGet compares by the rules of https://learn.microsoft.com/nuget/concepts/package-versioning.
func slowNuGet(a, b string) byte {
	x, y := slowNuGetParts(a), slowNuGetParts(b)
	if x == nil || y == nil {
		return '!'
	}
	for i := 1; i <= 4; i++ {
		if c := slowNumber("0"+x[i], "0"+y[i]); c != 0 {
			return "<=>"[c+1]
		}
	}
	if x[5] == "" || y[5] == "" {
		return map[[2]bool]byte{{true, true}: '=', {true, false}: '>', {false, true}: '<'}[[2]bool{x[5] == "", y[5] == ""}]
	}
	p, q := strings.Split(x[5], "."), strings.Split(y[5], ".")
	for i := 0; i < len(p) || i < len(q); i++ {
		switch {
		case i == len(p):
			return '<'
		case i == len(q):
			return '>'
		}
		n, m := int32Label(p[i]), int32Label(q[i])
		c := strings.Compare(strings.ToUpper(p[i]), strings.ToUpper(q[i]))
		switch {
		case n != nil && m != nil:
			c = n.Cmp(m)
		case n != nil:
			c = -1
		case m != nil:
			c = 1
		}
		if c != 0 {
			return "<=>"[c+1]
		}
	}
	return '='
}

func int32Label(label string) *big.Int {
	n, ok := new(big.Int).SetString(label, 10)
	if !ok || !n.IsInt64() || n.Int64() != int64(int32(n.Int64())) {
		return nil
	}
	return n
}

func slowNuGetParts(v string) []string {
	v = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, v)
	m := nugetForm.FindStringSubmatch(strings.Trim(v, " "))
	for i := 1; m != nil && i <= 4; i++ {
		if slowNumber("0"+m[i], "2147483647") > 0 {
			return nil
		}
	}
	return m
}
