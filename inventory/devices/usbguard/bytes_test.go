package usbguard_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/inventory/devices/usbguard"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// The daemon is not there to ask. Its answers are those of the grammar in usbguard-rules.conf(5) and of
// src/Library/RuleParser/Grammar.hpp and src/Common/KeyValueParser.cpp of USBGuard 1.1: blanks are " " and
// "\t", each attribute comes once, and the daemon does not start with anything else.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"rules":    {Key: "allow", Sep: " ", Value: "id 1d6b:0002", Other: "id 1d6b:0003", Comment: "#"},
		"settings": {Key: "ImplicitPolicyTarget", Sep: "=", Value: "block", Other: "allow", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			texts := line.Texts()
			if name == "rules" {
				texts["for all"] = "allow\n"
				texts["an open brace"] = "allow id { 1d6b:0002\n"
				texts["an operator alone"] = "allow id one-of\n"
				texts["an attribute alone"] = "allow id\n"
				texts["a name without quotes"] = "allow name x\n"
				texts["an unknown attribute"] = "allow xyzzy \"x\"\n"
			}
			bytetable.Test(t, name, texts, func(t *testing.T, text string) string {
				files := map[string]string{"usr/sbin/usbguard-daemon": "", "etc/usbguard/usbguard-daemon.conf": "RuleFile=/etc/usbguard/rules.conf\n", "etc/usbguard/rules.conf": text}
				if name == "settings" {
					files["etc/usbguard/usbguard-daemon.conf"] = text
				}
				c, err := usbguard.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, files)))
				if err != nil {
					return bytetable.Error
				}
				var all []string
				if name == "settings" {
					for _, s := range c.Settings {
						all = append(all, s.Value)
					}
					return strings.Join(all, ", ")
				}
				for _, r := range c.Rules {
					all = append(all, fmt.Sprintf("%s %t", r.Target, r.All))
				}
				return strings.Join(all, ", ")
			}, nil, nil)
		})
	}
}
