package banner_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/banner"
	"github.com/hardening-sdk/hardening/check/checktest"
)

const (
	server  = "-- usr/sbin/sshd --\nOpenSSH_9.2p1\n"
	release = "-- etc/os-release --\nNAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n"
)

func TestWarns(t *testing.T) {
	for name, c := range map[string]struct {
		on, fixture string
		want        check.Status
	}{
		"console":           {"console", "-- etc/issue --\nAuthorised use only\n", check.Pass},
		"console, drop-in":  {"console", "-- etc/issue --\n-- etc/issue.d/a.issue --\nauthorised use only\n", check.Pass},
		"console, other":    {"console", "-- etc/issue --\nWelcome\n", check.Fail},
		"console, no file":  {"console", "", check.Fail},
		"console, denied":   {"console", "-- etc/issue error=EACCES --\n", check.Unknown},
		"no server":         {"ssh", "", check.NotApplicable},
		"ssh, none":         {"ssh", server + "-- etc/ssh/sshd_config --\n", check.Fail},
		"ssh":               {"ssh", server + "-- etc/ssh/sshd_config --\nBanner /etc/issue.net\n-- etc/issue.net --\nAuthorised use only\n", check.Pass},
		"ssh, not for all":  {"ssh", server + "-- etc/ssh/sshd_config --\nBanner /etc/issue.net\nMatch User x\nBanner none\n-- etc/issue.net --\nAuthorised use only\n", check.Fail},
		"ssh, missing file": {"ssh", server + "-- etc/ssh/sshd_config --\nBanner /etc/issue.net\n", check.Fail},
		"ssh, denied":       {"ssh", server + "-- etc/ssh/sshd_config --\nBanner /etc/issue.net\n-- etc/issue.net error=EACCES --\n", check.Unknown},
	} {
		made, err := banner.Warns{On: c.on, Words: []string{"authorised"}}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func TestReveals(t *testing.T) {
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"nothing":     {release, check.NotApplicable},
		"good":        {release + "-- etc/issue --\nAuthorised use only \\n\n", check.Pass},
		"escape":      {release + "-- etc/issue --\n\\S\n", check.Fail},
		"name":        {release + "-- etc/issue --\ndebian gnu/linux 12\n", check.Fail},
		"other file":  {release + "-- etc/motd --\nDebian GNU/Linux\n", check.Fail},
		"over SSH":    {release + server + "-- etc/ssh/sshd_config --\nBanner /etc/b\n-- etc/b --\nDebian GNU/Linux\n", check.Fail},
		"no release":  {"-- etc/issue --\nDebian\n", check.Pass},
		"denied":      {release + "-- etc/motd error=EACCES --\n", check.Unknown},
		"denied name": {"-- etc/os-release error=EACCES --\n-- etc/issue --\nDebian\n", check.Unknown},
	} {
		made, err := banner.Reveals{Files: []string{"etc/motd"}}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	for _, a := range []interface{ Check() (check.Check, error) }{banner.Warns{On: "console"}, banner.Warns{On: "radio", Words: []string{"x"}}, banner.Reveals{Files: []string{"/etc/motd"}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%+v: got no error", a)
		}
	}
}

func ExampleWarns() {
	c, err := banner.Warns{On: "console", Words: []string{"authorised", "monitored"}}.Check()
	r, err := checktest.Judge("-- etc/issue --\nUse is monitored.\n", c, err)
	fmt.Println(r.Status, err)
	// Output: pass <nil>
}
