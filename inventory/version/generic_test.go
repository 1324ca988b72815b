package version_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"testing"

	hashicorp "github.com/hashicorp/go-version"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// Where hashicorp/go-version compares numbers of pre-releases as text, those in words (beta10
// before beta2) and those with a zero in front, generic counts.
var counted = regexp.MustCompile(`[A-Za-z][0-9]|[0-9][A-Za-z]|-.*\.0[0-9]`)

// TestGenericIsHashicorp compares the order of generic, where it has one, with that of
// github.com/hashicorp/go-version.
func TestGenericIsHashicorp(t *testing.T) {
	s := scheme(t, "generic")
	rng := rand.New(rand.NewPCG(11, 12))
	agreed := map[byte]int{}
	for range 50000 {
		a := numbered(rng)
		b := numbered(rng)
		if rng.IntN(2) == 0 {
			b = mutate(rng, a, []string{".0", ".1", "-alpha", "-beta", "-rc", "-rc.1", "-beta.2", "+1", ".10", "-dev"})
		}
		x, errX := hashicorp.NewVersion(a)
		y, errY := hashicorp.NewVersion(b)
		if errX != nil || errY != nil || counted.MatchString(a) || counted.MatchString(b) {
			continue
		}
		got := ask(s, a, b)
		want := "<=>"[1+x.Compare(y)]
		if want == '=' && len(x.Segments()) != len(y.Segments()) {
			continue // it does not look at pre-releases then
		}
		if got != '!' && got != want {
			t.Fatalf("%q %c %q, but hashicorp/go-version %c", a, got, b, want)
		}
		agreed[got]++
	}
	if agreed['<'] < 5000 || agreed['>'] < 5000 || agreed['='] < 500 {
		t.Errorf("too few results: %v", agreed)
	}
	t.Logf("%d before, %d equal, %d after, %d without an order", agreed['<'], agreed['='], agreed['>'], agreed['!'])
}

// numbered is a version of numbers, of a pre-release now and then.
func numbered(rng *rand.Rand) string {
	parts := []string{"0", "1", "2", "9", "10", "11", "01", "100"}
	v := []string{"", "", "v"}[rng.IntN(3)] + parts[rng.IntN(len(parts))]
	for range rng.IntN(3) {
		v += "." + parts[rng.IntN(len(parts))]
	}
	if rng.IntN(3) == 0 {
		v += []string{"-alpha", "-beta", "-rc", "-beta.1", "-rc.2", "-rc.10", "-dev", "-snapshot"}[rng.IntN(8)]
	}
	return v
}

// TestGenericRangesAreHashicorps does the same for constraints.
func TestGenericRangesAreHashicorps(t *testing.T) {
	s := scheme(t, "generic")
	rng := rand.New(rand.NewPCG(13, 14))
	agreed := map[bool]int{}
	for range 50000 {
		text := []string{"", "= ", "!= ", "> ", "< ", ">= ", "<= ", "~> "}[rng.IntN(8)] + numbered(rng)
		if rng.IntN(3) == 0 {
			text += []string{", < ", ", >= ", ", != "}[rng.IntN(3)] + numbered(rng)
		}
		v := numbered(rng)
		c, err := hashicorp.NewConstraint(text)
		if err != nil {
			t.Fatal(text, err)
		}
		r, err := version.ParseRange(s, text)
		if errors.Is(err, version.ErrInvalid) {
			continue // versions of which the order would be a guess
		}
		if err != nil {
			t.Fatal(err)
		}
		x, err := hashicorp.NewVersion(v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Contains(v)
		if err != nil {
			continue
		}
		if want := c.Check(x); got != want {
			t.Fatalf("%q contains %q: %v, but hashicorp/go-version %v", text, v, got, want)
		}
		agreed[got]++
	}
	if agreed[true] < 5000 || agreed[false] < 5000 {
		t.Errorf("too few results: %v", agreed)
	}
}
