package auditrules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := auditrules.Parse(append([]byte("-i\n"), b...), ""); return err }
	growth.All(t, 200, read, "-w /a -p wa\n", "-D -k a\n")
	growth.Limit(t, "-D\n", ":100001: ", read)
}

// Rules that are put first, taken away and taken away by their key keep their order, and are not
// looked for one by one.
func TestManyRules(t *testing.T) {
	var b strings.Builder
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&b, "-A exit,always -S open -F a0=%d -k k%d\n", i, i%1000)
	}
	for i := range n / 2 {
		fmt.Fprintf(&b, "-d exit,always -S open -F a0=%d -k k%d\n", i, i%1000)
	}
	for i := range 990 {
		fmt.Fprintf(&b, "-D -k k%d\n", i)
	}
	r, err := auditrules.Parse([]byte(b.String()), "")
	if err != nil || r.Stopped != nil {
		t.Fatal(err, r.Stopped)
	}
	if len(r.All) != 100 || r.All[0].Line != n || r.All[99].Line != n/2+991 {
		t.Errorf("got %d rules, of lines %d to %d", len(r.All), r.All[0].Line, r.All[len(r.All)-1].Line)
	}
}
