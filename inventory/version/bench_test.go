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

// BenchmarkContains asks parsed ranges about versions.
func BenchmarkContains(b *testing.B) {
	for _, tt := range []struct{ scheme, text, v string }{
		{"deb", ">= 1:9.2p1-2, < 1:9.2p1-2+deb12u3", "1:9.2p1-2+deb12u2"},
		{"rpm", ">= 1.1.1k-7, < 1.1.1k-12.el8_9", "1.1.1k-9.el8_7"},
		{"apk", ">=3.0.7, <3.0.12-r4", "3.0.12-r1"},
		{"npm", "^1.2.3 || ~2.4", "2.4.7"},
		{"pypi", "~=1.4.2, !=1.4.5", "1.4.9"},
		{"maven", "[1.0,2.0),(2.0,3.0]", "2.5.1"},
	} {
		b.Run(tt.scheme, func(b *testing.B) {
			r, err := version.ParseRange(scheme(b, tt.scheme), tt.text)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if in, err := r.Contains(tt.v); !in || err != nil {
					b.Fatal(in, err)
				}
			}
		})
	}
}
