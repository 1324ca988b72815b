package console_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/console"
)

func judge(t *testing.T, fixture string) check.Status {
	t.Helper()
	made, err := console.NeedsLogin{}.Check()
	r, err := checktest.Judge(fixture, made, err)
	if err != nil {
		t.Fatal(err)
	}
	return r.Status
}

const units = "-- usr/lib/systemd/system/default.target link=multi-user.target --\n-- usr/lib/systemd/system/multi-user.target --\n[Unit]\n"

func TestUnits(t *testing.T) {
	getty := func(command string) string {
		return units + "-- usr/lib/systemd/system/getty@.service --\n[Service]\nExecStart=" + command + "\nStandardInput=tty\n"
	}
	normal := getty(`-/sbin/agetty -o '-p -- \\u' --noclear - $TERM`)
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"Debian 12":          {normal, check.Pass},
		"newer":              {getty(`-/sbin/agetty -o '-- \\u' --noclear --keep-baud 115200,57600 - ${TERM}`), check.Pass},
		"autologin":          {getty("-/sbin/agetty --autologin root --noclear %I $TERM"), check.Fail},
		"cut short":          {getty("-/sbin/agetty --auto=root %I"), check.Fail},
		"short":              {getty("-/sbin/agetty -a root %I"), check.Fail},
		"in a bundle":        {getty("-/sbin/agetty -Jnaroot %I"), check.Fail},
		"of another option":  {getty("-/sbin/agetty -t -a %I"), check.Pass},
		"another program":    {getty("-/sbin/agetty -n -l /bin/sh %I"), check.Fail},
		"login itself":       {getty("-/sbin/agetty -l /bin/login %I"), check.Pass},
		"login forced":       {getty("-/sbin/agetty -o '-p -f root' %I"), check.Fail},
		"a shell":            {getty("-/bin/bash"), check.Fail},
		"a drop-in":          {normal + "-- etc/systemd/system/getty@tty1.service.d/a.conf --\n[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin root %I\n", check.Fail},
		"a drop-in for all":  {normal + "-- etc/systemd/system/getty@.service.d/a.conf --\n[Service]\nExecStart=\nExecStart=-/sbin/agetty -a root %I\n", check.Fail},
		"a drop-in, serial":  {normal + "-- usr/lib/systemd/system/serial-getty@.service --\n[Service]\nExecStart=-/sbin/agetty %I\n-- etc/systemd/system/serial-getty@ttyS0.service.d/a.conf --\n[Service]\nExecStart=\nExecStart=-/sbin/agetty -a root %I\n", check.Fail},
		"masked":             {getty("-/sbin/agetty -a root %I") + "-- etc/systemd/system/getty@.service link=/dev/null --\n", check.NotApplicable},
		"a shell that waits": {normal + "-- usr/lib/systemd/system/debug-shell.service --\n[Service]\nExecStart=/bin/sh\nStandardInput=tty\n", check.Pass},
		"a shell that starts": {normal + "-- usr/lib/systemd/system/debug-shell.service --\n[Service]\nExecStart=/bin/sh\nStandardInput=tty\n" +
			"-- etc/systemd/system/multi-user.target.wants/debug-shell.service link=/usr/lib/systemd/system/debug-shell.service --\n", check.Fail},
		"another name of it": {normal + "-- usr/lib/systemd/system/own@.service --\n[Service]\nExecStart=-/sbin/agetty -a root %I\n-- etc/systemd/system/autovt@.service link=/usr/lib/systemd/system/own@.service --\n", check.Fail},
		"one of its own": {normal + "-- usr/lib/systemd/system/own@.service --\n[Service]\nExecStart=-/sbin/agetty -a root %I\n" +
			"-- etc/systemd/system/multi-user.target.wants/own@tty1.service link=/usr/lib/systemd/system/own@.service --\n", check.Fail},
		"one that waits":      {normal + "-- usr/lib/systemd/system/own@.service --\n[Service]\nExecStart=-/sbin/agetty -a root %I\n", check.Pass},
		"by a variable":       {getty("-/sbin/agetty $OPTIONS %I $TERM"), check.Unknown},
		"autologin, variable": {getty("-/sbin/agetty -a root $OPTIONS %I $TERM"), check.Fail},
		"a credential":        {normal + "-- etc/systemd/system/getty@.service.d/a.conf --\n[Service]\nSetCredential=agetty.autologin:root\n", check.Fail},
		"another credential":  {normal + "-- etc/systemd/system/getty@.service.d/a.conf --\n[Service]\nSetCredential=tty.font:x\n", check.Pass},
		"an imported one":     {normal + "-- etc/credstore/login.noauth --\n1\n-- etc/systemd/system/getty@.service.d/a.conf --\n[Service]\nImportCredential=login.*\n", check.Fail},
		"none there":          {normal + "-- etc/systemd/system/getty@.service.d/a.conf --\n[Service]\nImportCredential=login.*\n", check.Pass},
		"one not asked for":   {normal + "-- etc/credstore/login.noauth --\n1\n", check.Pass},
		"none":                {units, check.NotApplicable},
		"unreadable":          {normal + "-- etc/systemd/system/getty@.service.d/a.conf error=EACCES --\n", check.Unknown},
	} {
		if got := judge(t, c.fixture); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestInittab(t *testing.T) {
	const rc = "::wait:/sbin/openrc default\n"
	const level = "-- etc/runlevels/default dir --\n-- etc/inittab --\n" + rc
	for line, want := range map[string]check.Status{
		"tty1::respawn:/sbin/getty 38400 tty1":                         check.Pass,
		"ttyS0::respawn:/bin/sh":                                       check.Fail,
		"::askfirst:-/bin/sh":                                          check.Fail,
		"::askfirst:-/bin/ash -l":                                      check.Fail,
		"1:2345:respawn:/sbin/agetty --autologin root tty1":            check.Fail,
		"1:2345:respawn:/bin/login -f root":                            check.Fail,
		"ttyS0::respawn:/usr/bin/setsid /bin/sh":                       check.Fail,
		"ttyS0::respawn:/sbin/getty -n -l /bin/sh 115200":              check.Fail,
		"::sysinit:/bin/sh /etc/rc":                                    check.NotApplicable,
		"::sysinit:/bin/busybox mount -a":                              check.NotApplicable,
		"::respawn:/bin/busybox sh":                                    check.Fail,
		"::shutdown:/bin/sh":                                           check.NotApplicable,
		"#ttyS0::respawn:/bin/sh":                                      check.NotApplicable,
		"ttyS0::respawn:/bin/sh -c 'exec /sbin/getty -L 115200 ttyS0'": check.NotApplicable,
	} {
		if got := judge(t, level+line+"\n"); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
	if got := judge(t, "-- sbin/init link=/bin/busybox --\n-- etc/inittab --\n::askfirst:/bin/sh\n"); got != check.Fail {
		t.Errorf("without runlevels: got %s, want fail", got)
	}
	if got := judge(t, "-- sbin/init link=/bin/busybox --\n-- etc/inittab --\ntty1::respawn:/sbin/getty 38400 tty1\n"); got != check.Unknown {
		t.Errorf("without runlevels: got %s, want unknown", got)
	}
	agetty := level + "-- etc/init.d/agetty.tty1 mode=0755 --\n-- etc/runlevels/default/agetty.tty1 link=/etc/init.d/agetty.tty1 --\n-- etc/conf.d/agetty.tty1 --\nagetty_options="
	for options, want := range map[string]check.Status{"\"--noclear\"": check.Pass, "\"--autologin root\"": check.Fail, "$x": check.Unknown} {
		if got := judge(t, agetty+options+"\n"); got != want {
			t.Errorf("%s: got %s, want %s", options, got, want)
		}
	}
}

func ExampleNeedsLogin() {
	c, err := console.NeedsLogin{}.Check()
	r, err := checktest.Judge("-- sbin/init link=/bin/busybox --\n-- etc/inittab --\nttyS0::respawn:/bin/sh\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Got, err)
	// Output: fail a shell without a login <nil>
}
