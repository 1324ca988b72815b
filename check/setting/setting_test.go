package setting_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/setting"
)

func number(n int) *int { return &n }

func TestAccept(t *testing.T) {
	for _, c := range []struct {
		accept    setting.Accept
		value     string
		want      bool
		says, got string
	}{
		{setting.Accept{Want: []string{"yes", "on"}}, "on", true, "yes or on", "on"},
		{setting.Accept{Want: []string{"yes"}}, "Yes", false, "yes", "Yes"},
		{setting.Accept{Min: number(3)}, "3", true, "3 or more", "3"},
		{setting.Accept{Min: number(3)}, "2", false, "3 or more", "2"},
		{setting.Accept{Max: number(3)}, "4", false, "3 or less", "4"},
		{setting.Accept{Max: number(3)}, "", false, "3 or less", ""},
		{setting.Accept{Max: number(3)}, "three", false, "3 or less", "three"},
		{setting.Accept{Max: number(3)}, "99999999999999999999", false, "3 or less", "99999999999999999999"},
		{setting.Accept{Min: number(1), Max: number(3)}, "0", false, "1 to 3", "0"},
		{setting.Accept{Want: []string{"never"}, Min: number(900)}, "never", true, "never or 900 or more", "never"},
		{setting.Accept{Want: []string{"never"}, Min: number(900)}, "899", false, "never or 900 or more", "899"},
		{setting.Accept{Refuse: []string{"none"}}, "none", false, "set, and not to none", "none"},
		{setting.Accept{Refuse: []string{"none"}}, "/etc/issue.net", true, "set, and not to none", "/etc/issue.net"},
		{setting.Accept{Refuse: []string{""}}, "", false, "set", ""},
		{setting.Accept{Forbid: []string{"*-cbc"}}, "aes-ctr,aes-cbc x-cbc", false, "none of *-cbc", "aes-cbc,x-cbc"},
		{setting.Accept{Forbid: []string{"*-cbc"}}, "aes-ctr", true, "none of *-cbc", "none of these"},
	} {
		if err := c.accept.Validate(); err != nil {
			t.Errorf("%+v: %v", c.accept, err)
		}
		if got := c.accept.Accepts(c.value); got != c.want {
			t.Errorf("%s of %q: got %v", c.says, c.value, got)
		}
		if got := c.accept.Wanted(); got != c.says {
			t.Errorf("got %q, want %q", got, c.says)
		}
		if got := c.accept.Got(c.value); got != c.got {
			t.Errorf("%q: got %q, want %q", c.value, got, c.got)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	yes := setting.Accept{Want: []string{"yes"}}
	for name, a := range map[string]setting.Value{
		"nothing asked":       {In: "login.defs", Name: "UMASK"},
		"both ways":           {In: "login.defs", Name: "UMASK", Accept: setting.Accept{Want: []string{"yes"}, Forbid: []string{"no"}}},
		"an empty range":      {In: "login.defs", Name: "UMASK", Accept: setting.Accept{Min: number(2), Max: number(1)}},
		"a broken pattern":    {In: "login.defs", Name: "UMASK", Accept: setting.Accept{Forbid: []string{"["}}},
		"not a setting":       {In: "journald.conf", Name: "Storrage", Accept: yes},
		"not a configuration": {In: "login.defz", Name: "UMASK", Accept: yes},
	} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestValue(t *testing.T) {
	yes := setting.Accept{Want: []string{"yes"}}
	for name, c := range map[string]struct {
		fixture string
		unset   bool
		want    check.Status
	}{
		"set":        {fixture: "-- etc/login.defs --\nLOG_OK_LOGINS yes\n", want: check.Pass},
		"other":      {fixture: "-- etc/login.defs --\nLOG_OK_LOGINS no\n", want: check.Fail},
		"the last":   {fixture: "-- etc/login.defs --\nLOG_OK_LOGINS yes\nLOG_OK_LOGINS no\n", want: check.Fail},
		"unset":      {fixture: "-- etc/login.defs --\n", want: check.Fail},
		"unset good": {fixture: "-- etc/login.defs --\n", unset: true, want: check.Pass},
		"no file":    {want: check.NotApplicable},
		"unreadable": {fixture: "-- etc/login.defs error=EACCES --\n", unset: true, want: check.Unknown},
	} {
		made, err := setting.Value{In: "login.defs", Name: "LOG_OK_LOGINS", Accept: yes, Unset: c.unset}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func TestEvidence(t *testing.T) {
	yes := setting.Accept{Want: []string{"yes"}}
	for name, c := range map[string]struct {
		a       setting.Value
		fixture string
		want    check.Status
		shown   string
	}{
		"pass":     {setting.Value{In: "login.defs", Name: "LOG_OK_LOGINS", Accept: yes}, "-- etc/login.defs --\n\nLOG_OK_LOGINS yes\n", check.Pass, "LOG_OK_LOGINS: yes, want yes (etc/login.defs:2)"},
		"not set":  {setting.Value{In: "login.defs", Name: "LOG_OK_LOGINS", Accept: yes, Unset: true}, "-- etc/login.defs --\n", check.Pass, "LOG_OK_LOGINS: not set, want yes (etc/login.defs)"},
		"compiled": {setting.Value{In: "journald.conf", Name: "Compress", Accept: yes}, "-- usr/lib/systemd/systemd-journald --\n", check.Pass, "Compress: yes, which is the program's own value, want yes (etc/systemd/journald.conf)"},
		"no file":  {setting.Value{In: "login.defs", Name: "LOG_OK_LOGINS", Accept: yes}, "", check.NotApplicable, "etc/login.defs: not there etc/os-release: not there usr/etc/login.defs: not there"},
	} {
		made, err := c.a.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || strings.Trim(fmt.Sprint(r.Evidence), "[]") != c.shown {
			t.Errorf("%s: got %s %s, %v, want %s", name, r.Status, r.Evidence, err, c.shown)
		}
		if r.Status == check.Pass && r.Evidence[0].Method == "computed" {
			t.Errorf("%s: the source was not read", name)
		}
	}
}

func TestEveryConfigurationIsAllowed(t *testing.T) {
	p := setting.Kinds()[0].Params()[0]
	if diff := cmp.Diff(p.Allowed, setting.Configurations()); diff != "" {
		t.Errorf("%s (-got +want):\n%s", p.Name, diff)
	}
}

func TestAnyOf(t *testing.T) {
	for want, names := range map[string][]string{
		"a":                            {"a"},
		"a or b or c or d":             {"a", "b", "c", "d"},
		"a or b or c or one of 2 more": {"a", "b", "c", "d", "e"},
	} {
		if got := setting.AnyOf(names); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestValueOfSystemd(t *testing.T) {
	none := setting.Value{In: "coredump.conf", Name: "Storage", Accept: setting.Accept{Want: []string{"none"}}}
	const program = "-- usr/lib/systemd/systemd-coredump --\n"
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"not installed":  {"-- etc/systemd/coredump.conf --\n[Coredump]\nStorage=external\n", check.NotApplicable},
		"compiled":       {program, check.Fail},
		"in a drop-in":   {program + "-- etc/systemd/coredump.conf.d/x.conf --\n[Coredump]\nStorage=none\n", check.Pass},
		"empty":          {program + "-- etc/systemd/coredump.conf --\n[Coredump]\nStorage=none\nStorage=\n", check.Fail},
		"without rights": {program + "-- etc/systemd/coredump.conf.d/x.conf error=EACCES --\n", check.Unknown},
	} {
		made, err := none.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func ExampleValue() {
	most := 365
	c, err := setting.Value{In: "login.defs", Name: "PASS_MAX_DAYS", Accept: setting.Accept{Max: &most}}.Check()
	r, err := checktest.Judge("-- etc/login.defs --\nPASS_MAX_DAYS 99999\n", c, err)
	e := r.Evidence[0]
	fmt.Println(r.Status, e.Source, e.Line, e.Got, err)
	// Output: fail etc/login.defs 1 99999 <nil>
}
