package mountinfo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/internal/mountinfo"
)

func TestGrowth(t *testing.T) {
	const line = "1 1 0:1 / /a rw - tmpfs tmpfs rw\n"
	read := func(b []byte) error { _, err := mountinfo.Parse(b); return err }
	growth.All(t, 60, read, line, "1 1 0:1 / / a,")
	growth.Limit(t, line, "line 100001: ", read)
	growth.Limit(t, "/a/b", "line 1: ", func(b []byte) error {
		return read([]byte("1 1 0:1 / " + string(b) + " rw - tmpfs tmpfs rw\n"))
	})
}

// Mounts on one parent hide one another, and each is looked at once.
func TestIndexGrows(t *testing.T) {
	for _, n := range []int{100, 50_000} {
		var b strings.Builder
		fmt.Fprint(&b, "1 1 0:1 / / rw - ext4 x rw\n")
		for i := range n {
			fmt.Fprintf(&b, "%d 1 0:1 / /m/%d/x rw - tmpfs x rw\n", i+2, i)
		}
		fmt.Fprintf(&b, "%d 1 0:1 / /m/7 rw - tmpfs x rw\n", n+2)
		all, err := mountinfo.Parse([]byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		top := mountinfo.Index(all, "/").Child("m")
		if got := len(top.Names()); got != n || top.Child("7").Child("x") != nil || top.Child("8").Child("x") == nil {
			t.Errorf("got %d names below /m, want %d, and that /m/7 hides /m/7/x", got, n)
		}
	}
}
