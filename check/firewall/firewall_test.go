package firewall_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/firewall"
)

const system = `
-- usr/lib/systemd/system/default.target link=multi-user.target --
-- usr/lib/systemd/system/multi-user.target --
[Unit]
-- usr/lib/systemd/system/nftables.service --
[Service]
ExecStart=/usr/sbin/nft -f /etc/nftables.conf
-- etc/systemd/system/multi-user.target.wants/nftables.service link=/usr/lib/systemd/system/nftables.service --
-- etc/nftables.conf --
table ip f {
	chain i {
		type filter hook input priority 0; policy drop;
	}
}
`

func TestIPv6(t *testing.T) {
	live := "live: true\n-- proc/cmdline --\nquiet\n-- proc/sys/kernel/x --\n-- proc/sys/net/ipv6/conf/all/disable_ipv6 --\n0\n-- proc/sys/net/ipv6/conf/default/disable_ipv6 --\n1\n"
	both := strings.Replace(live, "disable_ipv6 --\n0", "disable_ipv6 --\n1", 1)
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"an image":                     {system, check.Fail},
		"one of two":                   {live + system, check.Fail},
		"both":                         {both + system, check.Pass},
		"the command line":             {strings.Replace(live, "quiet", "quiet ipv6.disable=1", 1) + system, check.Pass},
		"another value":                {strings.Replace(live, "quiet", "quiet ipv6.disable=10", 1) + system, check.Fail},
		"no such kernel":               {"live: true\n-- proc/cmdline --\nquiet\n-- proc/sys/kernel/x --\n" + system, check.Pass},
		"no proc":                      {"live: true\n" + system, check.Error},
		"unread":                       {strings.Replace(live, "proc/cmdline", "proc/cmdline error=EACCES", 1) + system, check.Unknown},
		"no -f":                        {strings.Replace(system, "-f /etc/nftables.conf", "'include \"/etc/nftables.conf\"'", 1), check.Unknown},
		"only looked at":               {strings.Replace(system, "-f /etc", "-c -f /etc", 1), check.Unknown},
		"emptied after":                {strings.Replace(system, "nftables.conf\n-- etc/systemd", "nftables.conf\nExecStartPost=/usr/sbin/nft flush ruleset\n-- etc/systemd", 1), check.Unknown},
		"a file that nft would refuse": {strings.Replace(system, "policy drop;", "policy dropp;", 1), check.Error},
		"no file":                      {strings.Replace(system, "etc/nftables.conf --", "etc/nftables.conf2 --", 1), check.Error},
	} {
		made, err := firewall.DefaultDeny{Direction: "input"}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	if _, err := (firewall.DefaultDeny{Direction: "output"}).Check(); err == nil {
		t.Error("got no error")
	}
}

func ExampleDefaultDeny() {
	c, err := firewall.DefaultDeny{Direction: "input"}.Check()
	r, err := checktest.Judge(system, c, err)
	e := r.Evidence[0]
	fmt.Println(r.Status, e.Subject, e.Got, err)
	// Output: fail nftables, IPv6 input let through <nil>
}
