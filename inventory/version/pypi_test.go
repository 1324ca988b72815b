package version_test

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

var pypiTool = tool{
	scheme: "pypi",
	header: `/usr/bin/python3 testdata/oracle/pypi.py, which compares packaging.version.Version of
packaging 23.0 (python3-packaging of Debian 12).`,
	pairs:  8000,
	pieces: "0 00 1 09 10 2 3 7 20 99 0 1 .0 .0.0 .1 .9 .10 a1 b2 rc1 c1 .alpha1 -beta.2 _pre_3 preview1 RC2 .post1 .post0 post -1 -0 .rev2 r3 .dev1 .dev0 dev -DEV_3 +local +1 +1.a +ubuntu.1 1! 0! - . 99999999999999999999999 18446744073709551616",
	ask:    byHex("/usr/bin/python3", "testdata/oracle/pypi.py"),
}

func FuzzPyPI(f *testing.F) { fuzz(f, "pypi") }

func TestPyPIRefuses(t *testing.T) {
	refuses(t, "pypi", []refusal{
		{"", 0},
		{" ", 0},
		{" v", 2},
		{"v.1", 1},
		{"1!", 2},
		{"1!2!3", 3},
		{"1.", 1},
		{"1..2", 1},
		{"1.0\x00", 3},
		{"1.0a1b2", 5},
		{"1.0.dev1.post1", 8},
		{"1.0+", 4},
		{"1.0+a.", 6},
		{"1.0+a..b", 6},
		{"1.0+a+b", 5},
		{"1.0+\xff", 4},
		{"\xff", 0},
		{"1.\u0661", 1},
		{"1.0po\u017ft1", 3},
		{"1.0prev\u0131ew1", 6},
	})
}

func TestPyPIParts(t *testing.T) {
	tests := []struct {
		v, epoch, upstream, revision string
		pre                          bool
	}{
		{"1.0", "", "1.0", "", false},
		{" v1!2.3.RC-1+ubuntu.1\n", "1", "2.3.RC-1", "ubuntu.1", true},
		{"1.0.post1", "", "1.0.post1", "", false},
		{"1.0-1", "", "1.0-1", "", false},
		{"1.0.post1.dev2", "", "1.0.post1.dev2", "", true},
	}
	for _, tt := range tests {
		v, err := version.Parse(scheme(t, "pypi"), tt.v)
		if err != nil || v.Epoch() != tt.epoch || v.Upstream() != tt.upstream || v.Revision() != tt.revision || v.IsPrerelease() != tt.pre {
			t.Errorf("%q: %q, %q, %q, %v, %v", tt.v, v.Epoch(), v.Upstream(), v.Revision(), v.IsPrerelease(), err)
		}
	}
}

// slowPyPIForm is put together from what PEP 440 says of each part and its spellings. That
// case does not count makes four letters of ASCII ones, see the scheme.
var slowPyPIForm = regexp.MustCompile(`(?is)^[\s\x0b\x1c-\x1f\x85\pZ]*v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)` +
	`(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?` +
	`(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?` +
	`(?:[-_.]?(dev)[-_.]?([0-9]*))?` +
	`(?:\+([a-z0-9\x{130}\x{131}\x{17f}\x{212a}]+(?:[-_.][a-z0-9\x{130}\x{131}\x{17f}\x{212a}]+)*))?[\s\x0b\x1c-\x1f\x85\pZ]*$`)

var slowPyPIWords = map[string]string{
	"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc", "rev": "post", "r": "post",
}

// slowPyPIKey makes a list of words and numbers that is compared like one: the release, then
// what is before it, after it or on the way to it.
func slowPyPIKey(v string) []any {
	m := slowPyPIForm.FindStringSubmatch(v)
	if public, _, _ := strings.Cut(v, "+"); m == nil || strings.Contains(public, "\u017f") { // which folds to s
		return nil
	}
	number := func(text string) *big.Int {
		n, _ := new(big.Int).SetString("0"+text, 10)
		return n
	}
	lower := func(word string) string {
		word = strings.NewReplacer("\u0130", "i\u0307", "\u017f", "\u017f").Replace(word)
		return strings.ToLower(word)
	}
	spell := func(word string) string {
		word = lower(word)
		if w, ok := slowPyPIWords[word]; ok {
			return w
		}
		return word
	}
	release := strings.Split(m[2], ".")
	for len(release) > 0 && strings.Trim(release[len(release)-1], "0") == "" {
		release = release[:len(release)-1]
	}
	key := []any{number(m[1])}
	for _, n := range release {
		key = append(key, number(n))
	}
	pre, post, dev := spell(m[3]), spell(m[6]), spell(m[8])
	if m[5] != "" {
		post, m[7] = "post", m[5]
	}
	const first, last = "", "\U0010ffff"
	key = append(key, first) // shorter releases come first
	if pre == "" && (post != "" || dev == "") {
		pre = last
	}
	key = append(key, pre, number(m[4]), post, number(m[7]))
	if dev == "" {
		dev = last
	}
	key = append(key, dev, number(m[9]))
	for _, part := range strings.FieldsFunc(m[10], func(r rune) bool { return strings.ContainsRune("-_.", r) }) {
		if strings.Trim(part, "0123456789") == "" {
			key = append(key, number(part))
		} else {
			key = append(key, lower(part))
		}
	}
	return key
}

func slowPyPI(a, b string) byte {
	x, y := slowPyPIKey(a), slowPyPIKey(b)
	if x == nil || y == nil {
		return '!'
	}
	return "<=>"[1+slices.CompareFunc(x, y, func(x, y any) int {
		n, isN := x.(*big.Int)
		m, isM := y.(*big.Int)
		switch {
		case isN && isM:
			return n.Cmp(m)
		case isN:
			return 1
		case isM:
			return -1
		}
		return cmp.Compare(x.(string), y.(string))
	})]
}

var pypiRangeTool = rangeTool{
	scheme: "pypi",
	header: `/usr/bin/python3 testdata/oracle/pypi_range.py, which asks SpecifierSet(range).contains(version) of
packaging 23.0 (python3-packaging of Debian 12).`,
	pairs:  6000,
	pieces: "0 1 2 9 .0 .1 .9 .* a1 rc1 .post1 .dev1 ␠ , ,<3 ,>0.1 ,>=1 ,!=1.5 ,>=0.dev0 ,>=0.dev0 .0.0 1 2 3 0 10",
	parts:  1,
	tails:  ".0 .1 .0.0 .9 .post1 .post0 .dev1 .dev0 +local +1 .post1.dev1 .0a1.post1 .0a1+x .0rc1 .0b2.dev1 .1a1 -1",
	ask:    byHex("/usr/bin/python3", "testdata/oracle/pypi_range.py"),
}

func FuzzPyPIRange(f *testing.F) { fuzzRange(f, "pypi") }
