package cron_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/cron"
)

const boots = "-- usr/lib/systemd/system/default.target --\n[Unit]\nWants=cron.service\n-- usr/lib/systemd/system/cron.service --\n[Service]\nExecStart=/usr/sbin/cron\n"

type maker interface{ Check() (check.Check, error) }

// What passes, and what there is nothing to judge of, shows what was looked at.
func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		piece   string // of evidence
	}{
		"one program": {cron.ProgramsProtected{}, "-- etc/crontab --\n@daily root /opt/a\n-- opt/a mode=0755 --\n", check.Pass,
			"root: only root can change /opt/a, want a program that only root can change (etc/crontab:1)"},
		"several": {cron.ProgramsProtected{}, "-- etc/crontab --\n@daily root /opt/a /opt/b >/dev/null\n-- opt/a mode=0755 --\n", check.Pass,
			"root: only root can change /opt/a and 1 more, want a program that only root can change (etc/crontab:1)"},
		"no path": {cron.ProgramsProtected{}, "-- etc/crontab --\n@daily root true\n", check.Pass,
			"root: no file by its full path, want a program that only root can change (etc/crontab:1)"},
		"runs": {cron.Runs{AnyOf: []string{"aide --check"}}, boots + "-- etc/crontab --\n@daily root aide -V4 --check\n-- usr/bin/aide mode=0755 --\n", check.Pass,
			"aide --check: run by cron, want run at set times (etc/crontab:1)"},
		"runs otherwise": {cron.Runs{AnyOf: []string{"aide --check"}}, boots + "-- etc/crontab --\n@daily root aide -V4\n-- usr/bin/aide mode=0755 --\n", check.Fail,
			"aide --check: by no job, want run at set times"},
		"no jobs": {cron.ProgramsProtected{}, "", check.NotApplicable, "jobs of root: none"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
