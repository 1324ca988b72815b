package logging_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/logging"
)

func TestRotation(t *testing.T) {
	made, err := logging.Rotation{Files: []string{"/var/log/syslog", "/var/log/auth.log"}, MinDays: 90}.Check()
	const program = "-- usr/sbin/logrotate --\n-- etc/logrotate.conf --\nweekly\nrotate 4\n"
	for name, c := range map[string]struct {
		conf string
		want check.Status
	}{
		"kept":            {program + "/var/log/syslog /var/log/auth.log {\nrotate 13\n}\n", check.Pass},
		"four weeks":      {program + "/var/log/syslog { }\n", check.Fail},
		"by a pattern":    {program + "/var/log/*.log { }\n", check.Fail},
		"removed by age":  {program + "/var/log/syslog {\nrotate 50\nmaxage 30\n}\n", check.Fail},
		"forever":         {program + "/var/log/syslog {\nrotate -1\n}\n", check.Pass},
		"by size":         {program + "/var/log/syslog {\nrotate 50\nsize 1M\n}\n", check.Fail},
		"not kept at all": {program + "/var/log/syslog {\nrotate 0\nsize 1M\n}\n", check.Fail},
		"others only":     {program + "/var/log/apt/term.log { }\n", check.NotApplicable},
		"no logrotate":    {"-- etc/logrotate.conf --\n", check.NotApplicable},
		"mistake":         {program + "rotate x\n", check.Error},
	} {
		if r, err := checktest.Judge(c.conf, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s %v (%s), %v, want %s", name, r.Status, r.Evidence, r.Message, err, c.want)
		}
	}
	for _, a := range []logging.Rotation{{}, {Files: []string{"var/log/syslog"}, MinDays: 1}, {Files: []string{"/x"}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%+v: got no error", a)
		}
	}
}
