package services_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services"
)

const (
	systemd = `
-- usr/lib/systemd/system/default.target link=multi-user.target --
-- usr/lib/systemd/system/multi-user.target --
[Unit]
-- usr/lib/systemd/system/sshd.service --
[Service]
ExecStart=/usr/sbin/sshd
-- etc/systemd/system/multi-user.target.wants/sshd.service link=/usr/lib/systemd/system/sshd.service --
-- etc/systemd/system/ssh.service link=/usr/lib/systemd/system/sshd.service --
`
	openrc = `
-- etc/init.d/chronyd mode=0755 --
depend() { need sshd; }
-- etc/init.d/sshd mode=0755 --
-- etc/runlevels/default/chronyd link=/etc/init.d/chronyd --
`
	scripts = `
-- etc/init.d/old mode=0755 --
-- etc/init.d/noexec mode=0644 --
-- etc/init.d/sshd mode=0755 --
-- etc/rc2.d/S01old link=../init.d/old --
-- etc/rc2.d/S01gone link=../init.d/gone --
-- etc/rc2.d/S01noexec link=../init.d/noexec --
-- etc/rc3.d/S01sshd link=../init.d/sshd --
`
	generator = "-- usr/lib/systemd/system-generators/systemd-sysv-generator mode=0755 --\n"
	level2    = "-- sbin/init mode=0755 --\n-- etc/inittab --\nid:2:initdefault:\n"
	busybox   = "-- bin/busybox mode=0755 --\n-- sbin/init link=/bin/busybox --\n-- etc/inittab --\n::wait:/sbin/openrc default\n"
)

func TestService(t *testing.T) {
	for name, c := range map[string]struct{ fixture, service, want string }{
		"a unit":                         {systemd, "sshd.service", "boot started at boot by multi-user.target"},
		"an alias":                       {systemd, "ssh.service", "boot started at boot by multi-user.target"},
		"a unit, init leads to systemd":  {systemd + openrc + "-- sbin/init link=/lib/systemd/systemd --\n", "chronyd.service", "none"},
		"a unit that init does not read": {systemd + openrc + busybox, "sshd.service", "perhaps started at boot by chronyd"},
		"a runlevel":                     {openrc, "chronyd.service", "boot started at boot by the runlevel default"},
		"no such service":                {openrc, "chronyd", "none"},
		"a script and its generator":     {systemd + scripts + generator, "old.service", "boot started at boot by an init script"},
		"a script without generator":     {systemd + scripts, "old.service", "perhaps started at boot by an init script"},
		"a script with a unit":           {systemd + scripts + generator, "sshd.service", "boot started at boot by multi-user.target"},
		"a script that is gone":          {systemd + scripts + generator, "gone.service", "none"},
		"a script without rights":        {systemd + scripts + generator, "noexec.service", "none"},
		"sysvinit":                       {systemd + scripts + level2, "old.service", "boot started at boot by an init script"},
		"sysvinit, another level":        {systemd + scripts + level2, "sshd.service", "none"},
	} {
		all, err := services.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		v, ok := all.Service(c.service)
		got := map[bool]string{true: "boot ", false: "perhaps "}[v.AtBoot] + v.How
		if !ok {
			got = "none"
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		if all.Starts(c.service) != v.AtBoot {
			t.Errorf("%s: Starts differs", name)
		}
	}
}

func TestMatch(t *testing.T) {
	for fixture, want := range map[string]int{systemd: 2, openrc: 2, systemd + scripts: 3} {
		all, err := services.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if err != nil {
			t.Fatal(err)
		}
		if got := all.Match(func(string) bool { return true }); len(got) != want {
			t.Errorf("got %v, want %d", got, want)
		}
	}
}

func TestUnknownInit(t *testing.T) {
	for name, fixture := range map[string]string{
		"nothing":                  "",
		"an own first process":     systemd + "-- sbin/init mode=0755 --\n",
		"systemd without units":    "-- sbin/init link=/lib/systemd/systemd --\n",
		"a ring":                   systemd + "-- sbin/init link=init2 --\n-- sbin/init2 link=init --\n",
		"openrc is not started":    openrc + "-- sbin/init mode=0755 --\n-- etc/inittab --\n::sysinit:/etc/rc\n",
		"a level that stops it":    scripts + "-- sbin/init mode=0755 --\n-- etc/inittab --\nid:6:initdefault:\n",
		"busybox without runlevel": "-- sbin/init link=/bin/busybox --\n-- etc/inittab --\n::sysinit:/etc/init.d/rcS\n",
	} {
		if _, err := services.Fact.Of(t.Context(),
			inventorytest.System(t, fixture)); !errors.Is(err, inventory.ErrUnavailable) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func ExampleFact() {
	cfg, err := inventorytest.Parse([]byte(openrc))
	if err != nil {
		panic(err)
	}
	s, err := inventory.New(cfg)
	if err != nil {
		panic(err)
	}
	all, err := services.Fact.Of(context.Background(), s)
	v, _ := all.Service("chronyd.service")
	fmt.Println(v.AtBoot, v.Source, err)
	// Output: true etc/runlevels/default/chronyd <nil>
}
