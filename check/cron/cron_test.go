package cron_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/cron"
)

func TestProgramsProtected(t *testing.T) {
	const tab = "-- etc/cron.d/a --\n* * * * * root "
	const good = "-- opt/a/run mode=0755 --\n"
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"nothing":                {"", check.NotApplicable},
		"good":                   {tab + "/opt/a/run --all >/dev/null\n" + good, check.Pass},
		"missing":                {tab + "/opt/a/run\n", check.Fail},
		"missing, but asked for": {tab + "test -x /opt/a/run && /opt/a/run\n", check.Pass},
		"open":                   {tab + "/opt/a/run\n-- opt/a/run mode=0777 --\n", check.Fail},
		"another's":              {tab + "/opt/a/run\n-- opt/a/run mode=0755 owner=1000:0 --\n", check.Fail},
		"a group's":              {tab + "/opt/a/run\n-- opt/a/run mode=0775 owner=0:50 --\n", check.Fail},
		"root's group":           {tab + "/opt/a/run\n-- opt/a/run mode=0775 --\n", check.Pass},
		"folder":                 {tab + "cd / && /opt/a/run\n-- opt/a dir mode=0777 --\n" + good, check.Fail},
		"search path":            {"-- etc/cron.d/a --\nPATH=/home/x/bin:/bin\n* * * * * root backup\n-- home/x/bin dir owner=1000:1000 --\n", check.Fail},
		"in tmp":                 {tab + "/bin/x /tmp/state\n-- bin/x mode=0755 --\n-- tmp dir mode=1777 --\n", check.Pass},
		"of another user":        {"-- etc/cron.d/a --\n* * * * * alice /home/alice/x\n", check.NotApplicable},
		"script":                 {"-- etc/cron.daily/x mode=0777 --\n", check.Fail},
		"at":                     {"-- var/spool/cron/atjobs dir mode=1770 owner=1:1 --\n-- var/spool/cron/atjobs/a0000301c2a3b4 mode=0700 --\n# atrun uid=0 gid=0\n", check.Pass},
		"at, open":               {"-- var/spool/cron/atjobs/a0000301c2a3b4 mode=0777 --\n# atrun uid=0 gid=0\n", check.Fail},
		"denied":                 {tab + "/opt/a/run\n" + good + "-- etc/crontab error=EACCES --\n", check.Unknown},
	} {
		made, err := cron.ProgramsProtected{}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func ExampleProgramsProtected() {
	c, err := cron.ProgramsProtected{}.Check()
	r, err := checktest.Judge("-- etc/crontab --\n@daily root /srv/backup.sh\n-- srv/backup.sh owner=1000:1000 --\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Got, err)
	// Output: fail /srv/backup.sh belongs to user 1000 <nil>
}
