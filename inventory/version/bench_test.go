package version_test

import (
	"math/rand/v2"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// accidents are pairs of a real version and the same one after accidents, most of them valid.
func accidents(t testing.TB, s version.Scheme, n int) []pair {
	rng := rand.New(rand.NewPCG(5, 6))
	real, pieces := readVersions(t, "testdata/real/"+s.Name()+".txt"), piecesOf(s.Name())
	var pairs []pair
	for tries := 0; len(pairs) < n && tries < 100*n; tries++ {
		p := pair{a: real[rng.IntN(len(real))]}
		p.b = mutate(rng, p.a, pieces)
		if s.Validate(p.a) == nil && s.Validate(p.b) == nil {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// BenchmarkCompare: ns/op is of a pair. How other libraries do is measured by the module in bench.
func BenchmarkCompare(b *testing.B) {
	for _, s := range version.Schemes() {
		if !exists("testdata/real/" + s.Name() + ".txt") {
			continue
		}
		b.Run(s.Name(), func(b *testing.B) {
			pairs := accidents(b, s, 1000)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				p := &pairs[i%len(pairs)]
				i++
				if _, err := s.Compare(p.a, p.b); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
