package version_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// No registry has apk-tools: the table was made where its source was at hand.
var apkTool = tool{
	scheme: "apk",
	header: "apk version --check A B, then apk version --test A B: apk_version_validate and apk_version_compare of\n" +
		"apk-tools 3.0.6 (https://gitlab.alpinelinux.org/alpine/apk-tools, tag v3.0.6), built into a program of a few lines\n" +
		"for the purpose, which answers two versions a line in hexadecimal with an operator a line.",
	pairs:    12000,
	pieces:   ".0 .00 .1 .09 .10 .010 1 0 2 a b z _alpha _beta1 _pre _rc _rc2 _cvs _svn _git _hg _p _p1 _p0 -r0 -r1 -r01 -r10 ~ab12 3 .1 .01 .0 .18446744073709551616 .99999999999999999999999 _rc_p .2.3 _alpha2 4 5 6 7 8 9 9 .11 .20 é",
	ask:      byHex("apk-compare"),
	elective: "apk-compare",
}

func FuzzAPK(f *testing.F) { fuzz(f, "apk") }

var apkForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(~[0-9a-f]+)?(-r[0-9]+)?$`)

// slowAPK makes a list of each version's parts, in which the end is a part too, and
// compares them one after the other.
func slowAPK(a, b string) byte {
	x, y := slowAPKParts(a), slowAPKParts(b)
	if x == nil || y == nil {
		return '!'
	}
	return "<=>"[1+slices.CompareFunc(x, y, slowAPKCompare)]
}

type slowAPKPart struct {
	place  int
	text   string
	number uint64
}

func slowAPKCompare(p, q slowAPKPart) int {
	switch {
	case p.place != q.place:
		return map[bool]int{true: -1, false: 1}[p.place < q.place]
	case p.text != "" && q.text != "" && (p.text[0] == '0' || q.text[0] == '0' || p.place == 3):
		return strings.Compare(p.text, q.text)
	case p.number != q.number:
		return map[bool]int{true: -1, false: 1}[p.number < q.number]
	}
	return 0
}

func slowAPKParts(v string) []slowAPKPart {
	m := apkForm.FindStringSubmatch(v)
	if m == nil || strings.HasSuffix(v, "\n") {
		return nil
	}
	number := func(s string) uint64 {
		var n uint64
		for _, c := range s {
			n = n*10 + uint64(c-'0')
		}
		return n
	}
	var ps []slowAPKPart
	for i, n := range strings.Split(m[1], ".") {
		p := slowAPKPart{place: 9, number: number(n)}
		if i > 0 {
			p.text = n
		}
		ps = append(ps, p)
	}
	if m[2] != "" {
		ps = append(ps, slowAPKPart{place: 8, number: uint64(m[2][0])})
	}
	for _, s := range strings.Split(m[3], "_")[1:] {
		name := strings.TrimRight(s, "0123456789")
		at := slices.Index([]string{"alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"}, name)
		place := 7
		if at < 4 {
			place = 0
		}
		ps = append(ps, slowAPKPart{place: place, number: uint64(at)})
		if s != name {
			ps = append(ps, slowAPKPart{place: 4, number: number(s[len(name):])})
		}
	}
	if m[4] != "" {
		ps = append(ps, slowAPKPart{place: 3, text: m[4][1:]})
	}
	if m[5] != "" {
		ps = append(ps, slowAPKPart{place: 2, number: number(m[5][2:])})
	}
	return append(ps, slowAPKPart{place: 1})
}
