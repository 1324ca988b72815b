package usbguard_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/devices/usbguard"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// In the form that "usbguard generate-policy" of USBGuard 1.1.2 writes.
const rules = `# keyboard
allow id 1d6b:0002 serial "0000:00:14.0" name "xHCI # Host" hash "x" with-interface 09:00:00 with-connect-type ""
allow with-interface one-of { 03:00:01 03:01:01 } if !allowed-matches(with-interface one-of { 03:00:01 })
  block
allow id *:* # all
`

func TestParseRules(t *testing.T) {
	got, err := usbguard.ParseRules([]byte(rules))
	want := []usbguard.Rule{{Target: "allow", Position: inventory.Position{Line: 2}}, {Target: "allow", Position: inventory.Position{Line: 3}}, {Target: "block", All: true, Position: inventory.Position{Line: 4}}, {Target: "allow", All: true, Position: inventory.Position{Line: 5}}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(err, "got -, want +", d)
	}
	if got, err := usbguard.ParseRules([]byte("allow\npermit all\n")); err == nil || got != nil {
		t.Errorf("a mistake: got %v, %v", got, err)
	}
}

func TestRulesForAll(t *testing.T) {
	for text, want := range map[string]bool{
		"allow": true, "allow id *:*": true, "allow with-interface *:*:*": true, "allow id { *:* }": true, "allow with-interface one-of {*:*:*}": true,
		"allow if !false": true, "allow id 1d6b:*": false, "allow with-interface 03:*:*": false, "allow name \"true\"": false, "allow if false": false,
	} {
		all, err := usbguard.ParseRules([]byte(text))
		if err != nil || len(all) != 1 || all[0].All != want {
			t.Errorf("%s: got %+v, %v", text, all, err)
		}
	}
}

func TestFact(t *testing.T) {
	const program = "-- usr/sbin/usbguard-daemon --\n"
	const conf = program + "-- etc/usbguard/usbguard-daemon.conf --\n#ImplicitPolicyTarget=allow\nRuleFile=/etc/usbguard/rules.conf\nRuleFolder=/etc/usbguard/rules.d/\nPresentDevicePolicy = keep\n"
	c, err := usbguard.Fact.Of(t.Context(), inventorytest.System(t, conf+"-- etc/usbguard/rules.conf --\n-- etc/usbguard/rules.d/b.conf --\nblock\n-- etc/usbguard/rules.d/c --\nallow\n"))
	if err != nil || len(c.Rules) != 1 || c.Rules[0].Source != "etc/usbguard/rules.d/b.conf" {
		t.Fatalf("got %+v, %v", c, err)
	}
	if got := c.Values("ImplicitPolicyTarget"); len(got) != 1 || got[0].Value != "block" || !got[0].Compiled() {
		t.Errorf("got %v", got)
	}
	if got := c.Values("PresentDevicePolicy"); got[0].Value != "keep" || got[0].Line != 4 {
		t.Errorf("got %v", got)
	}
	for name, fixture := range map[string]string{"no configuration": program, "rules unreadable": conf + "-- etc/usbguard/rules.conf error=EACCES --\n", "another file": conf + "-- etc/systemd/system/usbguard.service --\n[Service]\nExecStart=/usr/sbin/usbguard-daemon -s -c /etc/other.conf\n", "broken rules": conf + "-- etc/usbguard/rules.conf --\nx\n"} {
		if _, err := usbguard.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil || errors.Is(err, inventory.ErrAbsent) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := usbguard.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("not there: got %v", err)
	}
}

func FuzzParseRules(f *testing.F) {
	f.Add([]byte(rules))
	f.Add([]byte("\xef\xbb\xbfallow\r\nblock \x00 \\"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if all, err := usbguard.ParseRules(b); err != nil && all != nil {
			t.Fatal("rules beside an error")
		}
		if all, err := usbguard.ParseSettings(b); err != nil && all != nil {
			t.Fatal("settings beside an error")
		}
	})
}

func ExampleParseRules() {
	all, err := usbguard.ParseRules([]byte("allow id 1d6b:0002\nblock\n"))
	fmt.Println(all[0].All, all[1].All, err)
	// Output: false true <nil>
}
