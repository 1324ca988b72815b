package service_test

import (
	"fmt"
	"strings"
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

// What a unit runs in a roundabout way is found: of each text the file x is what a user can change.
func TestProtectedFollows(t *testing.T) {
	const unit = booting + "-- etc/systemd/system/a.service --\n[Service]\n"
	const tree = "\n-- opt/a/x mode=0755 owner=OWNER --\n#!/bin/sh\ntrue\n-- usr/bin/python3 mode=0755 --\n\x7fELF\n-- bin/sh mode=0755 --\n\x7fELF\n" +
		"-- opt/b/run mode=0755 --\n#!/bin/sh\ncd /opt/a\nX=/opt/a\n\"$X/x\" --now\n-- opt/b/rel mode=0755 --\n#!/bin/sh\ncd /opt/a && ./x\n-- opt/b/source mode=0755 --\n#!/bin/sh\n. /opt/a/x\n" +
		"-- opt/b/args mode=0755 --\n#!/bin/sh\nshift 0\nexec \"$@\"\n-- opt/b/env mode=0755 --\n#!/usr/bin/env -S /opt/a/x\n-- opt/b/case mode=0755 --\n#!/bin/sh\ncase $1 in\nstart) for i in /opt/a/*; do $i; done;;\nesac\n" +
		"-- opt/b/function mode=0755 --\n#!/bin/bash\nrun() {\n  local p=/opt/a/x\n  (\"$p\")\n}\nrun\n-- opt/b/vars mode=0644 --\nTOOL=/opt/a/x\nPYTHONPATH=/opt/a\n-- opt/b/py.py --\nimport os, sys\nimport mod\n-- opt/b/mod.py owner=OWNER --\n" +
		"-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n"
	for name, text := range map[string]string{
		"a text": `ExecStart=/bin/sh -c "/opt/a/x --now"`, "a login text": `ExecStart=/bin/bash -lc 'exec /opt/a/x'`, "a relative script": "WorkingDirectory=/opt/a\nExecStart=/bin/sh x", "a relative program": "WorkingDirectory=/opt/a\nExecStart=/bin/sh -c './x'",
		"python": "ExecStart=/usr/bin/python3 -u /opt/a/x", "python beside": "ExecStart=/usr/bin/python3 /opt/b/py.py", "a shell": "ExecStart=/bin/bash -e /opt/a/x", "perl": "ExecStart=/usr/bin/perl -w /opt/a/x", "env": "ExecStart=/usr/bin/env A=b /opt/a/x", "env -S": "ExecStart=/opt/b/env",
		"setpriv": "ExecStart=/usr/bin/setpriv --no-new-privs /opt/a/x", "nice": "ExecStart=/usr/bin/nice -n 5 /opt/a/x", "nice of old": "ExecStart=/usr/bin/nice -5 /bin/sh /opt/a/x", "ionice": "ExecStart=/usr/bin/ionice -c 3 sh /opt/a/x", "timeout": "ExecStart=/usr/bin/timeout -k 1 5 bash /opt/a/x",
		"runuser": "ExecStart=/usr/sbin/runuser -u root -- /opt/a/x", "runuser text": "ExecStart=/usr/sbin/runuser root -c /opt/a/x", "su": "ExecStart=/bin/su - root -c '/opt/a/x a'", "nohup": "ExecStart=/usr/bin/nohup sh /opt/a/x", "flock": "ExecStart=/usr/bin/flock -n /run/l sh /opt/a/x", "flock text": "ExecStart=/usr/bin/flock /run/l -c 'sh /opt/a/x'",
		"chrt": "ExecStart=/usr/bin/chrt -f 10 sh /opt/a/x", "stdbuf": "ExecStart=/usr/bin/stdbuf -oL sh /opt/a/x", "systemd-run": "ExecStart=/usr/bin/systemd-run --wait -p Nice=1 sh /opt/a/x", "taskset": "ExecStart=/usr/bin/taskset -c 0 sh /opt/a/x", "nested": "ExecStart=/usr/bin/env nice timeout 5 sh -c 'exec nohup sh /opt/a/x &'",
		"preload": "Environment=LD_PRELOAD=/opt/a/x\nExecStart=/bin/true", "quoted": "Environment=\"A=b\" \"LD_PRELOAD=/opt/a/x\"\nExecStart=/bin/true", "in PATH": "Environment=PATH=/opt/a:/bin\nExecStart=/bin/sh -c x", "a file of variables": "EnvironmentFile=-/opt/a/x\nExecStart=/bin/true", "bash env": "Environment=BASH_ENV=/opt/a/x\nExecStart=/bin/bash -c true",
		"a variable": "EnvironmentFile=/opt/b/vars\nExecStart=/bin/sh $TOOL", "a variable in a text": "EnvironmentFile=/opt/b/vars\nExecStart=/bin/sh -c '$TOOL now'", "before": "ExecStartPre=/opt/a/x\nExecStart=/bin/true", "reload": "ExecReload=/bin/sh /opt/a/x\nExecStart=/bin/true", "stop": "ExecStop=-/opt/a/x\nExecStart=/bin/true", "condition": "ExecCondition=/opt/a/x\nExecStart=/bin/true",
		"a script": "ExecStart=/opt/b/run", "a script that changes folder": "ExecStart=/opt/b/rel", "a script that sources": "ExecStart=/opt/b/source", "a script with arguments": "ExecStart=/opt/b/args /opt/a/x", "a case in a script": "ExecStart=/opt/b/case start", "a function": "ExecStart=/opt/b/function", "another root": "User=toor\nExecStart=/opt/a/x",
		"a specifier": "WorkingDirectory=/opt\nExecStart=/bin/sh -c '/opt/%N/x'", "a substitution": "ExecStart=/bin/sh -c 'echo $(/opt/a/x)'", "backticks": "ExecStart=/bin/sh -c 'echo `/opt/a/x`'", "a condition": "ExecStart=/bin/sh -c 'if true; then /opt/a/x; fi'", "assigned": "ExecStart=/bin/sh -c 'LD_PRELOAD=/opt/a/x true'",
		"unknown wrapper": "ExecStart=/opt/b/wrap --fast /opt/a/x", "input": "ExecStart=/bin/sh -c 'sh < /opt/a/x'", "find": "ExecStart=/usr/bin/find / -exec /opt/a/x {} ;", "xargs": "ExecStart=/bin/sh -c 'echo | xargs -n 1 sh /opt/a/x'",
	} {
		for owner, want := range map[string]check.Status{"1000:1000": check.Fail, "0:0": check.Pass} {
			made, err := service.Protected{}.Check()
			if r, err := checktest.Judge(unit+text+strings.ReplaceAll(tree, "OWNER", owner), made, err); err != nil || r.Status != want {
				t.Errorf("%s, owner %s: got %s (%s) %v, %v, want %s", name, owner, r.Status, r.Message, r.Evidence, err, want)
			}
		}
	}
	// What cannot be known.
	for name, text := range map[string]string{
		"a worked-out program": `ExecStart=/bin/sh -c '"$(cat /etc/x)"'`, "a variable that is passed": "PassEnvironment=X\nExecStart=/bin/sh -c '$X'", "another tree": "RootDirectory=/srv/root\nExecStart=/bin/true", "an image": "RootImage=/srv/i.raw\nExecStart=/bin/true", "a pipe": "ExecStart=/bin/sh -c 'curl x | sh'",
	} {
		made, err := service.Protected{}.Check()
		if r, err := checktest.Judge(unit+text+strings.ReplaceAll(tree, "OWNER", "0:0"), made, err); err != nil || r.Status != check.Unknown {
			t.Errorf("%s: got %s (%s) %v, %v", name, r.Status, r.Message, r.Evidence, err)
		}
	}
}

func ExampleProtected() {
	c, err := service.Protected{}.Check()
	r, err := checktest.Judge(booting+"-- etc/systemd/system/a.service --\n[Service]\nExecStart=/srv/app/run\n-- srv/app/run mode=0777 --\n", c, err)
	e := r.Evidence[0]
	fmt.Println(r.Status, e.Subject, e.Got, err)
	// Output: fail a.service /srv/app/run may be written to by everybody (mode 0777) <nil>
}
