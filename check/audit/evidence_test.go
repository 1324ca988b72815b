package audit_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/audit"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/setting"
)

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined, and the first ones count.
func TestEvidence(t *testing.T) {
	watch := audit.Watch{Paths: []string{"etc/passwd"}, If: "etc/passwd"}.Check
	calls := audit.Calls{Calls: []string{"openat"}}.Check
	locked := audit.Control{Name: "enabled", Accept: setting.Accept{Want: []string{"2"}}}.Check
	private := audit.Private{MaxMode: 0o640, MaxFolderMode: 0o750}.Check
	const daemon = "-- usr/sbin/auditd --\n-- etc/group --\nroot:x:0:\n-- etc/audit/auditd.conf --\nspace_left = 1\nmax_log_file_action = keep_logs\n"
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"watched":      {watch, base + "-w /etc/passwd\n", check.Pass, "/etc/passwd: recorded for b64 and b32, want access recorded (wa) (etc/audit/rules.d/a.rules:1)"},
		"not there":    {audit.Watch{Paths: []string{"etc/passwd"}, If: "etc/gone"}.Check, base, check.NotApplicable, "/etc/gone: not there (etc/gone)"},
		"none there":   {audit.Watch{IfThere: []string{"etc/gone"}}.Check, base, check.NotApplicable, "/etc/gone: not there (etc/gone)"},
		"calls":        {calls, base + "-a always,exit -S openat\n", check.Pass, "openat: recorded for b64 and b32, want recorded (etc/audit/rules.d/a.rules:1)"},
		"no auditctl":  {calls, "", check.NotApplicable, "sbin/auditctl: not there; usr/sbin/auditctl: not there"},
		"no such call": {audit.Calls{Calls: []string{"stime"}}.Check, strings.Replace(base, "lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1", 1), check.NotApplicable, "stime: the machine has no such call, want recorded"},
		"locked":       {locked, base + "-e 2\n", check.Pass, "enabled: 2, want 2 (etc/audit/rules.d/a.rules:1)"},
		"complete":     {audit.Complete{}.Check, base + "-w /etc/passwd\n", check.Pass, "loading of rules: every line, by auditd.service (rules: 1, files: 1), want every line (etc/audit/rules.d/a.rules)"},
		"kept":         {audit.Kept{MinTotal: 1}.Check, daemon, check.Pass, "max_log_file_action: keep_logs, want keep_logs, or rotate with 1 MiB in all (etc/audit/auditd.conf:2)"},
		"no daemon":    {audit.Kept{MinTotal: 1}.Check, "", check.NotApplicable, "sbin/auditd: not there; usr/sbin/auditd: not there"},
		"private":      {private, daemon + "-- var/log/audit dir mode=0700 --\n", check.Pass, "log_group: root, which is the program's own value, want root (etc/audit/auditd.conf)"},
		"no log":       {private, daemon, check.NotApplicable, "var/log/audit: not there"},
	} {
		made, err := c.make()
		r, err := checktest.Judge(c.fixture, made, err)
		var all []string
		for _, e := range r.Evidence {
			all = append(all, e.String())
		}
		if shown := strings.Join(all, "; "); err != nil || r.Status != c.want || !strings.HasPrefix(shown, c.shown) {
			t.Errorf("%s: got %s %q (%s), %v, want %s", name, r.Status, shown, r.Message, err, c.want)
		}
	}
}
