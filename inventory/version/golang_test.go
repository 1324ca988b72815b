package version_test

import (
	goversion "go/version"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/semver"
)

var golangTool = tool{
	scheme: "golang",
	header: "semver.Compare(A, B) of golang.org/x/mod 0.42.0 for two of modules, with a v before those without;\n" +
		"version.Compare(A, B) of the standard library's go/version (Go 1.26) for two toolchains, with go before\n" +
		"those without. One of each: a toolchain is where the Go vulnerability database has it, go1.22rc1 at v1.22.0-rc.1,\n" +
		"and a language version (go1.22) just before v1.22.0-0.",
	pairs:  4000,
	pieces: "1 2 10 20 21 22 1 2 3 .1 -1 -0 -a -rc.1 rc1 -0.20180101000000-abcdefabcdef +incompatible +b a x -1 -a",
	ask: func(_ *testing.T, pairs []pair) []byte {
		ops := make([]byte, len(pairs))
		for i, p := range pairs {
			ops[i] = slowGolang(p.a, p.b)
		}
		return ops
	},
}

func FuzzGolang(f *testing.F) { fuzz(f, "golang") }

// slowGolang asks the two packages.
func slowGolang(a, b string) byte {
	a, b = golangName(a), golangName(b)
	switch {
	case a == "" || b == "":
		return '!'
	case a[0] == 'v' && b[0] == 'v':
		return "<=>"[semver.Compare(a, b)+1]
	case a[0] == 'g' && b[0] == 'g':
		return "<=>"[goversion.Compare(a, b)+1]
	case a[0] == 'v':
		return mirror(golangMixed(b, a))
	}
	return golangMixed(a, b)
}

// golangName is v with what is missing before it, empty if it is no version.
func golangName(v string) string {
	switch {
	case semver.IsValid(v) || goversion.IsValid(v):
		return v
	case tripleForm.MatchString(v) && semver.IsValid("v"+v):
		return "v" + v
	case goversion.IsValid("go"+v) && !strings.Contains(v, "-"):
		return "go" + v
	}
	return ""
}

var toolchainForm = regexp.MustCompile(`^go([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?([a-z]+)?([0-9]+)?(?:-.*)?$`)

// golangMixed compares a toolchain with a version of a module.
func golangMixed(name, module string) byte {
	m := toolchainForm.FindStringSubmatch(strings.SplitN(name, "-", 2)[0])
	for i := 1; i <= 3; i++ {
		if m[i] == "" {
			m[i] = "0"
		}
	}
	v := "v" + strings.Join(m[1:4], ".")
	switch {
	case m[4] != "" && m[5] != "":
		v += "-" + m[4] + "." + m[5]
	case m[4] != "":
		v += "-" + m[4]
	case goversion.Compare(name, "go"+v[1:]) < 0: // the language
		if semver.Compare(v+"-0", module) <= 0 {
			return '<'
		}
		return '>'
	}
	return "<=>"[semver.Compare(v, module)+1]
}
