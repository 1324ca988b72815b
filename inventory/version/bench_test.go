package version_test

import (
	"path/filepath"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// BenchmarkCompare takes the pairs of the tables that are of real versions and of accidents
// that happen to them; ns/op is of a pair. How other libraries
// do is measured by the module in bench.
func BenchmarkCompare(b *testing.B) {
	for _, s := range version.Schemes() {
		file := filepath.Join("testdata", "order", s.Name()+".txt")
		if !exists(file) {
			continue
		}
		corners := map[string]bool{}
		for _, v := range readVersions(b, "testdata/corners/"+s.Name()+".txt") {
			corners[v] = true
		}
		var pairs []pair
		for _, p := range readTable(b, file) {
			if p.op != '!' && !corners[p.a] && !corners[p.b] {
				pairs = append(pairs, p)
			}
		}
		b.Run(s.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p := &pairs[i%len(pairs)]
				s.Compare(p.a, p.b)
			}
		})
	}
}
