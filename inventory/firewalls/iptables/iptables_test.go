package iptables_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/firewalls/iptables"
)

// etc/sysconfig/iptables of iptables-services 1.8.8, RHEL 9.
const realWorld = `# sample configuration for iptables service
# you can edit this manually or use system-config-firewall
# please do not ask us to add additional ports/services to this default configuration
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
COMMIT
`

func TestDefault(t *testing.T) {
	drop := func(rules string) string {
		return "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:x - [0:0]\n-A x -j ACCEPT\n" + rules + "\nCOMMIT\n"
	}
	accept := func(rules string) string { return strings.Replace(drop(rules), "DROP", "ACCEPT", 1) }
	for name, c := range map[string]struct{ text, want string }{
		"nothing":               {"", "accept"},
		"real world":            {realWorld, "deny"},
		"policy":                {drop(""), "deny"},
		"policy by a command":   {accept("-P INPUT DROP"), "deny"},
		"another policy later":  {drop("-P INPUT ACCEPT"), "accept"},
		"another table":         {strings.Replace(drop(""), "filter", "mangle", 1), "accept"},
		"a later table":         {drop("") + accept(""), "accept"},
		"an earlier table":      {accept("") + drop(""), "deny"},
		"accept":                {drop("-A INPUT -j ACCEPT"), "accept"},
		"accept with counters":  {drop("[1:2] -A INPUT -j ACCEPT"), "accept"},
		"accept, told why":      {drop("-A INPUT -m comment --comment \"-i lo\" -j ACCEPT"), "accept"},
		"accept, told badly":    {drop("-A INPUT -m comment --comment \"x y\" -p tcp --dport 22 -j ACCEPT"), "deny"},
		"accept, in one word":   {drop("-A INPUT -jACCEPT"), "accept"},
		"accept, with =":        {drop("-A INPUT --jump=ACCEPT"), "accept"},
		"accept, cut short":     {drop("-A INPUT --ju ACCEPT"), "accept"},
		"all, in one word":      {drop("-A INPUT -s0/0 -i+ -jACCEPT"), "accept"},
		"a sender, in one word": {drop("-A INPUT -s10.0.0.0/8 -jACCEPT"), "deny"},
		"a comment as a target": {drop("-A INPUT -m comment --comment -jACCEPT -p tcp --dport 22 -j ACCEPT"), "deny"},
		"a target first":        {accept("-A INPUT -j DROP -p tcp --dport 23"), "accept"},
		"a target and more":     {accept("-A INPUT -j REJECT --reject-with tcp-reset -ptcp"), "accept"},
		"a chain first":         {accept("-N y\n-A y -j DROP\n-A INPUT -j y -s 10.0.0.0/8"), "accept"},
		"accept inserted":       {drop("-A INPUT -j DROP\n-I INPUT -j ACCEPT"), "accept"},
		"accept after drop":     {drop("-A INPUT -j DROP\n-A INPUT -j ACCEPT"), "deny"},
		"accept of another":     {drop("-A FORWARD -j ACCEPT"), "deny"},
		"all senders":           {drop("-A INPUT -s 0.0.0.0/0 -j ACCEPT"), "accept"},
		"half of all":           {drop("-A INPUT -s 0.0.0.0/1 -j ACCEPT"), "accept"},
		"one sender":            {drop("-A INPUT -s 10.0.0.0/8 -j ACCEPT"), "deny"},
		"all but one":           {drop("-A INPUT ! -s 10.0.0.0/8 -j ACCEPT"), "accept"},
		"all but one, old":      {drop("-A INPUT -s ! 10.0.0.0/8 -j ACCEPT"), "accept"},
		"all but none":          {accept("-A INPUT ! -s 0.0.0.0/0 -j DROP"), "accept"},
		"a card":                {drop("-A INPUT -i eth0 -j ACCEPT"), "accept"},
		"any interface":         {drop("-A INPUT -i + -j ACCEPT"), "accept"},
		"all but lo":            {drop("-A INPUT ! -i lo -j ACCEPT"), "accept"},
		"all of tcp":            {drop("-A INPUT -p tcp -j ACCEPT"), "accept"},
		"all ports":             {drop("-A INPUT -p udp -m udp --dport 1:65535 -j ACCEPT"), "accept"},
		"open range":            {drop("-A INPUT -p udp --dport 0: -j ACCEPT"), "accept"},
		"new ones":              {drop("-A INPUT -m conntrack --ctstate NEW,RELATED -j ACCEPT"), "accept"},
		"all but invalid":       {drop("-A INPUT -m conntrack ! --ctstate INVALID -j ACCEPT"), "accept"},
		"with a limit":          {drop("-A INPUT -m limit --limit 5/s -j ACCEPT"), "accept"},
		"starts":                {drop("-A INPUT -p tcp --syn -j ACCEPT"), "accept"},
		"a jump":                {drop("-A INPUT -j x"), "accept"},
		"a jump for some":       {drop("-A INPUT -s 10.0.0.1 -j x"), "deny"},
		"goto":                  {drop("-A INPUT -g x"), "accept"},
		"log":                   {drop("-A INPUT -j LOG --log-prefix \"-j ACCEPT\""), "deny"},
		"a queue":               {drop("-A INPUT -j NFQUEUE --queue-num 0"), "unknown"},
		"drop last":             {accept("-A INPUT -i lo -j ACCEPT\n-A INPUT -j DROP"), "deny"},
		"drop of tcp only":      {accept("-A INPUT -p tcp -j DROP"), "accept"},
		"flushed":               {accept("-A INPUT -j DROP\n-F"), "accept"},
		"of the other family":   {accept("-A INPUT -6 -j DROP"), "accept"},
		"of this family":        {accept("-A INPUT -4 -j DROP"), "deny"},
	} {
		all, err := iptables.Parse([]byte(c.text), 4)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := all.Default("INPUT"); string(got.Verdict) != c.want {
			t.Errorf("%s: got %+v, want %s", name, got, c.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"*filter\n:INPUT DROP [0:0]\n":                 "the table of line 1 has no COMMIT",
		"-A INPUT -j DROP\n":                           "line 1: not in a table",
		"*filter\n*nat\n":                              "line 2: a table in a table",
		"*filter\n:INPUT NO [0:0]\nCOMMIT\n":           "line 2: no policy",
		"*filter\n:x DROP [0:0]\nCOMMIT\n":             "line 2: no policy",
		"*filter\n-D INPUT 1\nCOMMIT\n":                "line 2: a command that is not understood",
		"*filter\n-A INPUT --comment \"x\nCOMMIT\n":    "line 2: a quote that is not closed",
		"*filter\n-I INPUT 3 -j ACCEPT\nCOMMIT\n":      "line 2: a rule in a numbered place",
		"*filter\n-t nat -A INPUT -j ACCEPT\nCOMMIT\n": "line 2: a table in a rule",
	} {
		if all, err := iptables.Parse([]byte(text), 4); err == nil || all != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// iptables-restore in a network namespace of its own must set the same policies.
func TestAgainstIptablesRestore(t *testing.T) {
	oracle.Need(t, "iptables-restore", "iptables", "unshare", "sh")
	oracle.Try(t, nil, "unshare", "-n", "iptables", "-S") // takes a kernel with tables of packets, and a right
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(all ...string) string { return all[rng.IntN(len(all))] }
	denied, taken := 0, 0
	for range 60 {
		text := ""
		for range 1 + rng.IntN(2) {
			text += "*" + pick("filter", "filter", "mangle") + "\n" + pick("", ":INPUT DROP [0:0]\n", ":INPUT ACCEPT [0:0]\n", ":INPUT DROP\n", ":INPUT - [0:0]\n") + ":FORWARD " + pick("DROP", "ACCEPT") + " [0:0]\n"
			for range rng.IntN(4) {
				text += pick("-P INPUT DROP", "-P INPUT ACCEPT", "-A INPUT -j ACCEPT", "[1:2] -A INPUT -p tcp --dport 22 -j DROP", "-A INPUT -6 -j DROP", "-F INPUT", "-F", "-I INPUT -j DROP", "-N new",
					"-A INPUT -m comment --comment \"a 'b\" -j REJECT") + "\n"
			}
			text += pick("COMMIT\n", "COMMIT\n", "COMMIT\n", "COMMIT\n", "")
		}
		file := filepath.Join(t.TempDir(), "rules")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, code := oracle.Code(t, "unshare", "-n", "sh", "-c", "iptables-restore \"$1\" 2>/dev/null && iptables -S", "sh", file)
		all, err := iptables.Parse([]byte(text), 4)
		if code != 0 {
			continue
		}
		if err != nil {
			t.Fatalf("iptables takes what we refuse: %v\n%s", err, text)
		}
		taken++
		for chain, line := range map[string]string{"INPUT": "-P INPUT DROP\n", "FORWARD": "-P FORWARD DROP\n"} {
			c := all[chain]
			got := c != nil && c.Policy == "deny"
			if want := strings.Contains(string(out), line); got != want {
				t.Fatalf("%s: got %v, iptables %v\n%s", chain, got, want, text)
			}
			if got {
				denied++
			}
			rules := 0
			if c != nil {
				rules = len(c.Rules)
			}
			if want := strings.Count(string(out), "-A "+chain+" "); rules != want {
				t.Fatalf("%s: got %d rules, iptables %d\n%s\n%s", chain, rules, want, text, out)
			}
		}
	}
	if taken < 20 || denied < 10 {
		t.Errorf("iptables took %d files with %d denials: they say too little", taken, denied)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{realWorld, "\xef\xbb\xbf*filter\r\n:INPUT DROP\r\nCOMMIT\r\n", "*filter\n-A INPUT ! -j \"\\", "*filter\n-A x " + strings.Repeat("! ", 1<<14) + "\nCOMMIT", "*filter\n-A \x00 -j x\nCOMMIT"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := iptables.Parse([]byte(text), 6)
		if err != nil && all != nil {
			t.Fatal("chains beside an error")
		}
		all.Default("INPUT")
	})
}

func ExampleParse() {
	all, err := iptables.Parse([]byte(realWorld), 4)
	d := all.Default("INPUT")
	fmt.Println(d.Verdict, d.Line, err)
	// Output: deny 12 <nil>
}
