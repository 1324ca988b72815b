package iptables_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/firewalls/iptables"
)

// iptables-restore loads the file in a namespace of its own, and iptables-save tells what is loaded.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"policy":  {Head: "*filter\n", Key: ":INPUT", Sep: " ", Value: "DROP [0:0]", Other: "ACCEPT [0:0]", Comment: "#", Tail: "COMMIT\n"},
		"command": {Head: "*filter\n", Key: "-P INPUT", Sep: " ", Value: "DROP", Other: "ACCEPT", Comment: "#", Tail: "COMMIT\n"},
		"commit":  {Head: "*filter\n:INPUT DROP\n", Key: "COMM", Sep: "I", Value: "T", Other: "T", Comment: "#"},
		"table":   {Key: "*filt", Sep: "e", Value: "r", Other: "r", Comment: "#", Tail: ":INPUT DROP\nCOMMIT\n"},
		"rule":    {Head: "*filter\n:INPUT DROP\n", Key: "-A INPUT", Sep: " ", Value: "-s 192.0.2.1 -j ACCEPT", Other: "-j DROP", Comment: "#", Tail: "COMMIT\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				if strings.Contains(text, "\x00") {
					return bytetable.Error // as System.ReadText has it
				}
				all, err := iptables.Parse([]byte(text), 4)
				if err != nil {
					return bytetable.Error
				}
				if all["INPUT"] == nil {
					return "accept"
				}
				got := string(all["INPUT"].Policy)
				if got != "deny" {
					got = "accept"
				}
				for range all["INPUT"].Rules {
					got += " rule"
				}
				return got
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "iptables-restore", "iptables", "unshare", "sh")
				file := filepath.Join(bytetable.Tree(t, map[string]string{"rules": text}), "rules")
				oracle.Try(t, nil, "unshare", "-Urn", "iptables", "-S") // takes a module and the right to make namespaces
				out, code := oracle.Code(t, "unshare", "-Urn", "sh", "-c", "iptables-restore "+file+" >/dev/null 2>&1 && iptables -S INPUT 2>/dev/null")
				if code != 0 {
					return bytetable.Error
				}
				got := "accept"
				for l := range strings.Lines(string(out)) {
					switch {
					case l == "-P INPUT DROP\n":
						got = "deny"
					case strings.HasPrefix(l, "-A INPUT"):
						got += " rule"
					}
				}
				return got
			}, nil)
		})
	}
}
