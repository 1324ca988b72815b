package firewalld_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/firewalld"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// usr/lib/firewalld/zones/public.xml of firewalld 1.3.3, Debian 12.
const public = `<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>Public</short>
  <description>For use in public areas. You do not trust the other computers on networks to not harm your computer. Only selected incoming connections are accepted.</description>
  <service name="ssh"/>
  <service name="dhcpv6-client"/>
  <forward/>
</zone>
`

const system = `
-- etc/firewalld/firewalld.conf --
# firewalld config file
DefaultZone=public
FirewallBackend=nftables
-- usr/lib/firewalld/zones/public.xml --
` + public + `
-- usr/lib/firewalld/zones/drop.xml --
<zone target="DROP"/>
-- usr/lib/firewalld/zones/trusted.xml --
<zone target="ACCEPT"><forward/></zone>
-- usr/lib/firewalld/policies/allow-host-ipv6.xml --
<policy target="CONTINUE"><ingress-zone name="ANY"/><egress-zone name="HOST"/></policy>
`

func TestDefault(t *testing.T) {
	zone := func(body string) string {
		return system + "-- etc/firewalld/zones/public.xml --\n<zone>" + body + "</zone>\n"
	}
	trusted := func(body string) string {
		return system + "-- etc/firewalld/zones/trusted.xml --\n<zone target=\"ACCEPT\">" + body + "</zone>\n"
	}
	nm := "-- etc/NetworkManager/system-connections/lan.nmconnection mode=0600 --\n[connection]\nid=lan\nzone=trusted\n[wifi-security]\npsk=secret\n"
	for name, c := range map[string]struct{ fixture, want string }{
		"as it is":              {system, "deny deny"},
		"no configuration":      {strings.Replace(system, "firewalld.conf", "other.conf", 1), "deny deny"},
		"drop":                  {strings.Replace(system, "=public", "=drop", 1), "deny deny"},
		"trusted":               {strings.Replace(system, "=public", "=trusted", 1), "accept accept"},
		"the first line":        {strings.Replace(system, "=public", "=trusted\nDefaultZone=public", 1), "accept accept"},
		"no such zone":          {strings.Replace(system, "=public", "=lan", 1), "error error"},
		"target changed":        {system + "-- etc/firewalld/zones/public.xml --\n<zone target=\"ACCEPT\"></zone>\n", "accept accept"},
		"all ports":             {zone(`<port port="1-65535" protocol="tcp"/>`), "accept accept"},
		"a port":                {zone(`<port port="443" protocol="tcp"/>`), "deny deny"},
		"all of tcp":            {zone(`<protocol value="tcp"/>`), "accept accept"},
		"a rich rule":           {zone(`<rule family="ipv4" priority="1"><accept/></rule>`), "accept accept"},
		"a rich rule, ignored":  {zone(`<rule family="ipv4"><accept/></rule>`), "error error"},
		"a rich rule for all":   {zone(`<rule family="ipv4"><source address="0.0.0.0/0"/><log/><accept/></rule>`), "accept accept"},
		"no family":             {zone(`<rule><source address="0.0.0.0/0"/><accept/></rule>`), "error error"},
		"a rich rule for some":  {zone(`<rule family="ipv4"><source address="10.0.0.0/8"/><accept/></rule>`), "deny deny"},
		"a rich rule for tcp":   {zone(`<rule><protocol value="tcp"/><accept/></rule>`), "accept accept"},
		"a rich rule for icmp":  {zone(`<rule><protocol value="icmp"/><accept/></rule>`), "deny deny"},
		"a folder as a zone":    {system + "-- etc/firewalld/zones/public/a.xml --\n<zone><rule><accept/></rule></zone>\n", "error error"},
		"a rich rule, no":       {zone(`<rule priority="1"><reject/></rule>`), "deny deny"},
		"a card is trusted":     {trusted(`<interface name="ens3"/>`), "accept accept"},
		"containers are":        {trusted(`<interface name="docker0"/><interface name="lo"/>`), "deny deny"},
		"everybody is":          {trusted(`<source address="0.0.0.0/0"/>`), "accept accept"},
		"one sender is":         {trusted(`<source address="10.0.0.5"/>`), "deny deny"},
		"a connection is":       {system + nm, "accept accept"},
		"another section":       {system + strings.Replace(nm, "[connection]", "[user]", 1), "deny deny"},
		"old scripts":           {system + "-- etc/sysconfig/network-scripts/ifcfg-eth0 --\nZONE=\"trusted\"\n", "accept accept"},
		"connection unread":     {system + strings.Replace(nm, "0600", "0600 error=EACCES", 1), "error error"},
		"a policy to the host":  {system + "-- etc/firewalld/policies/a.xml --\n<policy target=\"ACCEPT\"><ingress-zone name=\"ANY\"/><egress-zone name=\"HOST\"/></policy>\n", "accept deny"},
		"a policy that is open": {system + "-- etc/firewalld/policies/a.xml --\n<policy target=\"CONTINUE\"><ingress-zone name=\"ANY\"/><egress-zone name=\"HOST\"/><rule priority=\"1\"><accept/></rule></policy>\n", "accept deny"},
		"a policy for ports":    {system + "-- etc/firewalld/policies/a.xml --\n<policy target=\"CONTINUE\"><ingress-zone name=\"ANY\"/><egress-zone name=\"HOST\"/><port port=\"0-65535\" protocol=\"tcp\"/></policy>\n", "accept deny"},
		"a policy for one port": {system + "-- etc/firewalld/policies/a.xml --\n<policy target=\"CONTINUE\"><ingress-zone name=\"ANY\"/><egress-zone name=\"HOST\"/><port port=\"22\" protocol=\"tcp\"/></policy>\n", "deny deny"},
		"a policy through":      {system + "-- etc/firewalld/policies/a.xml --\n<policy target=\"ACCEPT\"><ingress-zone name=\"public\"/><egress-zone name=\"drop\"/></policy>\n", "deny accept"},
		"direct rules":          {system + "-- etc/firewalld/direct.xml --\n<direct><rule ipv=\"ipv4\" table=\"filter\" chain=\"INPUT\" priority=\"0\">-j ACCEPT</rule></direct>\n", "error error"},
		"no direct rules":       {system + "-- etc/firewalld/direct.xml --\n<direct></direct>\n", "deny deny"},
		"broken zone":           {zone("<a>"), "error error"},
		"not a zone":            {system + "-- etc/firewalld/zones/public.xml --\n<policy/>\n", "error error"},
	} {
		var got []string
		for _, direction := range []string{"input", "forward"} {
			cfg, err := firewalld.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
			verdict := "error"
			if err == nil {
				d, err := cfg.Default(direction)
				if err == nil {
					verdict = string(d.Verdict)
				} else if !errors.Is(err, inventory.ErrUnavailable) {
					t.Errorf("%s: %v", name, err)
				}
			}
			got = append(got, verdict)
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func FuzzParseZone(f *testing.F) {
	f.Add([]byte(public))
	f.Add([]byte("\xef\xbb\xbf<zone target=\"ACCEPT\"><rule><accept/></rule></zone>\r\n\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if z, err := firewalld.ParseZone(b); err != nil && z.Accepts() {
			t.Fatal("a zone beside an error")
		}
		_, _ = firewalld.ParsePolicy(b)
	})
}

func ExampleParseZone() {
	z, err := firewalld.ParseZone([]byte(`<zone target="ACCEPT"><interface name="eth0"/></zone>`))
	fmt.Println(z.Accepts(), z.Interfaces, err)
	// Output: true [eth0] <nil>
}
