package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/audit"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/setting"
)

const base = `
-- usr/sbin/auditctl --
-- usr/sbin/auditd --
-- lib64/ld-linux-x86-64.so.2 --
-- etc/passwd --
-- etc/sudoers.d/README --
-- usr/lib/systemd/system/default.target --
[Unit]
-- etc/systemd/system/default.target.wants/auditd.service link=/usr/lib/systemd/system/auditd.service --
-- usr/lib/systemd/system/auditd.service --
[Service]
ExecStartPost=-/sbin/augenrules --load
-- etc/audit/rules.d/a.rules --
`

func TestRules(t *testing.T) {
	watch := audit.Watch{Paths: []string{"etc/passwd"}, IfThere: []string{"etc/sudoers.d/", "etc/gone"}}.Check
	calls := audit.Calls{Calls: []string{"open", "openat"}, Exit: []string{"EACCES"}}.Check
	clock := audit.Calls{Calls: []string{"clock_settime", "stime"}, Facts: map[string]int64{"a0": 0}}.Check
	locked := audit.Control{Name: "enabled", Accept: setting.Accept{Want: []string{"2"}}}.Check
	complete := audit.Complete{}.Check
	for name, c := range map[string]struct {
		make  func() (check.Check, error)
		rules string
		want  check.Status
		got   string // of the first evidence
	}{
		"watched":           {watch, "-w /etc/passwd\n-w /etc/sudoers.d -p wa\n", check.Pass, ""},
		"one is not":        {watch, "-w /etc/passwd\n", check.Fail, "no rule does for b64"},
		"in two rules":      {watch, "-w /etc/passwd -p w\n-w /etc/passwd -p a\n-w /etc/sudoers.d\n", check.Pass, ""},
		"left out":          {watch, "-a never,exit -F path=/etc/passwd\n-w /etc/passwd\n-w /etc/sudoers.d\n", check.Fail, "left out by a rule"},
		"switched off":      {watch, "-w /etc/passwd\n-w /etc/sudoers.d -p wa\n-e 0\n", check.Fail, "0"},
		"for b64 only":      {watch, "-a always,exit -F arch=b64 -F dir=/etc\n", check.Fail, "no rule does for b32"},
		"calls":             {calls, "-a always,exit -S open,openat -F success=0\n", check.Pass, ""},
		"one of the calls":  {calls, "-a always,exit -S open -F success=0\n", check.Fail, "no rule does for b64"},
		"successful calls":  {calls, "-a always,exit -S open,openat -F success=1\n", check.Fail, "no rule does for b64"},
		"the clock":         {clock, "-a always,exit -S clock_settime -F a0=0x0\n-a always,exit -F arch=b32 -S stime\n", check.Pass, ""},
		"another clock":     {clock, "-a always,exit -S clock_settime -F a0=1\n-a always,exit -F arch=b32 -S stime\n", check.Fail, "no rule does for b64"},
		"locked":            {locked, "-e 2\n", check.Pass, "2"},
		"not locked":        {locked, "-e 1\n", check.Fail, "1"},
		"lock not set":      {locked, "-D\n", check.Fail, "not set"},
		"complete":          {complete, "-w /etc/passwd\n", check.Pass, ""},
		"stopped":           {complete, "-w /etc/passwd\n-w /etc/passwd\n", check.Fail, "the rule is there already"},
		"passed over":       {complete, "-i\n-w etc/passwd\n", check.Fail, "-w: no absolute path"},
		"not understood":    {complete, "--new-option\n", check.Error, ""},
		"no rules, watched": {watch, "", check.Fail, "no rule does for b64"},
	} {
		made, err := c.make()
		r, err := checktest.Judge(base+c.rules, made, err)
		got := ""
		if len(r.Evidence) > 0 {
			got = r.Evidence[0].Got
		}
		if err != nil || r.Status != c.want || c.got != "" && got != c.got {
			t.Errorf("%s: got %s %q (%s) %v, want %s %q", name, r.Status, got, r.Message, err, c.want, c.got)
		}
	}
}

func TestNothingLoads(t *testing.T) {
	c, err := audit.Complete{}.Check()
	for fixture, want := range map[string]check.Status{
		strings.Replace(base, "etc/systemd/system/default.target.wants", "x", 1): check.Fail,
		"-- etc/audit/rules.d/a.rules --\n-D\n":                                  check.NotApplicable,
		base + "-- etc/audit/rules.d/b.rules error=EACCES --\n":                  check.Unknown,
	} {
		if r, err := checktest.Judge(fixture, c, err); err != nil || r.Status != want {
			t.Errorf("got %s (%s), %v, want %s", r.Status, r.Message, err, want)
		}
	}
}

func TestLog(t *testing.T) {
	kept := audit.Kept{MinTotal: 100}.Check
	private := audit.Private{MaxMode: 0o640, MaxFolderMode: 0o750, Groups: []string{"adm"}}.Check
	const groups = "-- etc/group --\nroot:x:0:\nadm:x:4:\n"
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
	}{
		"kept":          {kept, "-- etc/audit/auditd.conf --\nspace_left = 1\nmax_log_file_action = keep_logs\n", check.Pass},
		"rotated":       {kept, "-- etc/audit/auditd.conf --\nspace_left = 1\nmax_log_file_action = rotate\nmax_log_file = 10\nnum_logs = 10\n", check.Pass},
		"too little":    {kept, "-- etc/audit/auditd.conf --\nspace_left = 1\nmax_log_file_action = rotate\nmax_log_file = 10\nnum_logs = 9\n", check.Fail},
		"compiled":      {kept, "", check.Fail},
		"not written":   {kept, "-- etc/audit/auditd.conf --\nspace_left = 1\nmax_log_file_action = keep_logs\nwrite_logs = no\n", check.Fail},
		"broken":        {kept, "-- etc/audit/auditd.conf --\nmax_log_file_action keep_logs\n", check.Error},
		"private":       {private, groups + "-- var/log/audit dir mode=0750 owner=0:4 --\n-- var/log/audit/audit.log mode=0640 owner=0:4 --\n", check.Pass},
		"open":          {private, groups + "-- var/log/audit dir mode=0750 --\n-- var/log/audit/audit.log.2 mode=0644 --\n", check.Fail},
		"open folder":   {private, groups + "-- var/log/audit dir mode=0751 --\n-- var/log/audit/audit.log mode=0640 --\n", check.Fail},
		"no folder yet": {private, groups, check.NotApplicable},
	} {
		made, err := c.make()
		if r, err := checktest.Judge(base+c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s %v (%s), %v, want %s", name, r.Status, r.Evidence, r.Message, err, c.want)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	for name, make := range map[string]func() (check.Check, error){
		"nothing to watch":  audit.Watch{}.Check,
		"no such access":    audit.Watch{Paths: []string{"etc/passwd"}, Perms: "d"}.Check,
		"an absolute path":  audit.Watch{Paths: []string{"/etc/passwd"}}.Check,
		"an absolute file":  audit.Watch{Paths: []string{"etc/passwd"}, If: "/etc/x"}.Check,
		"no calls":          audit.Calls{}.Check,
		"no such call":      audit.Calls{Calls: []string{"opeanat"}}.Check,
		"no such error":     audit.Calls{Calls: []string{"open"}, Exit: []string{"EIO"}}.Check,
		"no such setting":   audit.Control{Name: "enable", Accept: setting.Accept{Want: []string{"2"}}}.Check,
		"no accepted value": audit.Control{Name: "enabled"}.Check,
		"nothing kept":      audit.Kept{}.Check,
	} {
		if _, err := make(); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func ExampleWatch() {
	c, err := audit.Watch{Paths: []string{"etc/passwd"}}.Check()
	r, err := checktest.Judge(base+"-w /etc/passwd -p r\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Got, err)
	// Output: fail /etc/passwd no rule does for b64 <nil>
}
