package nftables_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
	"github.com/hardening-sdk/hardening/inventory/firewalls/nftables"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// The example "workstation.nft" of nftables 1.0.6 with a policy, in the form of Debian's.
const realWorld = `#!/usr/sbin/nft -f

flush ruleset

define admins = { 10.1.2.0/24, 10.1.3.4 }

table inet filter {
	set blocked {
		type ipv4_addr
		elements = { 192.0.2.1,
			192.0.2.2 }
	}
	chain input {
		type filter hook input priority filter; policy drop;

		# accept any localhost traffic
		iif lo accept
		ct state vmap { established : accept, related : accept, invalid : drop }
		ip saddr @blocked counter drop
		ip saddr $admins tcp dport { 22, 443 } ct state new accept comment "accept administrators"
		meta l4proto { icmp, ipv6-icmp } accept
		tcp dport ssh limit rate 4/minute burst 5 packets log prefix "ssh accept " counter packets 0 bytes 0 accept
		log prefix "dropped: " flags all counter
	}
	chain forward {
		type filter hook forward priority filter
	}
	chain output {
		type filter hook output priority 0; policy accept;
	}
}
`

func parse(text string) (*nftables.Ruleset, error) {
	return nftables.Parse(nftables.File{Name: "f", Text: []byte(text)}, func(string) ([]nftables.File, error) { return nil, errors.New("no include") })
}

// verdicts returns the verdicts of a ruleset: input of IPv4 and IPv6, then forward.
func verdicts(r *nftables.Ruleset) string {
	var all []string
	for _, hook := range []string{"input", "forward"} {
		for _, family := range []int{4, 6} {
			all = append(all, string(r.Default(hook, family).Verdict))
		}
	}
	return strings.Join(all, " ")
}

const base = "table inet f {\n chain i {\n type filter hook input priority 0; policy drop;\n"

func TestDefault(t *testing.T) {
	none := "accept accept accept accept"
	deny := "deny deny accept accept"
	unknown := "unknown unknown accept accept"
	rule := func(lines string) string {
		return base + lines + "\n}\n chain x { accept; }\n chain y { }\n map m { type ipv4_addr : verdict; }\n}\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                  {"", none},
		"real world":               {realWorld, deny},
		"another hook":             {"table inet f { chain o { type filter hook output priority 0; policy drop; }; }\n", none},
		"another type":             {"table inet f { chain o { type nat hook input priority 0; policy drop; }; }\n", none},
		"one family":               {"table ip f { chain i { type filter hook input priority 0; policy drop; }; }\n", "deny accept accept accept"},
		"no family":                {"table f { chain i { type filter hook input priority 0; policy drop; }; }\n", "deny accept accept accept"},
		"dormant":                  {"table inet f { flags dormant; chain i { type filter hook input priority 0; policy drop; }; }\n", none},
		"forward":                  {"table ip6 f { chain i { type filter hook forward priority 0; policy drop; }; }\n", "accept accept accept deny"},
		"flushed later":            {rule("") + "flush ruleset\n", none},
		"flushed in part":          {rule("") + "flush ruleset ip6\n", deny},
		"deleted":                  {rule("") + "delete table inet f\n", none},
		"chain deleted":            {rule("") + "delete chain inet f i\n", none},
		"another policy later":     {rule("") + "add chain inet f i { policy accept; }\n", none},
		"made dormant later":       {rule("") + "add table inet f { flags dormant; }\n", none},
		"commands":                 {"add table inet f\nadd chain inet f i { type filter hook input priority 0; policy drop; }\nadd rule inet f i ct state established accept\n", deny},
		"a rule added that opens":  {rule("") + "add rule inet f i counter accept\n", none},
		"inserted":                 {rule("drop") + "insert rule inet f i accept\n", none},
		"flush of a chain":         {rule("accept") + "flush chain inet f i\n", deny},
		"accept":                   {rule("accept"), none},
		"accept with a comment":    {rule("counter log prefix \"x\" accept comment \"drop\""), none},
		"accept after drop":        {rule("drop\naccept"), deny},
		"accept, another chain":    {rule("accept") + "table inet g { chain i { type filter hook input priority 1; policy drop; }; }\n", deny},
		"all new connections":      {rule("ct state new,established accept"), none},
		"new in a set":             {rule("ct state { new, related } accept"), none},
		"all but invalid":          {rule("ct state != invalid accept"), none},
		"all but new":              {rule("ct state != new accept"), deny},
		"all of tcp":               {rule("meta l4proto tcp accept"), none},
		"all of tcp, old":          {rule("ip protocol tcp accept"), none},
		"all ports":                {rule("tcp dport 1-65535 accept"), none},
		"all but a port":           {rule("tcp dport != 22 accept"), none},
		"a port":                   {rule("tcp dport 22 accept"), deny},
		"all senders":              {rule("ip saddr 0.0.0.0/0 accept"), none},
		"one sender":               {rule("ip saddr 10.0.0.0/8 accept"), deny},
		"one sender, all ports":    {rule("ip saddr 10.0.0.1 tcp dport 0-65535 accept"), deny},
		"all but lo":               {rule("iifname != \"lo\" accept"), none},
		"a card":                   {rule("iifname \"eth0\" accept"), none},
		"a tunnel":                 {rule("iifname \"wg0\" accept"), deny},
		"with a limit":             {rule("limit rate 100/second accept"), none},
		"a jump that opens":        {rule("jump x"), none},
		"a jump for some":          {rule("tcp dport 22 jump x"), deny},
		"a jump for tcp":           {rule("meta l4proto tcp jump x"), none},
		"a jump that does nothing": {rule("jump y"), deny},
		"goto that opens":          {rule("goto x"), none},
		"a map that opens":         {rule("ct state vmap { established : accept, new:accept }"), none},
		"a map that jumps":         {rule("meta l4proto vmap { tcp : jump x, udp : jump y }"), none},
		"a map with a name":        {rule("ip saddr vmap @m"), unknown},
		"a program decides":        {rule("queue num 1"), unknown},
		"return":                   {rule("return\naccept"), deny},
		"policy accept, drop last": {strings.Replace(rule("tcp dport 22 accept\ndrop"), "policy drop", "policy accept", 1), deny},
		"reject last":              {strings.Replace(rule("reject with icmpx type admin-prohibited"), "policy drop", "policy accept", 1), deny},
		"drop of some":             {strings.Replace(rule("ip saddr 10.0.0.1 drop"), "policy drop", "policy accept", 1), none},
		"drop of nearly all":       {strings.Replace(rule("iif != lo drop"), "policy drop", "policy accept", 1), none},
		"a policy by variable":     {"define p = drop\n" + strings.Replace(rule(""), "policy drop", "policy $p", 1), deny},
		"a rule in two lines":      {rule("tcp dport { 22,\n 80 } \\\n accept"), deny},
		"no policy":                {"table inet f {\nchain i {\ntype filter hook input priority -10\n}\n}", none},
	} {
		r, err := parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := verdicts(r); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not closed":        {"table inet f {\n", "f:2: a block that is not closed"},
		"closed twice":      {"}\n", "f:1: a brace that closes nothing"},
		"no end":            {"table inet f {\n chain i { policy drop }\n}\n", "f:2: a block whose last statement is not ended"},
		"two in one":        {"table inet f {\n chain i { } chain j { }\n}\n", "f:2: a chain in a form that is not understood"},
		"quote":             {"table inet f { comment \"x\n}\n", "f:1: a quote that is not closed"},
		"variable":          {"table inet f {\n chain i {\n ip saddr $x accept\n}\n}\n", "f:3: a variable that is not defined"},
		"handle":            {base + "}\n}\ndelete rule inet f i handle 4\n", "f:6: a rule that is named by its handle"},
		"policy":            {"table inet f {\n chain i {\n policy maybe\n}\n}\n", "f:3: no policy"},
		"words":             {"hello world\n", "f:1: a command that is not understood"},
		"in a table":        {"table inet f {\nhello\n}\n", "f:2: not understood in a table"},
		"no such chain":     {"add rule inet f i drop\n", "f:1: a rule of a chain that is not there, or a command that is not understood"},
		"a jump to nowhere": {base + "jump z\n}\n}\n", "f:4: a jump to a chain that is not there"},
		"include":           {"include \"x\"\n", "f:1: no include"},
		"variables explode": {"define a = 1\n" + strings.Repeat("define a = $a $a $a $a\n", 30), "too many variables"},
		"blocks explode":    {strings.Repeat("{", 1000), "too many blocks"},
	} {
		if r, err := parse(c.text); err == nil || r != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

func TestPlaceOfTheDecision(t *testing.T) {
	r, err := parse(realWorld)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Default("input", 6), (netfilter.Decision{Verdict: netfilter.Deny, Position: inventory.Position{Source: "f", Line: 14}}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFact(t *testing.T) {
	const main = "-- etc/nftables.conf --\ninclude \"/etc/nftables.d/*.nft\"\n"
	const drop = "table inet f { chain i { type filter hook input priority 0; policy drop; }; }\n"
	for name, c := range map[string]struct{ fixture, want string }{
		"glob":          {main + "-- etc/nftables.d/a.nft --\n" + drop, "deny"},
		"in order":      {main + "-- etc/nftables.d/a.nft --\n" + drop + "-- etc/nftables.d/b.nft --\nflush ruleset\n", "accept"},
		"not that name": {main + "-- etc/nftables.d/a.conf --\n" + drop, "accept"},
		"no folder":     {main, "accept"},
		"a folder":      {main + "-- etc/nftables.d/a.nft dir --\n", "accept"},
		"unreadable":    {main + "-- etc/nftables.d/a.nft error=EACCES --\n", "error"},
		"relative":      {"-- etc/nftables.conf --\ninclude \"x.nft\"\n-- etc/x.nft --\n" + drop, "deny"},
		"from here":     {"-- etc/nftables.conf --\ninclude \"./x.nft\"\n-- etc/x.nft --\n" + drop, "error"},
		"missing":       {"-- etc/nftables.conf --\ninclude \"x.nft\"\n" + drop, "error"},
		"in a chain":    {"-- etc/nftables.conf --\ntable ip f {\nchain i {\ntype filter hook input priority 0; policy drop;\ninclude \"/etc/r\"\n}\n}\n-- etc/r --\naccept\n", "accept"},
		"a ring":        {"-- etc/nftables.conf --\ninclude \"nftables.conf\"\n", "error"},
	} {
		r, err := nftables.Fact.Of(t.Context(), inventorytest.System(t, c.fixture), "etc/nftables.conf")
		got := "error"
		if err == nil {
			got = string(r.Default("input", 4).Verdict)
		}
		if got != c.want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, c.want)
		}
	}
	if _, err := nftables.Fact.Of(t.Context(), inventorytest.System(t, ""), "etc/nftables.conf"); !inventory.IsAbsent(err, "etc/nftables.conf") {
		t.Errorf("no file: got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{realWorld, "\xef\xbb\xbftable inet f {\r\n}\r\n", "table ip f { chain i { ip saddr 1 \\", "{\x00}", strings.Repeat("accept ", 1<<14),
		"define a = { 1 }\nadd rule ip a b $a vmap { a:drop, b : jump c }\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parse(text)
		if err != nil {
			if r != nil {
				t.Fatal("a ruleset beside an error")
			}
			return
		}
		verdicts(r)
	})
}

func ExampleParse() {
	r, err := nftables.Parse(nftables.File{Name: "etc/nftables.conf", Text: []byte(`table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
	}
}
`)}, nil)
	d := r.Default("input", 6)
	fmt.Println(d.Verdict, d.Source, d.Line, err)
	// Output: deny etc/nftables.conf 3 <nil>
}
