package service_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/service"
)

// What a running system tells beside its files.
const (
	running = "live: true\n" + units + "-- proc/1/comm --\nsystemd\n-- run/systemd/system dir --\n-- run/systemd/units dir --\n"
	active  = "-- run/systemd/units/invocation:"
	link    = " link=1f --\n"
)

// On a running system what is on has to run, and what is off must not.
func TestRunning(t *testing.T) {
	on, off := service.On{AnyOf: []string{"cups.service"}}.Check, service.Off{Units: []string{"rpcbind.service", "telnet*"}}.Check
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"on":                  {on, running + active + "cups.service" + link, check.Pass, "cups.service: started at boot by multi-user.target, active, want started at boot (usr/lib/systemd/system/cups.service)"},
		"stopped":             {on, running, check.Fail, "cups.service: started at boot by multi-user.target, not active, want started at boot, and active (run/systemd/units)"},
		"in a container":      {on, "live: true\n" + units + "-- proc/1/comm --\nsh\n", check.Fail, "cups.service: started at boot by multi-user.target, process 1 is sh, and no process runs /usr/sbin/cupsd, want started at boot, and active (proc/1/comm)"},
		"nothing is shown":    {on, "live: true\n" + units, check.Unknown, ""},
		"off":                 {off, running, check.Pass, "rpcbind.service: masked, want off, masked or removed (etc/systemd/system/rpcbind.service)"},
		"started by hand":     {off, running + active + "rpcbind.service" + link, check.Fail, "rpcbind.service: masked, active, want off, masked or removed (run/systemd/units/invocation:rpcbind.service)"},
		"active without unit": {off, running + active + "telnetd.service" + link, check.Fail, "telnetd.service: active, want off, masked or removed (run/systemd/units/invocation:telnetd.service)"},
		"off, nothing shown":  {off, "live: true\n" + units, check.Unknown, ""},
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

const units = `
-- usr/lib/systemd/system/default.target link=multi-user.target --
-- usr/lib/systemd/system/multi-user.target --
[Unit]
Requires=basic.target
-- usr/lib/systemd/system/basic.target --
[Unit]
Wants=sockets.target
-- usr/lib/systemd/system/sysinit.target --
[Unit]
-- usr/lib/systemd/system/sockets.target --
[Unit]
-- usr/lib/systemd/system/cups.service --
[Service]
ExecStart=/usr/sbin/cupsd -l
[Install]
WantedBy=multi-user.target
-- etc/systemd/system/multi-user.target.wants/cups.service link=/usr/lib/systemd/system/cups.service --
-- usr/sbin/cupsd --
-- usr/lib/systemd/system/avahi-daemon.service --
[Service]
ExecStart=/usr/sbin/avahi-daemon
-- usr/lib/systemd/system/avahi-daemon.socket --
[Socket]
ListenStream=/run/avahi-daemon/socket
[Install]
WantedBy=sockets.target
-- etc/systemd/system/sockets.target.wants/avahi-daemon.socket link=/usr/lib/systemd/system/avahi-daemon.socket --
-- usr/lib/systemd/system/rpcbind.service --
[Service]
ExecStart=/usr/sbin/rpcbind
[Install]
WantedBy=multi-user.target
-- etc/systemd/system/rpcbind.service link=/dev/null --
-- etc/init.d/vsftpd mode=0755 --
-- etc/init.d/rpcbind mode=0755 --
-- etc/rc3.d/S01vsftpd link=../init.d/vsftpd --
-- etc/rc3.d/S01gone link=../init.d/gone --
-- etc/rc3.d/S02rpcbind link=../init.d/rpcbind --
-- etc/rc3.d/K01cups link=../init.d/cups --
-- etc/systemd/system/gone.service --
[Service]
ExecStart=-/usr/bin/optional
ExecStart=/opt/gone/bin/agent --run
[Install]
WantedBy=multi-user.target
-- etc/systemd/system/multi-user.target.wants/gone.service link=../gone.service --
-- etc/systemd/system/asks.service --
[Unit]
ConditionFileIsExecutable=/etc/rc.local
[Service]
ExecStart=/etc/rc.local start
[Install]
WantedBy=multi-user.target
-- etc/systemd/system/multi-user.target.wants/asks.service link=../asks.service --
-- etc/systemd/system/short.service --
[Service]
ExecStart=cupsd
[Install]
WantedBy=multi-user.target
-- etc/systemd/system/multi-user.target.wants/short.service link=../short.service --
`

func TestChecks(t *testing.T) {
	for name, c := range map[string]struct {
		make   func() (check.Check, error)
		status check.Status
		got    string
	}{
		"enabled":             {service.Off{Units: []string{"cups.*"}}.Check, check.Fail, "started at boot by multi-user.target"},
		"enabled and allowed": {service.Off{Units: []string{"cups.*"}, Allow: []string{"cups.service"}}.Check, check.NotApplicable, ""},
		"by a socket":         {service.Off{Units: []string{"avahi-daemon.service"}}.Check, check.Fail, "started on demand by avahi-daemon.socket"},
		"by an init script":   {service.Off{Units: []string{"vsftpd.*"}}.Check, check.Fail, "started at boot by an init script"},
		"script with a unit":  {service.Off{Units: []string{"rpcbind.*"}}.Check, check.Pass, ""},
		"masked":              {service.Off{Units: []string{"rpcbind.service"}}.Check, check.Pass, ""},
		"not there":           {service.Off{Units: []string{"telnet*"}}.Check, check.NotApplicable, ""},
		"one of two is on":    {service.On{AnyOf: []string{"chronyd.service", "cups.service"}}.Check, check.Pass, "started at boot by multi-user.target"},
		"none is on":          {service.On{AnyOf: []string{"chronyd.service", "rpcbind.service"}}.Check, check.Fail, "masked"},
		"none is there":       {service.On{AnyOf: []string{"chronyd.service", "ntpd.service"}}.Check, check.Fail, "not there"},
		"orphans":             {service.Orphans{}.Check, check.Fail, "/opt/gone/bin/agent is missing"},
		"orphans, allowed":    {service.Orphans{Allow: []string{"gone.*"}}.Check, check.Pass, ""},
	} {
		made, err := c.make()
		r, err := checktest.Judge(units, made, err)
		if err != nil || r.Status != c.status || c.got != "" && r.Evidence[0].Got != c.got {
			t.Errorf("%s: got %s %v, %v, want %s %q", name, r.Status, r.Evidence, err, c.status, c.got)
		}
	}
}

func TestWithoutSystemdNothingIsKnown(t *testing.T) {
	for name, make := range map[string]func() (check.Check, error){
		"off": service.Off{Units: []string{"x"}}.Check, "on": service.On{AnyOf: []string{"x"}}.Check,
	} {
		c, err := make()
		if r, err := checktest.Judge("-- etc/inittab --\n", c, err); err != nil || r.Status != check.Unknown {
			t.Errorf("%s: got %s, %v, want unknown", name, r.Status, err)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	for name, make := range map[string]func() (check.Check, error){
		"a broken pattern": service.Off{Units: []string{"["}}.Check, "an empty exception": service.Orphans{Allow: []string{""}}.Check, "no units": service.On{}.Check,
	} {
		if _, err := make(); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func ExampleOff() {
	c, err := service.Off{Units: []string{"cups.service"}}.Check()
	r, err := checktest.Judge(units, c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Got, err)
	// Output: fail cups.service started at boot by multi-user.target <nil>
}
