package nftables_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/firewalls/nftables"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// nft loads the file in a namespace of its own, and lists the policy.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"policy": {Head: "table inet f {\nchain i {\ntype filter hook input priority 0\n", Key: "policy", Sep: " ", Value: "drop", Other: "accept", Comment: "#", Tail: "}\n}\n"},
		"rule":   {Head: "table inet f {\nchain i {\ntype filter hook input priority 0; policy drop\n", Key: "ip saddr", Sep: " ", Value: "192.0.2.1 accept", Other: "192.0.2.2 drop", Comment: "#", Tail: "}\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				r, err := nftables.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/nftables.conf": text})), "etc/nftables.conf")
				if err != nil {
					return bytetable.Error
				}
				return string(r.Default("input", 4).Verdict)
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "nft", "unshare", "sh")
				oracle.Try(t, nil, "unshare", "-n", "nft", "list", "ruleset") // takes a kernel with nf_tables, and a right
				file := filepath.Join(bytetable.Tree(t, map[string]string{"x.nft": text}), "x.nft")
				out, code := oracle.Code(t, "unshare", "-n", "sh", "-c", "nft -f "+file+" 2>/dev/null && nft list ruleset")
				switch {
				case code != 0:
					return bytetable.Error
				case strings.Contains(string(out), "policy drop"):
					return "deny"
				}
				return "accept"
			}, nil)
		})
	}
}
