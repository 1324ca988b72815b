package service_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/service"
)

const booting = `
-- usr/lib/systemd/system/default.target link=multi-user.target --
-- usr/lib/systemd/system/multi-user.target --
[Unit]
Requires=basic.target
-- usr/lib/systemd/system/basic.target --
[Unit]
Wants=timers.target
-- usr/lib/systemd/system/sysinit.target --
[Unit]
-- usr/lib/systemd/system/timers.target --
[Unit]
-- etc/systemd/system/multi-user.target.wants/a.service link=/etc/systemd/system/a.service --
`

func TestProtected(t *testing.T) {
	const unit = booting + "-- etc/systemd/system/a.service --\n[Service]\n"
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"good":                 {unit + "ExecStart=/opt/a/run\n-- opt/a/run mode=0755 --\n", check.Pass},
		"open":                 {unit + "ExecStart=/opt/a/run\n-- opt/a/run mode=0777 --\n", check.Fail},
		"of another":           {unit + "ExecStart=/opt/a/run\n-- opt/a/run mode=0755 owner=1000:0 --\n", check.Fail},
		"open folder":          {unit + "ExecStart=/opt/a/run\n-- opt/a dir mode=0775 owner=0:50 --\n-- opt/a/run mode=0755 --\n", check.Fail},
		"before the start":     {unit + "ExecStartPre=-/opt/a/pre\nExecStart=/opt/a/run\n-- opt/a/pre mode=0777 --\n-- opt/a/run mode=0755 --\n", check.Fail},
		"script":               {unit + "ExecStart=/usr/bin/python3.11 -u /opt/a/run.py /var/lib/a\n-- opt/a/run.py mode=0664 owner=0:50 --\n-- var/lib/a dir owner=1000:1000 --\n", check.Fail},
		"arguments":            {unit + "ExecStart=/usr/sbin/a /var/lib/a\n-- var/lib/a dir owner=1000:1000 --\n", check.Pass},
		"missing":              {unit + "ExecStart=/opt/a/run\n", check.Pass},
		"as another user":      {unit + "User=app\nExecStart=/home/app/run\n-- home/app/run mode=0755 owner=1000:1000 --\n", check.Pass},
		"as root all the same": {unit + "User=app\nExecStartPre=+/home/app/pre\nExecStart=/home/app/run\n-- home/app/pre mode=0755 owner=1000:1000 --\n", check.Fail},
		"unit file":            {booting + "-- etc/systemd/system/a.service mode=0666 --\n[Service]\nExecStart=/opt/a/run\n", check.Fail},
		"drop-in":              {unit + "ExecStart=/opt/a/run\n-- etc/systemd/system/a.service.d/x.conf mode=0664 owner=0:1000 --\n[Service]\nNice=1\n", check.Fail},
		"not started":          {booting + "-- etc/systemd/system/b.service --\n[Service]\nExecStart=/opt/b/run\n-- opt/b/run mode=0777 --\n", check.NotApplicable},
		"by a timer": {booting + "-- etc/systemd/system/b.service --\n[Service]\nExecStart=/opt/b/run\n-- opt/b/run mode=0777 --\n-- etc/systemd/system/b.timer --\n[Timer]\nOnCalendar=daily\n" +
			"-- etc/systemd/system/timers.target.wants/b.timer link=/etc/systemd/system/b.timer --\n", check.Fail},
		"denied":     {unit + "ExecStart=/opt/a/run\n-- etc/systemd/system error=EACCES --\n", check.Unknown},
		"no systemd": {"", check.Unknown},
	} {
		made, err := service.Protected{}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s) %v, %v, want %s", name, r.Status, r.Message, r.Evidence, err, c.want)
		}
	}
	if _, err := (service.Protected{Allow: []string{"["}}).Check(); err == nil {
		t.Error("a broken pattern: got no error")
	}
}

func ExampleProtected() {
	c, err := service.Protected{}.Check()
	r, err := checktest.Judge(booting+"-- etc/systemd/system/a.service --\n[Service]\nExecStart=/srv/app/run\n-- srv/app/run mode=0777 --\n", c, err)
	e := r.Evidence[0]
	fmt.Println(r.Status, e.Subject, e.Got, err)
	// Output: fail a.service /srv/app/run may be written to by everybody (mode 0777) <nil>
}
