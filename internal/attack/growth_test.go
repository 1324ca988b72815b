package attack

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

var shapes = map[string]string{
	"newlines": "\n", "words": "a b\n", "assignments": "x=y\n", "commas": "a,", "braces": "{ a;", "continuations": "a \\\n",
	"comments": "# x\n", "quotes": "\"a\" ", "sections": "[a]\nb=c\n", "colons": "a:b:1:1:c:/:/s\n",
}

// TestMeasure prints what readers take of hostile shapes.
func TestMeasure(t *testing.T) {
	if os.Getenv("MEASURE") == "" {
		t.Skip("prints what readers take; set MEASURE=1, and ONLY to a part of names")
	}
	only := os.Getenv("ONLY")
	for _, x := range targets(t) {
		if only != "" && !strings.Contains(x.name, only) {
			continue
		}
		for shape, unit := range shapes {
			const size = 256 << 10
			var times []time.Duration
			var mems []uint64
			for _, k := range []int{1, 4} {
				content := bytes.Repeat([]byte(unit), size*k/len(unit))
				sys := inventorytest.Open(t, x.config(t, content))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				began := time.Now()
				if _, err := check.Run(t.Context(), sys, []check.Compiled{x.rule}, check.Options{}); err != nil {
					t.Fatal(err)
				}
				times = append(times, time.Since(began))
				runtime.ReadMemStats(&after)
				mems = append(mems, after.TotalAlloc-before.TotalAlloc)
			}
			if times[1] > 100*time.Millisecond || mems[1] > 32<<20 {
				fmt.Printf("%8.1fms %8.1fms x%.1f  %6.1fMB x%.1f %s %s (%s)\n", float64(times[0])/1e6, float64(times[1])/1e6, float64(times[1])/float64(times[0]), float64(mems[1])/(1<<20), float64(mems[1])/float64(mems[0]), x.name, shape, x.rule.ID)
			}
		}
	}
}
