package logging_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/logging"
)

// On a running system that counts which runs.
func TestWhatRunsSends(t *testing.T) {
	const (
		running = "live: true\n-- proc/1/comm --\nsystemd\n-- run/systemd/system dir --\n-- run/systemd/units dir --\n"
		active  = "-- run/systemd/units/invocation:"
		link    = " link=1f --\n"
	)
	both := base + rsyslogd("module(load=\"imuxsock\")\n*.* @@host") + unit("filebeat.service")
	for name, c := range map[string]struct {
		more    string
		want    check.Status
		subject string
	}{
		"both":    {active + "rsyslog.service" + link + active + "filebeat.service" + link, check.Pass, "omfwd"},
		"rsyslog": {active + "rsyslog.service" + link, check.Pass, "omfwd"},
		"agent":   {active + "filebeat.service" + link, check.Pass, "filebeat.service"},
		"neither": {"", check.Fail, "filebeat.service"}, // both are shown
	} {
		made, err := logging.Elsewhere{Agents: []string{"filebeat.service"}}.Check()
		r, err := checktest.Judge(running+both+c.more, made, err)
		if err != nil || r.Status != c.want || len(r.Evidence) == 0 || r.Evidence[0].Subject != c.subject {
			t.Errorf("%s: got %s %v (%s), %v, want %s by %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.subject)
		}
	}
}
