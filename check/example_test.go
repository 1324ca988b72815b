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
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		_, err := sys.Stat(ctx, name)
		switch {
		case inventory.IsAbsent(err, name):
			return check.Failed(name + " is not there")
		case err != nil:
			return check.FromError(err)
		}
		return check.Passed(name + " is there")
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
	rules := []check.Rule{
		{ID: "linux.banner.motd", Severity: check.Low, Platforms: []string{"linux"}, Check: file("etc/motd")},
		{ID: "windows.banner.notice", Severity: check.Low, Platforms: []string{"windows"}, Check: file("C:/notice.txt")},
	}
	outcomes, err := check.Run(context.Background(), sys, rules, check.Options{})
	if err != nil {
		panic(err)
	}
	for _, o := range outcomes {
		fmt.Println(o.Rule.ID, o.Result.Status, o.Result.Message)
	}
	// Output:
	// linux.banner.motd pass etc/motd is there
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
	// notapplicable etc/motd is not there <nil>
}

func ExampleEach() {
	ports := []int{22, 23, 443}
	r := check.Each(ports, func(p int) (check.Evidence, bool) {
		return check.Evidence{Subject: fmt.Sprint("port ", p), Want: "closed", Got: "open"}, p == 23
	})
	fmt.Println(r.Status, r.Message, r.Evidence)
	// Output: fail 1 of 3 [{ 0 port 23 closed open}]
}
