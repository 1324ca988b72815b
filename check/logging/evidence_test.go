package logging_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/logging"
)

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined.
func TestEvidence(t *testing.T) {
	const on = "module(load=\"imuxsock\")\n"
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"persistent":       {logging.Persistent{}.Check, base + folder, check.Pass, "Storage: auto, with /var/log/journal, want persistent, or auto with /var/log/journal (etc/systemd/journald.conf)"},
		"persistent, set":  {logging.Persistent{}.Check, base + storage("Storage=persistent"), check.Pass, "Storage: persistent, want persistent, or auto with /var/log/journal (etc/systemd/journald.conf:2)"},
		"written":          {logging.Persistent{}.Check, base + storage("Storage=volatile") + rsyslogd(on+"*.* /var/log/syslog"), check.Pass, "rsyslog: /var/log/syslog, want messages written to a file (etc/rsyslog.conf:2)"},
		"no journald":      {logging.Persistent{}.Check, "", check.NotApplicable, "lib/systemd/systemd-journald: not there; usr/lib/systemd/systemd-journald: not there"},
		"sent":             {logging.Elsewhere{}.Check, base + rsyslogd(on+"*.* @@host"), check.Pass, "omfwd: sent, want all messages sent to another machine (etc/rsyslog.conf:2)"},
		"an agent":         {logging.Elsewhere{Agents: []string{"filebeat.service"}}.Check, base + unit("filebeat.service"), check.Pass, "filebeat.service: started at boot, want all messages sent to another machine (usr/lib/systemd/system/filebeat.service)"},
		"encrypted":        {logging.Encrypted{}.Check, base + rsyslogd("$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n*.* @@host"), check.Pass, "omfwd: TLS, want TLS (etc/rsyslog.conf:3)"},
		"encrypted, named": {logging.Encrypted{Auth: []string{"x509/name"}}.Check, base + rsyslogd("$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@host"), check.Pass, "omfwd: TLS with x509/name, want TLS with one of x509/name (etc/rsyslog.conf:4)"},
		"nothing sent":     {logging.Encrypted{}.Check, base, check.NotApplicable, "log of the system: not sent to other machines, want encrypted on its way"},
		"no port":          {logging.NoReception{}.Check, base + rsyslogd(on), check.Pass, "inputs of rsyslog: none on a port, want no input from the network (etc/rsyslog.conf)"},
		"allowed":          {logging.NoReception{Allow: []string{"imudp"}}.Check, base + rsyslogd("input(type=\"imudp\" port=\"514\")"), check.Pass, "imudp: an open port that is allowed, want no input from the network (etc/rsyslog.conf:1)"},
		"no rsyslog":       {logging.NoReception{}.Check, base, check.NotApplicable, "rsyslog.service: not started, want started at boot"},
		"new files":        {logging.NewFiles{MaxMode: 0o640}.Check, base + rsyslogd("$FileCreateMode 0640\n*.* /x"), check.Pass, "/x: 0640, want new files with mode 0640 or less (etc/rsyslog.conf:2)"},
		"no files":         {logging.NewFiles{MaxMode: 0o640}.Check, base + rsyslogd("*.* @@host"), check.NotApplicable, "files of rsyslog: none, want new files with mode 0640 or less (etc/rsyslog.conf)"},
		"rotated":          {logging.Rotation{Files: []string{"/var/log/syslog"}, MinDays: 90}.Check, "-- usr/sbin/logrotate --\n-- etc/logrotate.conf --\nweekly\n/var/log/syslog {\nrotate 13\n}\n", check.Pass, "/var/log/syslog: 91 days, want kept for 90 days or more (etc/logrotate.conf:2)"},
		"not rotated":      {logging.Rotation{Files: []string{"/var/log/syslog"}, MinDays: 90}.Check, "-- usr/sbin/logrotate --\n-- etc/logrotate.conf --\n", check.NotApplicable, "/var/log/syslog: not rotated, want kept for 90 days or more (etc/logrotate.conf)"},
	} {
		made, err := c.make()
		r, err := checktest.Judge(c.fixture, made, err)
		var all []string
		for _, e := range r.Evidence {
			all = append(all, e.String())
		}
		if shown := strings.Join(all, "; "); err != nil || r.Status != c.want || shown != c.shown {
			t.Errorf("%s: got %s %q (%s), %v, want %s", name, r.Status, shown, r.Message, err, c.want)
		}
	}
}
