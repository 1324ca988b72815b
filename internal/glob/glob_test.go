package glob_test

import (
	"math/rand/v2"
	"path"
	"testing"

	"github.com/hardening-sdk/hardening/internal/glob"
)

// Short texts of few letters meet all cases.
func TestAgreesWithPath(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(letters string) string {
		b := make([]byte, rng.IntN(8))
		for i := range b {
			b[i] = letters[rng.IntN(len(letters))]
		}
		return string(b)
	}
	matched := 0
	for range 500_000 {
		pattern, name := text("ab/***?["), text("aab/")
		want, err := path.Match(pattern, name)
		if err != nil {
			continue
		}
		if got := glob.Match(pattern, name); got != want {
			t.Fatalf("%q, %q: got %v", pattern, name, got)
		}
		if want {
			matched++
		}
	}
	if matched < 10_000 {
		t.Errorf("only %d match", matched)
	}
}

func BenchmarkMatch(b *testing.B) {
	for range b.N {
		glob.Match("*-dbgsym-*", "linux-image-6.1.0-18-amd64")
	}
}

func BenchmarkPath(b *testing.B) {
	for range b.N {
		path.Match("*-dbgsym-*", "linux-image-6.1.0-18-amd64")
	}
}
