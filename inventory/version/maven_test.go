package version_test

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/inventory/version"
)

var mavenTool = tool{
	scheme: "maven",
	header: `java -cp /usr/share/java/maven3-artifact.jar testdata/oracle/Maven.java, which calls
ComparableVersion.compareTo of maven-artifact 3.8.7 (libmaven3-core-java of Debian 12).`,
	pairs:  6000,
	pieces: ". - .. -- .- -. 0 00 1 09 10 -0 .0 -1 .1 a a1 b2 M3 m -alpha .beta- rc cr -CR2 snapshot -SNAPSHOT ga .ga. -final Final.1 release RELEASE sp -sp .sp.1 x foo .jre8 Z _ + é É K 99999999999999999999999 2147483648 0000000000 0000000000.1",
	ask:    byHex("java", "-cp", "/usr/share/java/maven3-artifact.jar", "testdata/oracle/Maven.java"),
}

func FuzzMaven(f *testing.F) { fuzz(f, "maven") }

func TestMavenRefuses(t *testing.T) {
	refuses(t, "maven", []refusal{
		{"", 0},
		{"1.0\x00", 3},
		{"1.é\x00", 4},
		{"1.\xff", 2},
		{"1.\u0661", 2},
		{"1.\u0130", 2},
		{"1-é\u03a3", 4},
	})
	if err := scheme(t, "maven").Validate("1.\U0001d7d8"); err != nil { // two halves of UTF-16, which are no digits
		t.Error(err)
	}
}

// TestMavenCircles has what Maven itself says; there is no order of these.
func TestMavenCircles(t *testing.T) {
	s := scheme(t, "maven")
	for _, c := range [][3]string{
		{"1-alpha", "1", "1.x.1"},
		{"1-0-alpha", "1", "1-x"},
		{"1.0.alpha.1", "1", "1-x"},
		{"0-alpha", "0", "x"},
	} {
		for i := range c {
			if got := ask(s, c[i], c[(i+1)%3]); got != '<' {
				t.Errorf("%s %c %s", c[i], got, c[(i+1)%3])
			}
		}
	}
}

func TestMavenPrerelease(t *testing.T) {
	for v, want := range map[string]bool{
		"1.0": false, "1.0-rc1": true, "1.0a1": true, "1.0-a": false, "1.0.Beta2": true, "1.0-jre-SNAPSHOT": true,
		"1.0-20230101.120000-1": false, "1.0.Final": false, "1.0-sp": false, "1.0-M1": true, "1.0-foo": false,
	} {
		p, err := version.Parse(scheme(t, "maven"), v)
		if err != nil || p.IsPrerelease() != want || p.Upstream() != v {
			t.Errorf("%s: %v, %v", v, p.IsPrerelease(), err)
		}
	}
}

// A slowItem is a number, a word, or a list.
type slowItem struct {
	number *big.Int
	size   int // of a number, in digits
	word   string
	list   []*slowItem
	isList bool
}

var slowMavenRanks = []string{"alpha", "beta", "milestone", "rc", "snapshot", "", "sp"}

var slowMavenToken = regexp.MustCompile(`(?s)([0-9]+|[^0-9.-]+|)([.-]|)`)

// slowMaven follows the "Version Order Specification" of https://maven.apache.org/pom.html, and
// ComparableVersion where that is silent: lists in lists, trimmed, compared item by item.
func slowMaven(a, b string) byte {
	if !slowMavenValid(a) || !slowMavenValid(b) {
		return '!'
	}
	return "<=>"[slowMavenCompare(slowMavenParse(a), slowMavenParse(b))+1]
}

var slowMavenOdd = regexp.MustCompile(`[\x00\x{130}\x{3a3}]|[^\P{Nd}0-9\x{10000}-\x{10ffff}]`)

func slowMavenValid(v string) bool {
	return v != "" && utf8.ValidString(v) && !slowMavenOdd.MatchString(v)
}

func slowMavenParse(v string) *slowItem {
	v = strings.ToLower(v)
	root := &slowItem{isList: true}
	lists := []*slowItem{root}
	add := func(i *slowItem) {
		last := lists[len(lists)-1]
		last.list = append(last.list, i)
		if i.isList {
			lists = append(lists, i)
		}
	}
	open := func() { add(&slowItem{isList: true}) }
	for v != "" {
		m := slowMavenToken.FindStringSubmatch(v)
		v = v[len(m[0]):]
		text, end := m[1], m[2]
		digits := strings.Trim(text, "0123456789") == ""
		number := v != "" && v[0] >= '0' && v[0] <= '9' && end == "" // comes next
		switch {
		case digits:
			n, _ := new(big.Int).SetString("0"+text, 10)
			size := len(n.String())
			if n.Sign() == 0 {
				size = len(text)
			}
			add(&slowItem{number: n, size: size})
		default:
			if (number || v == "" && end == "") && len(lists[len(lists)-1].list) > 0 {
				open()
			}
			if word, ok := map[string]string{"a": "alpha", "b": "beta", "m": "milestone"}[text]; ok && number {
				text = word
			}
			if word, ok := map[string]string{"ga": "", "final": "", "release": "", "cr": "rc"}[text]; ok {
				text = word
			}
			add(&slowItem{word: text})
		}
		if end == "-" || end == "" && v != "" {
			open()
		}
	}
	slices.Reverse(lists)
	for _, l := range lists {
		l.trim()
	}
	return root
}

// trim takes away zeros at the end, and before a list.
func (i *slowItem) trim() {
	for at := len(i.list) - 1; at >= 0; at-- {
		if last := i.list[at]; slowMavenCompareNothing(last) == 0 && (!last.isList || len(last.list) == 0) {
			i.list = slices.Delete(i.list, at, at+1)
		} else if !last.isList {
			return
		}
	}
}

// place is the order of words: those that are known, then the others.
func (i *slowItem) place() []uint16 {
	if n := slices.Index(slowMavenRanks, i.word); n >= 0 {
		return []uint16{uint16(n)}
	}
	return append([]uint16{uint16(len(slowMavenRanks))}, utf16.Encode([]rune(i.word))...)
}

func slowMavenCompareNothing(a *slowItem) int {
	switch {
	case a.isList:
		for _, i := range a.list {
			if c := slowMavenCompareNothing(i); c != 0 {
				return c
			}
		}
		return 0
	case a.number != nil:
		return a.number.Sign()
	}
	return slices.Compare(a.place(), []uint16{5})
}

func slowMavenCompare(a, b *slowItem) int {
	kind := func(i *slowItem) int {
		switch {
		case i.isList:
			return 1
		case i.number != nil:
			return 2
		}
		return 0
	}
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -slowMavenCompareNothing(b)
	case b == nil:
		return slowMavenCompareNothing(a)
	case kind(a) != kind(b):
		return map[bool]int{true: -1, false: 1}[kind(a) < kind(b)]
	case a.number != nil:
		size := func(n int) int { return min((max(n, 1)-1)/9, 2) }
		if c := size(a.size) - size(b.size); c != 0 {
			return map[bool]int{true: -1, false: 1}[c < 0]
		}
		return a.number.Cmp(b.number)
	case !a.isList:
		return slices.Compare(a.place(), b.place())
	}
	for i := range max(len(a.list), len(b.list)) {
		var x, y *slowItem
		if i < len(a.list) {
			x = a.list[i]
		}
		if i < len(b.list) {
			y = b.list[i]
		}
		if c := slowMavenCompare(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// mavenCircles reports whether a version may be in a circle: a word after another item of its
// list, or a list that starts with a list.
func mavenCircles(v string) bool {
	var circles func(i *slowItem) bool
	circles = func(i *slowItem) bool {
		for at, item := range i.list {
			word := !item.isList && item.number == nil
			if word && at > 0 || item.isList && at == 0 || circles(item) {
				return true
			}
		}
		return false
	}
	return slowMavenValid(v) && circles(slowMavenParse(v))
}

var mavenRangeTool = rangeTool{
	scheme: "maven",
	header: `java -cp /usr/share/java/maven3-artifact.jar:/usr/share/java/commons-lang3.jar testdata/oracle/MavenRange.java, which
asks VersionRange.createFromVersionSpec(range).containsVersion(version) of maven-artifact 3.8.7
(libmaven3-core-java of Debian 12).`,
	pairs:  5000,
	pieces: "0 1 2 9 .0 .1 -1 -alpha -rc1 -SNAPSHOT .Final ␠ , [ ] ( ) [3,4] ,[3,4) ,[9,) (,0] 3 10 a1",
	parts:  1,
	tails:  ".0 .1 -0 -1 -alpha -alpha-1 -beta2 -rc1 -SNAPSHOT -ga .Final -sp -jre .x a1 -foo",
	ask:    byHex("java", "-cp", "/usr/share/java/maven3-artifact.jar:/usr/share/java/commons-lang3.jar", "testdata/oracle/MavenRange.java"),
}

func FuzzMavenRange(f *testing.F) { fuzzRange(f, "maven") }

func TestMavenSoftRequirement(t *testing.T) {
	s := scheme(t, "maven")
	r, err := version.ParseRange(s, "1.0")
	if err != nil {
		t.Fatal(err)
	}
	if in, err := r.Contains("2.0"); !in || err != nil || r.String() != "vers:maven/*" || len(r.Lint()) != 1 {
		t.Errorf("%v, %v, %s, %q", in, err, r, r.Lint())
	}
}
