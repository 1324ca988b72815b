package auditrules_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

const (
	base = `
-- usr/sbin/auditctl --
-- lib64/ld-linux-x86-64.so.2 --
-- etc/passwd --
-- usr/lib/systemd/system/default.target --
[Unit]
-- usr/lib/systemd/system/multi-user.target --
[Unit]
`
	enabled = "-- etc/systemd/system/default.target.wants/auditd.service link=/usr/lib/systemd/system/auditd.service --\n"
	auditd  = base + enabled + "-- usr/lib/systemd/system/auditd.service --\n[Service]\nExecStart=/sbin/auditd\nExecStartPost=-/sbin/augenrules --load\n"
	rulesD  = "-- etc/audit/rules.d/a.rules --\n-w /etc/passwd -p wa\n"
	other   = "-- etc/audit/audit.rules --\n-w /etc/shadow -p wa\n-w /etc/group\n"
)

func TestFact(t *testing.T) {
	for name, c := range map[string]struct {
		fixture string
		loader  string
		rules   int
		files   string
		says    string // of an error or a stop
	}{
		"rules.d":              {auditd + rulesD + other, "auditd.service", 1, "etc/audit/rules.d/a.rules", ""},
		"no rules.d":           {auditd + other, "auditd.service", 2, "etc/audit/audit.rules", ""},
		"empty rules.d":        {auditd + other + "-- etc/audit/rules.d dir --\n", "auditd.service", 0, "", ""},
		"of another name":      {auditd + "-- etc/audit/rules.d/a.rules.bak --\n-w /x\n-- etc/audit/rules.d/.a.rules --\n-w /x\n", "auditd.service", 0, "", ""},
		"nothing at all":       {auditd, "auditd.service", 0, "", ""},
		"not started":          {strings.Replace(auditd, enabled, "", 1) + rulesD, "", 0, "", ""},
		"nothing loads":        {base + enabled + rulesD + "-- usr/lib/systemd/system/auditd.service --\n[Service]\nExecStart=/sbin/auditd\n", "", 0, "", ""},
		"only checks":          {base + enabled + rulesD + "-- usr/lib/systemd/system/auditd.service --\n[Service]\nExecStart=/sbin/auditd\nExecStartPost=/sbin/augenrules --check\n", "", 0, "", ""},
		"taken back":           {auditd + rulesD + "-- etc/systemd/system/auditd.service.d/x.conf --\n[Service]\nExecStartPost=\n", "", 0, "", ""},
		"another file":         {auditd + rulesD + other + "-- etc/systemd/system/auditd.service.d/x.conf --\n[Service]\nExecStartPost=\nExecStartPost=-/sbin/auditctl -R /etc/audit/audit.rules\n", "auditd.service", 2, "etc/audit/audit.rules", ""},
		"a unit of its own":    {base + rulesD + "-- etc/systemd/system/default.target.wants/audit-rules.service link=/usr/lib/systemd/system/audit-rules.service --\n-- usr/lib/systemd/system/audit-rules.service --\n[Service]\nType=oneshot\nExecStart=/usr/sbin/augenrules --load\n", "audit-rules.service", 1, "etc/audit/rules.d/a.rules", ""},
		"a folder not there":   {auditd + rulesD + "-- etc/audit/rules.d/b.rules --\n-a always,exit -F dir=/etc/selinux -F perm=wa\n-w /etc/group\n", "auditd.service", 1, "", "not there"},
		"a file not there":     {auditd + rulesD + "-- etc/audit/rules.d/b.rules --\n-w /etc/nothing\n-w /etc/group\n", "auditd.service", 3, "", ""},
		"a folder of a file":   {auditd + rulesD + "-- etc/audit/rules.d/b.rules --\n-w /etc/nothing/at/all\n-w /etc/group\n", "auditd.service", 1, "", "not there"},
		"a folder of run":      {auditd + rulesD + "-- etc/audit/rules.d/b.rules --\n-a always,exit -F dir=/var/run/faillock -F perm=wa\n", "auditd.service", 2, "", ""},
		"not auditctl":         {strings.Replace(auditd, "-- usr/sbin/auditctl --\n", "", 1) + rulesD, "", 0, "", inventory.ErrAbsent.Error()},
		"not systemd":          {"-- usr/sbin/auditctl --\n" + other, "", 0, "", "without systemd"},
		"unreadable":           {auditd + "-- etc/audit/rules.d/a.rules error=EACCES --\n", "", 0, "", "a.rules"},
		"a folder of a name":   {auditd + "-- etc/audit/rules.d/a.rules/b --\n", "", 0, "", "a.rules"},
		"a name of two words":  {auditd + "-- \"etc/audit/rules.d/a b.rules\" --\n", "", 0, "", "takes apart"},
		"a dangling link":      {auditd + rulesD + "-- etc/audit/rules.d/b.rules link=c --\n", "auditd.service", 1, "", ""},
		"blanks before -e":     {auditd + "-- etc/audit/rules.d/a.rules --\n  -e 2\n", "", 0, "", "a.rules:1"},
		"a field not known":    {auditd + "-- etc/audit/rules.d/a.rules --\n-D\n-a always,exit -F x=1\n", "", 0, "", "a.rules:2"},
		"-e 2 is put last":     {auditd + "-- etc/audit/rules.d/a.rules --\n-e 2\n-- etc/audit/rules.d/b.rules --\n-w /etc/passwd\n", "auditd.service", 1, "", ""},
		"one line of two":      {auditd + "-- etc/audit/rules.d/a.rules --\n-w /etc/passwd -k x\n# -- etc\n", "auditd.service", 1, "", ""},
		"a machine of 32 bits": {strings.Replace(auditd, "lib64/ld-linux-x86-64.so.2", "lib/ld-linux.so.2", 1) + "-- etc/audit/rules.d/a.rules --\n-a always,exit -F arch=b64 -S open\n", "auditd.service", 0, "", "32 bits"},
		"a machine of ARM":     {strings.Replace(auditd, "lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1", 1) + "-- etc/audit/rules.d/a.rules --\n-a always,exit -F arch=b64 -S open\n", "auditd.service", 0, "", "open"},
	} {
		r, err := auditrules.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if err != nil {
			if c.says == "" || !strings.Contains(err.Error(), c.says) || errors.Is(err, inventory.ErrAbsent) != (name == "not auditctl") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		stop := ""
		if r.Stopped != nil {
			stop = r.Stopped.Why
		}
		if r.Loader != c.loader || len(r.All) != c.rules || c.files != "" && strings.Join(r.Files, " ") != c.files || !strings.Contains(stop, c.says) || (stop == "") != (c.says == "") {
			t.Errorf("%s: got %+v, stop %q", name, r, stop)
		}
	}
}

func TestStale(t *testing.T) {
	const live = "live: true\n"
	for name, c := range map[string]struct {
		fixture string
		want    bool
	}{
		"in step":  {live + auditd + rulesD + "-- etc/audit/audit.rules --\n## made\n\n-w /etc/passwd -p wa\n\n", false},
		"changed":  {live + auditd + rulesD + other, true},
		"not made": {live + auditd + rulesD, true},
		"an image": {auditd + rulesD + other, false},
	} {
		r, err := auditrules.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if err != nil || r.Stale != c.want {
			t.Errorf("%s: got %+v, %v", name, r, err)
		}
	}
}
