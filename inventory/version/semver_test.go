package version_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	masterminds "github.com/Masterminds/semver/v3"
	"golang.org/x/mod/semver"
)

var semverTool = tool{
	scheme: "semver",
	header: "semver.StrictNewVersion(A).Compare(B) of github.com/Masterminds/semver/v3 3.5.0 and, as it has neither\n" +
		"numbers beyond 2^64 nor versions above 256 bytes, semver.Compare(vA, vB) of golang.org/x/mod 0.42.0.",
	pairs:  4000,
	pieces: "1 2 3 9 10 1 2 10 0 .1 .0 .a -1 -0 -a -rc.1 -beta.2 -1 -a +b +1 a A z x - 9007199254740993 99999999999999999999999 é v",
	ask:    askSemver,
}

var semverRangeTool = rangeTool{
	scheme: "semver",
	header: "semver.NewConstraint(RANGE).Check(VERSION) of github.com/Masterminds/semver/v3 3.5.0, of versions\n" +
		"that its StrictNewVersion takes.",
	pairs:  4000,
	pieces: "1 2 0 x .x .1 .0 1 2 3 10 ^ ~ > = >= ␠ ␠||␠ , ,␠ v -a -0 -beta.2 ␠1.x ,␠<2 ␠>=1.2.3-a ␠^1.2 +b ~> * ,!=1.2 ␠!=1.5.0",
	parts:  3,
	tails:  "-0 -alpha -rc.1 +b -beta.2 -a .0",
	ask:    askSemverRange,
}

func FuzzSemver(f *testing.F)      { fuzz(f, "semver") }
func FuzzSemverRange(f *testing.F) { fuzzRange(f, "semver") }

// beyond are pre-releases with numbers that Masterminds compares as words, being no uint64.
var beyond = regexp.MustCompile(`-.*[0-9]{20}`)

func askSemver(t *testing.T, pairs []pair) []byte {
	ops := make([]byte, len(pairs))
	for i, p := range pairs {
		if !semverTakes(p.a) || !semverTakes(p.b) {
			ops[i] = '!'
			continue
		}
		ops[i] = "<=>"[semver.Compare("v"+p.a, "v"+p.b)+1]
		a, err := masterminds.StrictNewVersion(p.a)
		b, err2 := masterminds.StrictNewVersion(p.b)
		if err != nil || err2 != nil || beyond.MatchString(p.a) || beyond.MatchString(p.b) {
			continue
		}
		if got := "<=>"[a.Compare(b)+1]; got != ops[i] {
			t.Errorf("%q %c %q in golang.org/x/mod, but %c in Masterminds", p.a, ops[i], p.b, got)
		}
	}
	return ops
}

// semverTakes reports whether both take v, but for what is too large for Masterminds.
func semverTakes(v string) bool {
	_, err := masterminds.StrictNewVersion(v)
	if errors.Is(err, strconv.ErrRange) || errors.Is(err, masterminds.ErrVersionTooLong) {
		return semver.IsValid("v"+v) && tripleForm.MatchString(v)
	}
	return err == nil
}

// askSemverRange leaves out versions that the tool does not take, but semver does.
func askSemverRange(_ *testing.T, pairs []pair) []byte {
	ops := make([]byte, len(pairs))
	for i, p := range pairs {
		v, err := masterminds.StrictNewVersion(p.b)
		c, err2 := masterminds.NewConstraint(p.a)
		switch {
		case err != nil && semverTakes(p.b) || beyond.MatchString(p.a+p.b):
			continue
		case err != nil || err2 != nil:
			ops[i] = '!'
		case c.Check(v):
			ops[i] = 'i'
		default:
			ops[i] = 'o'
		}
	}
	return ops
}

// slowSemver is https://semver.org/spec/v2.0.0.html.
func slowSemver(a, b string) byte {
	x, y := tripleForm.FindStringSubmatch(a), tripleForm.FindStringSubmatch(b)
	if x == nil || y == nil || strings.HasSuffix(a, "\n") || strings.HasSuffix(b, "\n") {
		return '!'
	}
	return slowTriple(x, y, slowNumber)
}
