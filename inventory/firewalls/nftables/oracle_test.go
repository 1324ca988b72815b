package nftables_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
	"github.com/hardening-sdk/hardening/inventory/firewalls/nftables"
)

// nft loads random files into a network namespace of its own. What it lists then must be the same
// as here: the chains with their hooks and policies, and how many rules decide in each. Files that
// nft refuses are not compared.
func TestAgainstNft(t *testing.T) {
	oracle.Need(t, "nft", "unshare", "sh")
	oracle.Try(t, nil, "unshare", "-n", "nft", "list", "ruleset") // takes a kernel with nf_tables, and a right
	rng := rand.New(rand.NewPCG(1, 2))
	loaded, denied := 0, 0
	for range 250 {
		text := random(rng)
		file := filepath.Join(t.TempDir(), "x.nft")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, code := oracle.Code(t, "unshare", "-n", "sh", "-c", "nft -f \"$1\" 2>/dev/null && nft -j list ruleset && nft list ruleset", "sh", file)
		if code != 0 {
			continue
		}
		loaded++
		r, err := parse(text)
		if err != nil {
			t.Fatalf("nft takes what we refuse: %v\n%s", err, text)
		}
		got := bases(r)
		if d := cmp.Diff(got, listed(t, out)); d != "" {
			t.Fatalf("got -, nft +: %s\n%s", d, text)
		}
		if r.Default("input", 4).Verdict == netfilter.Deny {
			denied++
		}
	}
	if loaded < 50 || denied < 10 {
		t.Errorf("nft took %d of the files, and %d deny: they say too little", loaded, denied)
	}
}

func bases(r *nftables.Ruleset) []string {
	all := []string{}
	for _, t := range r.Tables {
		for name, c := range t.Chains {
			b := t.Bases[name]
			all = append(all, fmt.Sprint(t.Family, " ", t.Name, " ", name, " ", b.Type, " ", b.Hook, " ", c.Policy, " dormant ", t.Dormant, " rules ", len(c.Rules)))
		}
	}
	slices.Sort(all)
	return all
}

func listed(t *testing.T, out []byte) []string {
	out, plain, _ := bytes.Cut(out, []byte("\n")) // the first form does not show all flags
	var doc struct {
		Nftables []struct {
			Chain *struct{ Family, Table, Name, Type, Hook, Policy string }
			Rule  *struct {
				Family, Table, Chain string
				Expr                 []map[string]any
			}
		}
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	dormant, rules := map[string]bool{}, map[string]int{}
	for block := range strings.SplitSeq(string(plain), "table ") {
		name, inside, _ := strings.Cut(block, " {")
		dormant[name] = strings.HasPrefix(strings.TrimSpace(inside), "flags dormant")
	}
	for _, n := range doc.Nftables {
		if n.Rule != nil {
			for _, e := range n.Rule.Expr {
				for _, verdict := range []string{"accept", "drop", "reject", "jump", "return"} {
					if _, ok := e[verdict]; ok {
						rules[n.Rule.Family+" "+n.Rule.Table+" "+n.Rule.Chain]++
					}
				}
			}
		}
	}
	all := []string{}
	for _, n := range doc.Nftables {
		if c := n.Chain; c != nil {
			policy := strings.NewReplacer("drop", "deny").Replace(c.Policy)
			key := c.Family + " " + c.Table
			all = append(all, fmt.Sprint(key, " ", c.Name, " ", c.Type, " ", c.Hook, " ", policy, " dormant ", dormant[key], " rules ", rules[key+" "+c.Name]))
		}
	}
	slices.Sort(all)
	return all
}

func random(rng *rand.Rand) string {
	pick := func(all ...string) string { return all[rng.IntN(len(all))] }
	rule := func() string {
		return pick("", "ct state new ", "tcp dport { 22, 80 } ", "ip saddr 10.0.0.0/8 ", "iifname \"lo\" ", "tcp dport 1-65535 ", "meta l4proto tcp ", "tcp dport $v ") +
			pick("", "counter ", "log prefix \"drop \" ", "limit rate 10/second ", "counter packets 1 bytes 2 ") +
			pick("accept", "drop", "reject", "jump d", "return", "counter", "accept comment \"drop it\"", "reject with icmpx type admin-prohibited")
	}
	family, table := func() string { return pick("inet ", "ip ", "ip6 ", "") }, func() string { return pick("f", "g") }
	chain := func() string {
		return pick("type filter hook input priority 0; policy drop;", "type filter hook input priority filter; policy accept;", "type filter hook forward priority 0; policy drop",
			"type filter hook input priority 0; policy drop;", "type filter hook output priority -1", "type filter hook input priority 0; policy $p;", "type route hook output priority 0;") + "\n"
	}
	text := "define p = \"" + pick("drop", "accept") + "\"\ndefine v = { 22,\n 443 }\n"
	for _, table := range []string{"inet f", "ip f", "ip6 f", "inet g", "ip g", "ip6 g"} {
		text += "add table " + table + "\nadd chain " + table + " d\n"
	}
	text += pick("", "", "flush ruleset\n")
	for range 2 + rng.IntN(4) {
		switch rng.IntN(9) {
		case 0:
			text += pick("flush ruleset", "flush ruleset ip6", "flush table "+family()+table(), "delete table "+family()+table(), "destroy table "+family()+table(),
				"flush chain "+family()+table()+" c", "delete chain "+family()+table()+" d", "add table "+family()+table()+" { flags dormant; }") + "\n"
		case 1:
			text += pick("add ", "insert ") + "rule " + family() + table() + " " + pick("c", "d") + " " + rule() + "\n"
		case 2:
			text += pick("add ", "create ", "") + "chain " + family() + table() + " " + pick("c", "d") + " { " + strings.TrimSuffix(chain(), "\n") + "; }\n"
		default:
			text += pick("", "add ") + "table " + family() + table() + " {\n" + pick("", "", "", "flags dormant\n", "set s { type ipv4_addr; elements = { 10.0.0.1,\n 10.0.0.2 }; }\n") +
				"chain d {\n" + pick("", "accept", "drop") + "\n}\nchain c {\n" + chain() + rule() + "\n" + pick("", rule()+pick("\n", "; ")) + pick("}", " }") + pick("\n", "; ") + "}\n"
		}
	}
	return text
}
