package firewalld_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/firewalls/firewalld"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// reader returns what firewalld makes of texts, all of which are asked about at once. GLib reads the files
// of connections, as it does for NetworkManager.
func reader(kind string, texts map[string]string) bytetable.Reader {
	var said map[string]string
	return func(t *testing.T, text string) string {
		if said == nil {
			module := "firewall.core.io.policy"
			if kind == "connection" {
				module = "gi.repository.GLib"
			}
			oracle.Need(t, "/usr/bin/python3")
			oracle.Try(t, nil, "/usr/bin/python3", "-c", "import "+module)
			asked := map[string][]byte{}
			for _, text := range texts {
				asked[fmt.Sprintf("%q", text)] = []byte(text)
			}
			in, err := json.Marshal(asked)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(oracle.RunWith(t, in, "/usr/bin/python3", "testdata/ask.py", kind), &said); err != nil {
				t.Fatal(err)
			}
		}
		return printable(said[fmt.Sprintf("%q", text)])
	}
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	quoted := fmt.Sprintf("%q", value)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func TestBytes(t *testing.T) {
	for kind, ours := range map[string]bytetable.Reader{
		"conf": func(t *testing.T, text string) string {
			c, err := firewalld.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/firewalld/firewalld.conf": text})))
			if err != nil {
				return bytetable.Error
			}
			return printable(c.DefaultZone.Value)
		},
		"connection": func(t *testing.T, text string) string {
			c, err := firewalld.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/NetworkManager/system-connections/a": text})))
			if err != nil {
				return bytetable.Error
			}
			if len(c.Bindings) == 0 {
				return ""
			}
			return printable(c.Bindings[0].Zone)
		},
		"zone": func(t *testing.T, text string) string {
			c, err := firewalld.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/firewalld/zones/a.xml": text})))
			if err != nil {
				return bytetable.Error
			}
			z := c.Zones["a"]
			target := z.Target
			if target == "" || target == "{chain}_{zone}" {
				target = "default"
			}
			return printable(describe(target, z.Interfaces, z.Senders, z.Open))
		},
		"policy": func(t *testing.T, text string) string {
			c, err := firewalld.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/firewalld/policies/a.xml": text})))
			if err != nil {
				return bytetable.Error
			}
			p := c.Policies[0]
			return printable(describe(p.Target, p.Ingress, p.Egress, p.Open))
		},
	} {
		for name, texts := range odd[kind] {
			t.Run(name, func(t *testing.T) { bytetable.Test(t, name, texts, ours, reader(kind, texts), nil) })
		}
	}
}

func describe(target string, one, other []string, open bool) string {
	return fmt.Sprintf("%s %s %s %s", target, strings.Join(one, ","), strings.Join(other, ","), map[bool]string{true: "open", false: "closed"}[open])
}

// odd has the texts by kind and table.
var odd = map[string]map[string]map[string]string{
	"conf": {"conf": with(bytetable.Line{Key: "DefaultZone", Sep: "=", Value: "drop", Other: "trusted", Comment: "#"}, "", "", map[string]string{
		"no value before": "DefaultZone=\nDefaultZone=trusted\n", "two signs": "DefaultZone=drop=x\nDefaultZone=trusted\n", "an empty second value": "DefaultZone=drop=\nDefaultZone=trusted\n",
		"a semicolon": ";DefaultZone=drop\nDefaultZone=trusted\n", "a semicolon behind": "DefaultZone=drop ; x\n", "a separator of files": "\x1cDefaultZone=trusted\nDefaultZone=drop\n", "NEL": "\u0085DefaultZone=trusted\nDefaultZone=drop\n",
		"a line separator": "x\u2028DefaultZone=trusted\nDefaultZone=drop\n", "a carriage return between": "x\rDefaultZone=trusted\nDefaultZone=drop\n", "a section": "[x]\nDefaultZone=drop\n",
	})},
	"connection": {"connection": with(bytetable.Line{Head: "[connection]\n", Key: "zone", Sep: "=", Value: "trusted", Other: "drop", Comment: "#"}, "", "", map[string]string{
		"no group": "zone=trusted\n", "another group": "[user]\nzone=trusted\n", "group again": "[connection]\nzone=drop\n[x]\ny=z\n[connection]\nzone=trusted\n", "blanks behind the group": "[connection] \t\nzone=trusted\n",
		"junk behind the group": "[connection] x\nzone=trusted\n", "two brackets": "[[connection]]\nzone=trusted\n", "an open group": "[connection\nzone=trusted\n", "blanks in the group": "[ connection ]\nzone=trusted\n", "group in capitals": "[Connection]\nzone=trusted\n",
		"a semicolon": "[connection]\n;x\nzone=trusted\n", "a blank value behind": "[connection]\nzone=trusted\nzone=\n", "an escape": "[connection]\nzone=trus\\sted\n", "a locale": "[connection]\nzone[de]=trusted\n", "blank before the group": " [connection]\nzone=trusted\n",
	})},
	"zone": {
		"target": with(bytetable.Line{Head: "<zone\n", Key: "target", Sep: "=", Value: `"ACCEPT"`, Other: `"DROP"`, Tail: "></zone>\n"}, "", "", map[string]string{
			"empty": `<zone target=""/>`, "reject": `<zone target="%%REJECT%%"/>`, "default": `<zone target="default"/>`, "own": `<zone target="{chain}_{zone}"/>`, "CONTINUE": `<zone target="CONTINUE"/>`, "blank in it": `<zone target=" ACCEPT"/>`, "tab in it": "<zone target=\"ACCEPT\t\"/>",
			"twice in a tag": `<zone target="DROP" target="ACCEPT"/>`, "no blank between": `<zone target="ACCEPT"version="1"/>`, "entity": `<zone target="&#65;CCEPT"/>`, "unknown entity": `<zone target="&a;"/>`, "entity of a document type": `<!DOCTYPE zone [<!ENTITY a "ACCEPT">]><zone target="&a;"/>`,
			"default of a document type": `<!DOCTYPE zone [<!ATTLIST zone target CDATA "ACCEPT">]><zone/>`, "document type": `<!DOCTYPE zone><zone target="DROP"/>`, "junk behind": `<zone target="DROP"/>x`, "a second document": `<zone target="DROP"/><zone target="ACCEPT"/>`, "a zone in a zone": `<zone target="DROP"><zone target="ACCEPT"/></zone>`,
			"a comment behind": `<zone target="DROP"/><!-- x -->`, "a bad comment": `<zone target="DROP"/><!-- x -- y -->`, "Latin-1 in a comment": "<zone target=\"DROP\"/><!-- \xe9 -->", "Latin-1, declared": "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><zone target=\"DROP\"><short>\xe9</short></zone>",
			"declaration": `<?xml version="1.0" encoding="utf-8"?><zone target="ACCEPT"/>`, "declaration, bad": `<?xml?><zone target="DROP"/>`, "declaration of 1.1": `<?xml version="1.1"?><zone target="DROP"/>`, "declaration late": "\n<?xml version=\"1.0\"?><zone target=\"DROP\"/>", "instruction": `<?x y?><zone target="DROP"/>`,
			"namespace": `<zone xmlns="x" target="DROP"/>`, "prefix": `<a:zone xmlns:a="x" target="DROP"/>`, "prefix of an attribute": `<zone xmlns:a="x" a:target="ACCEPT"/>`, "policy": `<policy target="DROP"/>`, "capitals": `<ZONE target="DROP"/>`, "unknown attribute": `<zone target="DROP" x="y"/>`, "a priority": `<zone target="DROP" ingress-priority="1"/>`, "no end": `<zone target="DROP">`,
			"wrong end": `<zone target="DROP"></rule>`, "an end too many": `<zone target="DROP"/></zone>`, "angle bracket in it": `<zone target="DROP" version="<"/>`, "CDATA behind": `<zone target="DROP"/><![CDATA[]]>`, "blank before the name": `< zone target="DROP"/>`, "blank before the end": `<zone target="DROP"/ >`,
		}),
		"port": with(bytetable.Line{Head: "<zone>\n", Key: "<port", Sep: " ", Value: `port="0-65535" protocol="tcp"/>`, Other: `port="22" protocol="tcp"/>`, Tail: "</zone>\n"}, "<zone>", "</zone>", map[string]string{
			"from 1": port("1-65535"), "the other way round": port("65535-0"), "blanks": port(" 0 - 65535 "), "a sign": port("+1-65535"), "zeros": port("00001-65535"), "underscores": port("1-6_5535"), "too large": port("1-65536"), "much too large": port("1-99999999999999999999"), "a colon": port("1:65535"), "open end": port("1-"), "open start": port("-65535"),
			"name": port("http"), "name with a dash": port("http-alt"), "name to number": port("tcpmux-65535"), "unknown name": port("xyzzy"), "empty": port(""), "a comma": port("1-100,101-65535"), "Arabic digits": port("٠-65535"), "two parts": port("0-40000") + port("30000-65535"), "two parts, a gap": port("0-30000") + port("30002-65535"), "parts of two protocols": port("0-40000") + `<port port="30000-65535" protocol="udp"/>`,
			"protocol in capitals": `<port port="0-65535" protocol="TCP"/>`, "no protocol": `<port port="0-65535"/>`, "an unknown protocol": `<port port="0-65535" protocol="icmp"/>`, "blank in the protocol": `<port port="0-65535" protocol="tcp "/>`,
			"in a description": "<description>" + port("0-65535") + "</description>", "in an unknown element": "<x>" + port("0-65535") + "</x>", "in a port": `<port port="22" protocol="tcp">` + port("0-65535") + "</port>", "in a service": `<service name="ssh">` + port("0-65535") + "</service>", "in CDATA": "<![CDATA[" + port("0-65535") + "]]>", "in a comment": "<!-- " + port("0-65535") + " -->",
			"protocol": `<protocol value="tcp"/>`, "protocol, capitals": `<protocol value="TCP"/>`, "protocol, number": `<protocol value="6"/>`, "protocol, zeros": `<protocol value="06"/>`, "protocol, blank": `<protocol value=" 6"/>`, "protocol, another": `<protocol value="icmp"/>`, "protocol, all": `<protocol value="0"/>`, "protocol unknown": `<protocol value="xyzzy"/>`,
			"a bad source port": `<source-port port="x-y" protocol="tcp"/>`, "forward port": `<forward-port port="22" protocol="tcp" to-port="23"/>`, "masquerade": `<masquerade/>`, "masquerade of old": `<masquerade enabled="no"/>`, "behind an action": "<accept/>" + port("0-65535"), "behind a limit": `<limit value="1/s"/>` + port("0-65535"),
		}),
		"binding": with(bytetable.Line{Head: "<zone target=\"ACCEPT\">\n", Key: "<source", Sep: " address=", Value: `"0.0.0.0/0"/>`, Other: `"10.0.0.0/8"/>`, Tail: "</zone>\n"}, "<zone target=\"ACCEPT\">", "</zone>", map[string]string{
			"interface": `<interface name="eth0"/>`, "interface without a name": `<interface/>`, "interface with a blank": `<interface name="eth0 "/>`, "interface in a rule": `<rule priority="1"><interface name="eth0"/><accept/></rule><interface name="eth1"/>`, "interface in an interface": `<interface name="lo"><interface name="eth0"/></interface>`,
			"IPv6": `<source address="::/0"/>`, "IPv6 in brackets": `<source address="[::]/0"/>`, "half": `<source address="128.0.0.0/1"/>`, "mask with dots": `<source address="0.0.0.0/0.0.0.0"/>`, "mask of zeros": `<source address="0.0.0.0/00"/>`, "mask too long": `<source address="0.0.0.0/33"/>`, "no mask": `<source address="0.0.0.0/"/>`, "zeros": `<source address="010.0.0.1"/>`, "three parts": `<source address="10.0.1"/>`,
			"mask with a sign": `<source address="0.0.0.0/+0"/>`, "zone of IPv6": `<source address="fe80::1%eth0"/>`, "IPv4 in IPv6": `<source address="::ffff:1.2.3.4"/>`, "name": `<source address="localhost"/>`, "MAC": `<source address="00:11:22:33:44:55"/>`, "MAC as such": `<source mac="00:11:22:33:44:55"/>`, "ipset": `<source ipset="a"/>`, "both": `<source address="10.0.0.1" ipset="a"/>`, "neither": `<source/>`, "inverted": `<source address="10.0.0.1" invert="yes"/>`,
		}),
		"rule": with(bytetable.Line{Head: "<zone>\n<rule family=\"ipv4\">\n", Key: "<source", Sep: " address=", Value: `"0.0.0.0/0"/>`, Other: `"10.0.0.0/8"/>`, Tail: "<accept/></rule>\n</zone>\n"}, "<zone>", "</zone>", map[string]string{
			"alone": "<rule><accept/></rule>", "alone with a priority": `<rule priority="-1"><accept/></rule>`, "priority of 0": `<rule priority="0"><accept/></rule>`, "priority, blank": `<rule priority=" 1"><accept/></rule>`, "priority, no number": `<rule priority="x"><accept/></rule>`, "unknown family": `<rule family="inet" priority="1"><accept/></rule>`, "no family": `<rule><source address="0.0.0.0/0"/><accept/></rule>`,
			"another family": `<rule family="ipv6"><source address="0.0.0.0/0"/><accept/></rule>`, "inverted": rule(`<source address="10.0.0.0/8" invert="True"/><accept/>`), "not inverted": rule(`<source address="10.0.0.0/8" invert="no"/><accept/>`), "nobody": rule(`<source address="0.0.0.0/0" invert="yes"/><accept/>`), "inverted MAC": rule(`<source mac="00:11:22:33:44:55" invert="yes"/><accept/>`), "ipset": rule(`<source ipset="a"/><accept/>`),
			"destination": rule(`<destination address="0.0.0.0/0"/><accept/>`), "destination, some": rule(`<destination address="10.0.0.0/8"/><accept/>`), "two sources": rule(`<source address="10.0.0.0/8"/><source address="0.0.0.0/0"/><accept/>`), "two actions": rule(`<source address="0.0.0.0/0"/><drop/><accept/>`), "two elements": rule(`<port port="22" protocol="tcp"/><protocol value="tcp"/><accept/>`), "reject": rule(`<source address="0.0.0.0/0"/><reject/>`), "no action": rule(`<source address="0.0.0.0/0"/>`),
			"limit": rule(`<source address="0.0.0.0/0"/><accept><limit value="1/s"/></accept>`), "log": rule(`<source address="0.0.0.0/0"/><log prefix="a" level="info"/><accept/>`), "audit": rule(`<source address="0.0.0.0/0"/><audit/><accept/>`), "in a rule": rule(`<source address="10.0.0.0/8"/><rule priority="1"><accept/></rule>`), "accept in a source": rule(`<source address="0.0.0.0/0"><accept/></source>`), "accept in a log": rule(`<source address="0.0.0.0/0"/><log><accept/></log>`),
			"ports": rule(`<port port="1-65535" protocol="tcp"/><accept/>`), "a port": rule(`<port port="22" protocol="tcp"/><accept/>`), "source ports": rule(`<source-port port="0-65535" protocol="udp"/><accept/>`), "protocol": rule(`<protocol value="udp"/><accept/>`), "service": rule(`<service name="ssh"/><accept/>`), "unknown element": rule(`<x/><source address="0.0.0.0/0"/><accept/>`), "accept in capitals": rule(`<source address="0.0.0.0/0"/><ACCEPT/>`), "prefix": rule(`<source address="0.0.0.0/0"/><a:accept xmlns:a="x"/>`),
			"text between": rule(`<source address="0.0.0.0/0"/> xyzzy <accept/>`), "mark": rule(`<source address="0.0.0.0/0"/><mark set="1"/>`), "behind a bad one": rule(`<source address="0.0.0.0/0"/><source address="0.0.0.0/0"/><drop/>`) + rule(`<source address="0.0.0.0/0"/><accept/>`), "an attribute of accept": rule(`<source address="0.0.0.0/0"/><accept x="y"/>`),
		}),
	},
	"policy": {"policy": with(bytetable.Line{Head: "<policy\n", Key: "target", Sep: "=", Value: `"ACCEPT"`, Other: `"DROP"`, Tail: "><ingress-zone name=\"ANY\"/><egress-zone name=\"HOST\"/></policy>\n"}, `<policy target="CONTINUE"><ingress-zone name="ANY"/><egress-zone name="HOST"/>`, "</policy>", map[string]string{
		"ports": port("0-65535"), "rule": `<rule priority="1"><accept/></rule>`, "interface": `<interface name="eth0"/>`, "source": `<source address="0.0.0.0/0"/>` + port("0-65535"), "zone in a zone": `<ingress-zone name="a"><ingress-zone name="b"/></ingress-zone>`, "forward": `<forward/>`, "policy in it": `<policy target="ACCEPT"/>`, "rule in capitals": `<RULE priority="1"><accept/></RULE>`,
		"no target": `</policy><policy>`, "egress in a description": `<description><egress-zone name="x"/></description>`,
	})},
}

func port(text string) string { return `<port port="` + text + `" protocol="tcp"/>` }
func rule(text string) string { return `<rule family="ipv4">` + text + "</rule>" }

// with adds texts to those of a line, between a head and a tail.
func with(l bytetable.Line, head, tail string, more map[string]string) map[string]string {
	all := l.Texts()
	for name, text := range more {
		more[name] = head + text + tail
	}
	maps.Copy(all, more)
	return all
}
