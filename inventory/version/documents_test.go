package version_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// TestSurprises holds the surprises that the documentation of the package lists.
func TestSurprises(t *testing.T) {
	for _, tt := range []struct{ scheme, pairs string }{
		{"alpm", "latest = latest, unknown > latest, 1.0rc1 < 1.0"},
		{"apk", "1.010 < 1.1, 1.010 < 1.02"},
		{"cargo", "1.0.0+a = 1.0.0+b, v1.0.0 ! 1.0.0, 1.2 ! 1.2"},
		{"deb", "latest = latest, unknown > latest, 1.0 = 1.00"},
		{"gem", "1.0.a < 1.0, 1.A < 1.a"},
		{"golang", "v1.0.0+a = v1.0.0+b, go1.22rc1 = 1.22.0-rc.1, go1.21 < go1.21rc1, v1.21 = v1.21.0, 1.2.3 = v1.2.3"},
		{"maven", "latest = latest, unknown > latest, 1-1 < 1.1, 1.0 = 1.ga, 1-final = 1, 1 < 1-foo"},
		{"maven", "1-alpha < 1, 1 < 1.x.1, 1.x.1 < 1-alpha"}, // one of its circles
		{"npm", "1.0.0+a = 1.0.0+b, v1.0.0 = 1.0.0, 1.2 ! 1.2"},
		{"npm", "1.0.0-9007199254740993 = 1.0.0-9007199254740992.1, 1.0.0-9007199254740992.1 < 1.0.0-9007199254740992.2"},
		{"nuget", "1.0.0+a = 1.0.0+b, 1.0 = 1.0.0.0, 1.0-A = 1.0-a, 1.2.3.4.5 ! 1"},
		{"openssh", "9.6 < 9.6p1, OpenSSH_9.6p1 = 9.6p1"},
		{"openssl", "1.0.2z < 1.0.2za, 1.0.2z-fips = 1.0.2z"},
		{"opkg", "latest = latest, unknown > latest"},
		{"pypi", "1.0.dev1 < 1.0a1, 1.0-1 = 1.0.post1, 1.0 < 1.0+x"},
		{"rpm", "latest = latest, unknown > latest, 1.0~rc1 < 1.0, 1.0 < 1.0^git1"},
		{"semver", "1.0.0+a = 1.0.0+b, v1.0.0 ! 1.0.0, 1.2 ! 1.2"},
		{"windows", "19045.3803 = 10.0.19045.3803, 11 ! 11"},
		{"generic", "A12 ! B03"},
		{"kernel", "5.15.0-91-generic ! 5.15.0-1050-aws"},
		{"macos", "13.4.1 ! 22F82"},
	} {
		for pair := range strings.SplitSeq(tt.pairs, ", ") {
			f := strings.Fields(pair)
			if got := ask(scheme(t, tt.scheme), f[0], f[2]); got != f[1][0] {
				t.Errorf("%s: %s %c %s, want %s", tt.scheme, f[0], got, f[2], f[1])
			}
		}
	}
}

// The empty range is every version to some tools, none to Maven, and a mistake to the others.
func TestEmptyRange(t *testing.T) {
	for _, s := range version.Schemes() {
		want := byte('!')
		switch s.Name() {
		case "npm", "pypi", "gem":
			want = 'i'
		case "maven":
			want = 'o'
		}
		if got := askRange(t, s, "", "10.2.3"); got != want {
			t.Errorf("10.2.3 is %q the empty range of %s, want %q", answers[got], s.Name(), answers[want])
		}
	}
	for _, p := range []pair{{"1.0", "9", 'i'}, {">=1", "0.1", 'i'}} {
		if got := askRange(t, scheme(t, "maven"), p.a, p.b); got != p.op {
			t.Errorf("%s is %s %s of maven", p.b, answers[got], p.a)
		}
	}
	if got := askRange(t, scheme(t, "nuget"), "1.*", "2.0"); got != 'i' {
		t.Errorf("2.0 is %s 1.* of nuget", answers[got])
	}
}

// TestEachSchemeIsHeld has what CONTRIBUTING.md asks of a scheme: a table of a tool, or a list of
// published versions; a second implementation; a fuzz target; a line of the documentation.
func TestEachSchemeIsHeld(t *testing.T) {
	documentation := read(t, "doc.go")
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range tests {
		source.WriteString(read(t, file))
	}
	for _, s := range version.Schemes() {
		name := s.Name()
		if table := "testdata/order/" + name + ".txt"; exists(table) {
			if n := len(readTable(t, table)); n < 3000 || !strings.HasPrefix(read(t, table), "# ") {
				t.Errorf("%s: %d pairs, or no first line that says which program made them", table, n)
			}
			if !slices.ContainsFunc(tools, func(t tool) bool { return t.scheme == name }) {
				t.Errorf("%s has a table, but no tool", name)
			}
		} else if list := "testdata/ascending/" + name + ".txt"; len(readLines(t, list)) < 20 || !strings.HasPrefix(read(t, list), "# ") {
			t.Errorf("%s is short, or has no first line that says where it comes from", list)
		}
		if slow[name] == nil && name != "generic" { // which another library is beside
			t.Errorf("%s has no second implementation", name)
		}
		if !regexp.MustCompile(`func Fuzz\w+\(f \*testing\.F\) +\{ fuzz\(f, "` + name + `"\) \}`).MatchString(source.String()) {
			t.Errorf("%s has no fuzz target", name)
		}
		if !strings.Contains(documentation, "\n//   - "+name+": ") {
			t.Errorf("the package's documentation has no line on %s", name)
		}
	}
	for _, tool := range rangeTools {
		if n := len(readRangeTable(t, "testdata/ranges/"+tool.scheme+".txt")); n < 3000 {
			t.Errorf("only %d results for ranges of %s", n, tool.scheme)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
