package service_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/service"
)

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined.
func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"off":             {service.Off{Units: []string{"rpcbind.service"}}.Check, units, check.Pass, "rpcbind.service: masked, want off, masked or removed (etc/systemd/system/rpcbind.service)"},
		"not there":       {service.Off{Units: []string{"telnet*"}}.Check, units, check.NotApplicable, "telnet*: not there, want off, masked or removed"},
		"on":              {service.On{AnyOf: []string{"chronyd.service", "cups.service"}}.Check, units, check.Pass, "cups.service: started at boot by multi-user.target, want started at boot (usr/lib/systemd/system/cups.service)"},
		"no orphans":      {service.Orphans{Allow: []string{"gone.*"}}.Check, units, check.Pass, "asks.service: /etc/rc.local is missing, and a condition may keep the service off, want a program that is there (etc/systemd/system/asks.service:4); short.service: cupsd, want a program that is there (etc/systemd/system/short.service:2); cups.service: /usr/sbin/cupsd, want a program that is there (usr/lib/systemd/system/cups.service:2)"},
		"nothing enabled": {service.Orphans{Allow: []string{"*"}}.Check, units, check.NotApplicable, "services: none is, want enabled"},
		"protected":       {service.Protected{}.Check, booting + "-- etc/systemd/system/a.service --\n[Service]\nExecStart=/opt/a/run\n-- opt/a/run mode=0755 --\n", check.Pass, "a.service: only root can change its files (6) and the folders above, want only root can change it (etc/systemd/system/a.service)"},
		"nothing starts":  {service.Protected{Allow: []string{"*"}}.Check, booting, check.NotApplicable, "services: none is, want started"},
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
