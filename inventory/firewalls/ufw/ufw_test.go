package ufw_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/ufw"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// In the form of ufw 0.36.2, Debian 12; the chains of etc/ufw/before.rules shortened.
const system = `
-- etc/ufw/ufw.conf --
ENABLED=yes
LOGLEVEL=low
-- etc/default/ufw --
IPV6=yes
DEFAULT_INPUT_POLICY="DROP"
DEFAULT_OUTPUT_POLICY="ACCEPT"
DEFAULT_FORWARD_POLICY="DROP"
-- etc/ufw/before.init mode=0640 --
#!/bin/sh
-- etc/ufw/before.rules mode=0640 --
*filter
:ufw-before-input - [0:0]
:ufw-before-output - [0:0]
:ufw-before-forward - [0:0]
:ufw-not-local - [0:0]
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p icmp --icmp-type echo-request -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-before-input -d 224.0.0.251 -p udp --dport 5353 -j ACCEPT
COMMIT
-- etc/ufw/user.rules mode=0640 --
*filter
:ufw-user-input - [0:0]
:ufw-user-limit-accept - [0:0]
### RULES ###
### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 22 -j ACCEPT
### END RULES ###
-A ufw-user-limit-accept -j ACCEPT
COMMIT
-- etc/ufw/user6.rules mode=0640 --
*filter
:ufw6-user-input - [0:0]
-A ufw6-user-input -p tcp --dport 22 -j ACCEPT
COMMIT
`

func TestDefault(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"as it is":         {"", "", "deny deny deny"},
		"reject":           {`INPUT_POLICY="DROP"`, "INPUT_POLICY=REJECT", "deny deny deny"},
		"accept":           {`INPUT_POLICY="DROP"`, "INPUT_POLICY=ACCEPT", "accept accept deny"},
		"a word":           {`INPUT_POLICY="DROP"`, "INPUT_POLICY=drop", "accept accept deny"},
		"the last line":    {"IPV6=yes", "IPV6=yes\nDEFAULT_FORWARD_POLICY=ACCEPT", "deny deny deny"},
		"forwarding":       {`FORWARD_POLICY="DROP"`, "FORWARD_POLICY=ACCEPT", "deny deny accept"},
		"without IPv6":     {"IPV6=yes", "IPV6=no", "deny deny deny"},
		"allow everything": {"### END", "-A ufw-user-input -j ACCEPT\n### END", "accept deny deny"},
		"allow in before":  {"-A ufw-not-local -j DROP", "-A ufw-before-input -p tcp -j ACCEPT", "accept deny deny"},
		"allow in INPUT":   {"-A ufw-not-local -j DROP", "-I INPUT -j ACCEPT", "accept deny deny"},
		"allow in IPv6":    {"-A ufw6-user-input -p tcp --dport 22", "-A ufw6-user-input", "deny accept deny"},
		"in the first":     {"LOGLEVEL=low", "DEFAULT_INPUT_POLICY=ACCEPT", "accept accept deny"},
	} {
		cfg, err := ufw.Fact.Of(t.Context(), inventorytest.System(t, strings.Replace(system, c.old, c.new, 1)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := fmt.Sprint(cfg.Default("input", 4).Verdict, " ", cfg.Default("input", 6).Verdict, " ", cfg.Default("forward", 4).Verdict)
		if got != c.want || !cfg.On() {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestFact(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"off":               {"ENABLED=yes", "ENABLED=no", "off"},
		"off, another word": {"ENABLED=yes", "ENABLED=Yes", "off"},
		"off in the end":    {"ENABLED=yes", "ENABLED=yes\nENABLED=no", "off"},
		"by quotes":         {"ENABLED=yes", "ENABLED=\"yes\"", "on"},
		"a program":         {"before.init mode=0640", "before.init mode=0750", "error"},
		"no defaults":       {"-- etc/default/ufw --", "-- etc/default/ufw2 --", "error"},
		"unreadable rules":  {"user.rules mode=0640", "user.rules mode=0640 error=EACCES", "error"},
		"broken rules":      {"### RULES ###", "hello", "error"},
		"more than words":   {"IPV6=yes", "if true; then IPV6=no; fi", "error"},
	} {
		cfg, err := ufw.Fact.Of(t.Context(), inventorytest.System(t, strings.Replace(system, c.old, c.new, 1)))
		got := "error"
		if err == nil {
			got = map[bool]string{true: "on", false: "off"}[cfg.On()]
		}
		if got != c.want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, c.want)
		}
	}
	if _, err := ufw.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("not there: got %v", err)
	}
}

func ExampleConfig_Default() {
	c := ufw.Config{Policies: map[string]inventory.Setting{"input": {Value: "DROP", Position: inventory.Position{Source: "etc/default/ufw", Line: 2}}}}
	d := c.Default("input", 4)
	fmt.Println(d.Verdict, d.Source, d.Line)
	// Output: deny etc/default/ufw 2
}
