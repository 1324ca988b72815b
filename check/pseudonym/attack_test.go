package pseudonym_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/pseudonym"
)

func makerOfAttack(t *testing.T) *pseudonym.Maker {
	t.Helper()
	m, err := pseudonym.New(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAttackAddresses(t *testing.T) {
	for text, secret := range map[string]string{
		"2001:db8::5: connection refused":   "2001:db8::5",
		"cannot reach 2001:db8::5.":         "2001:db8::5",
		"[2001:db8::5]:22":                  "2001:db8::5",
		"ListenAddress 2001:db8::5":         "2001:db8::5",
		"8080:80:10.1.2.3":                  "10.1.2.3",
		"a::10.1.2.3":                       "10.1.2.3",
		"from 10.1.2.3.":                    "10.1.2.3",
		"10.1.2.3:22":                       "10.1.2.3",
		"10.1.2.0/24":                       "10.1.2.0",
		"host=10.1.2.3,":                    "10.1.2.3",
		"ip_10.1.2.3":                       "10.1.2.3",
		"eth010.1.2.3":                      "10.1.2.3",
		"fe80::1%eth0":                      "fe80::1",
		"fe80::1/64":                        "fe80::1",
		"inet6:fe80::1":                     "fe80::1",
		"allow:2001:db8::5:deny":            "2001:db8::5",
		"ALL: 2001:db8::5, 10.1.2.3: allow": "2001:db8::5",
		"00:16:3e:aa:bb:cc":                 "00:16:3e:aa:bb:cc",
		"00-16-3e-aa-bb-cc":                 "00-16-3e-aa-bb-cc",
		"mac 00:16:3e:aa:bb:cc:":            "00:16:3e:aa:bb:cc",
		"0016.3eaa.bbcc":                    "0016.3eaa.bbcc",
		"x:2001:db8:0:0:0:0:0:5":            "2001:db8:0:0:0:0:0:5",
	} {
		out := []check.Outcome{{Result: check.Result{Message: text}}}
		if err := makerOfAttack(t).Apply(out, []pseudonym.Name{{Kind: "user", Value: "amy"}}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out[0].Result.Message, secret) {
			t.Errorf("%-35q is %q", text, out[0].Result.Message)
		}
	}
}

// No part of an outcome keeps a name.
func TestAttackEveryPart(t *testing.T) {
	fill := func() check.Outcome {
		ev := []check.Evidence{{Subject: "amy", Fact: "home of amy", Method: "amy"}}
		return check.Outcome{
			Rule: check.Rule{ID: "a", Remediation: "tell amy", Expr: check.Expr{Op: "all", Parts: []check.Expr{{Kind: "a.b", ID: "amy", Document: "amy",
				Args:   map[string]any{"users": []string{"amy"}, "m": map[string]string{"amy": "amy"}, "any": []any{"amy", map[string]any{"amy": 1}}},
				Places: map[string]check.Place{"": {File: "/home/amy/base.yaml", Line: 1, Column: 1}, "/args/amy": {File: "x", Line: 1, Column: 1}}}}}},
			Result: check.Result{Status: check.Fail, Reason: "amy", Evidence: ev, Children: []check.Result{{Evidence: ev}}},
		}
	}
	out := []check.Outcome{fill()}
	if err := makerOfAttack(t).Apply(out, []pseudonym.Name{{Kind: "user", Value: "amy"}}); err != nil {
		t.Fatal(err)
	}
	b, _ := json.MarshalIndent(out[0], "", " ")
	for l := range strings.Lines(string(b)) {
		if strings.Contains(l, "amy") {
			t.Errorf("%s", strings.TrimSpace(l))
		}
	}
}
