package sudo_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/check/sudo"
)

type maker interface{ Check() (check.Check, error) }

func TestChecks(t *testing.T) {
	on := setting.Accept{Want: []string{"on"}}
	most := 15
	pty := sudo.Setting{Name: "use_pty", Accept: on}
	auth := sudo.Setting{Name: "authenticate", Accept: on, Default: "on"}
	stamp := sudo.Setting{Name: "timestamp_timeout", Accept: setting.Accept{Max: &most}, Default: "5"}
	for _, c := range []struct {
		check maker
		text  string
		want  check.Status
	}{
		{pty, "Defaults use_pty", check.Pass},
		{pty, "", check.Unknown},
		{pty, "Defaults use_pty\nDefaults !use_pty", check.Fail},
		{pty, "Defaults !use_pty\nDefaults use_pty", check.Pass},
		{pty, "Defaults use_pty\nDefaults:alice !use_pty", check.Fail},
		{auth, "", check.Pass},
		{auth, "Defaults!/bin/ls !authenticate", check.Fail},
		{stamp, "", check.Pass},
		{stamp, "Defaults timestamp_timeout=60", check.Fail},
		{stamp, "Defaults timestamp_timeout=5.5", check.Pass},
		{sudo.PasswordsAsked{}, "%sudo ALL=(ALL) ALL", check.Pass},
		{sudo.PasswordsAsked{}, "%sudo ALL=(ALL) NOPASSWD: ALL", check.Fail},
		{sudo.PasswordsAsked{}, "%sudo ALL=(ALL) NOPASSWD: /bin/a, PASSWD: ALL", check.Pass},
		{sudo.PasswordsAsked{}, "%sudo ALL=(ALL) PASSWD: ALL", check.Pass},
		{sudo.PasswordsAsked{}, "root ALL=(ALL) NOPASSWD: ALL", check.Pass},
		{sudo.PasswordsAsked{}, "root, alice ALL=(ALL) NOPASSWD: ALL", check.Fail},
		{sudo.PasswordsAsked{Allow: []string{"%agents"}}, "%agents ALL=(ALL) NOPASSWD: /bin/a", check.Pass},
		{sudo.PasswordsAsked{}, "nonsense", check.Error},
		{sudo.NotForAll{}, "%sudo ALL=(ALL) ALL", check.Pass},
		{sudo.NotForAll{}, "ALL ALL=(ALL) ALL", check.Fail},
		{sudo.NotForAll{}, "User_Alias U = alice, ALL\nCmnd_Alias C = ALL\nU ALL=(ALL) C", check.Fail},
		{sudo.NotForAll{}, "ALL ALL=/bin/ls", check.Pass},
		{sudo.NoExceptions{}, "alice ALL=ALL, !/bin/sh", check.Fail},
		{sudo.NoExceptions{}, "Cmnd_Alias SAFE = ALL, !/bin/sh\nalice ALL=SAFE", check.Fail},
		{sudo.NoExceptions{}, "alice ALL=/bin/ls", check.Pass},
	} {
		made, err := c.check.Check()
		if r, err := checktest.Judge("-- etc/sudoers --\n"+c.text+"\n", made, err); err != nil || r.Status != c.want {
			t.Errorf("%+v of %q: got %s (%s), %v, want %s", c.check, c.text, r.Status, r.Message, err, c.want)
		}
		if r, err := checktest.Judge("", made, err); err != nil || r.Status != check.NotApplicable {
			t.Errorf("%+v without sudo: got %s, %v", c.check, r.Status, err)
		}
		if r, err := checktest.Judge("-- etc/nsswitch.conf --\nsudoers: files ldap\n-- etc/sudoers --\n"+c.text+"\n", made, err); err != nil || r.Status == check.Pass {
			t.Errorf("%+v with a directory: got %s, %v", c.check, r.Status, err)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	for _, a := range []maker{sudo.Setting{Name: "use_pty"}, sudo.Setting{Accept: setting.Accept{Want: []string{"on"}}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%+v: got no error", a)
		}
	}
}

func ExamplePasswordsAsked() {
	c, err := sudo.PasswordsAsked{}.Check()
	r, err := checktest.Judge("-- etc/sudoers --\nalice ALL=(ALL) NOPASSWD: /usr/bin/systemctl restart app\n", c, err)
	e := r.Evidence[0]
	fmt.Printf("%s %s:%d %s: %s, %v\n", r.Status, e.Source, e.Line, e.Subject, e.Got, err)
	// Output: fail etc/sudoers:1 alice: none is asked for /usr/bin/systemctl, <nil>
}
