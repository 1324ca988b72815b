package hardening_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/hipaa"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// host stands for inventory.Host or inventory.Dir, so that the example prints the same on
// every machine.
func host() (inventory.Config, error) {
	return inventorytest.Parse([]byte("os: linux\n-- etc/passwd --\nroot:*:0:0::/root:/bin/sh\ntoor:*:0:0::/root:/bin/sh\n"))
}

// Judge a system by a baseline, and say what it means for the Security Rule.
func Example() {
	ctx := context.Background()
	cfg, err := host() // inventory.Host(), or inventory.Dir("/mnt/image")
	if err != nil {
		panic(err)
	}
	defer cfg.Close()
	sys, err := inventory.New(cfg)
	if err != nil {
		panic(err)
	}
	defer sys.Close()
	base, err := builtin.Load(ctx, "linux-server")
	if err != nil {
		panic(err)
	}
	outcomes, err := check.Run(ctx, sys, base.Compiled(), check.Options{})
	for _, o := range outcomes { // all of them, also beside an error
		if o.Result.Status == check.Fail && o.Rule.Severity == check.High {
			fmt.Println(o.Rule.ID, o.Result.Evidence, hipaa.Citations(o.Rule))
		}
	}
	if errors.Is(err, check.ErrAbandoned) {
		log.Print(err) // a dead mount holds a goroutine; the outcomes are complete
		err = nil
	}
	if err != nil { // of a canceled run: rules that were not done are unknown
		panic(err)
	}
	// Output:
	// linux.account.root-is-the-only-superuser [toor: 0, want a user ID above 0 (etc/passwd:2)] [164.312(a)(2)(i) 164.312(a)(1)]
	// linux.mandatory-access.on [AppArmor: not there, want on, with profiles SELinux: not there, want enforcing] [164.312(a)(1) 164.312(c)(1)]
}

// A check of one's own: a fact, and what is wrong about one of its subjects.
func Example_check() {
	homes := check.Of(passwd.Fact, func(v *check.Verdict, users []passwd.User) {
		for _, u := range users {
			at := inventory.Position{Source: u.Source, Line: u.Line}
			v.Judge(u.Home != "", check.Evidence{Position: at, Subject: u.Name, Want: "a home", Got: u.Home})
		}
	})
	cfg, err := host()
	if err != nil {
		panic(err)
	}
	sys, err := inventory.New(cfg)
	if err != nil {
		panic(err)
	}
	out, err := check.Run(context.Background(), sys, []check.Compiled{{Rule: check.Rule{ID: "linux.account.home"}, Check: homes}}, check.Options{})
	fmt.Println(out[0].Result.Status, out[0].Result.Message, err)
	// Output: pass 2 judged <nil>
}
