package checktest_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// A check with a mistake: it takes any file that is missing for an answer. In a test,
// Conform(t, rule, inventorytest.Config(t, fixture)) would report it.
func ExampleConformance_Violations() {
	sloppy := check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		for _, name := range []string{"etc/issue", "etc/issue.net"} {
			if _, err := sys.ReadText(ctx, name); errors.Is(err, fs.ErrNotExist) {
				v.Absent(check.Evidence{Subject: name})
				return nil
			} else if err != nil {
				return err
			}
		}
		v.Bad(check.Evidence{Subject: "banners", Want: "no name of the system", Got: "its name"})
		return nil
	})
	cfg, err := inventorytest.Parse([]byte("-- etc/issue --\nDebian\n-- etc/issue.net --\nDebian\n"))
	if err != nil {
		panic(err)
	}
	banner := checktest.Conformance{Optional: []string{"etc/issue"}}
	for _, err := range banner.Violations(context.Background(), check.Compiled{Rule: check.Rule{ID: "linux.banner.silent"}, Check: sloppy}, cfg) {
		fmt.Println(err)
	}
	// Output: with [read etc/issue.net gone] it answers notapplicable, not fail; if the absence of etc/issue.net says so, use checktest.Conformance{Optional: []string{"etc/issue.net"}}.Test
}

func ExampleInject() {
	cfg, err := inventorytest.Parse([]byte("-- etc/passwd --\nroot:x:0:0:::\n"))
	if err != nil {
		panic(err)
	}
	read := inventory.Read{Op: filetree.OpRead, Name: "etc/passwd"}
	sys, err := inventory.New(inventorytest.Inject(cfg, inventorytest.Fault{Read: read, Kind: inventorytest.Short}))
	if err != nil {
		panic(err)
	}
	_, err = sys.ReadFile(context.Background(), "etc/passwd")
	fmt.Println(err)
	// Output: read etc/passwd: changed while it was read: 7 of 14 bytes
}
