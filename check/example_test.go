package check_test

import (
	"context"
	"fmt"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// file is a check of one file, the simplest there is.
func file(name string) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		_, err := sys.Stat(ctx, name)
		at := check.Evidence{Position: inventory.Position{Source: name}, Subject: name, Want: "there"}
		switch {
		case inventory.IsAbsent(err, name):
			at.Got = "not there"
			v.Bad(at)
		case err != nil:
			return err
		default:
			at.Got = "there"
			v.Good(at)
		}
		return nil
	})
}

func ExampleRun() {
	cfg, err := inventorytest.Parse([]byte("os: linux\n-- etc/motd --\nhello\n"))
	if err != nil {
		panic(err)
	}
	sys, err := inventory.New(cfg)
	if err != nil {
		panic(err)
	}
	defer sys.Close()
	rules := []check.Compiled{
		{Rule: check.Rule{ID: "linux.banner.motd", Severity: check.Low, Platforms: []string{"linux"}}, Check: file("etc/motd")},
		{Rule: check.Rule{ID: "windows.banner.notice", Severity: check.Low, Platforms: []string{"windows"}}, Check: file("C:/notice.txt")},
	}
	outcomes, err := check.Run(context.Background(), sys, rules, check.Options{})
	if err != nil {
		panic(err)
	}
	for _, o := range outcomes {
		fmt.Println(o.Rule.ID, o.Result.Status, o.Result.Message)
	}
	// Output:
	// linux.banner.motd pass 1 judged
	// windows.banner.notice notapplicable for ["windows"], not for linux
}

func ExampleAll() {
	banners := check.All(file("etc/issue"), check.Any(file("etc/motd"), file("run/motd")))
	r, err := checktest.Judge("-- etc/issue --\n-- run/motd --\n", banners, nil)
	fmt.Println(r.Status, err)
	r, err = checktest.Judge("-- etc/issue error=EACCES --\n-- run dir error=EACCES --\n", check.When(file("etc/motd"), banners), nil)
	fmt.Println(r.Status, r.Message, err)
	// Output:
	// pass <nil>
	// notapplicable the condition is not met: etc/motd: not there, want there <nil>
}

func ExampleVerdict() {
	v := new(check.Verdict)
	for _, p := range []int{22, 23, 443} {
		got := "closed"
		if p == 23 {
			got = "open"
		}
		v.Judge(got == "closed", check.Evidence{Subject: fmt.Sprint("port ", p), Want: "closed", Got: got})
	}
	r := v.Result()
	fmt.Println(r.Status, r.Message, r.Evidence)
	// Output: fail 1 of 3 [port 23: open, want closed]
}
