package sudoers_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

// debian is etc/sudoers of Debian 12 with shortened comments.
const debian = `# This file MUST be edited with the 'visudo' command as root.
#
Defaults	env_reset
Defaults	mail_badpass
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults	use_pty

# Host alias specification

# User privilege specification
root	ALL=(ALL:ALL) ALL

# Allow members of group sudo to execute any command
%sudo	ALL=(ALL:ALL) ALL

# See sudoers(5) for more information on "@include" directives:

@includedir /etc/sudoers.d
`

var odd = []string{
	debian,
	"%sudo ALL=(ALL:ALL) NOPASSWD: ALL, PASSWD: /bin/ls -l, !/bin/sh\n",
	"Defaults:alice,bob !authenticate, secure_path=\"/a:/b\", timestamp_timeout=5\nDefaults@h use_pty\nDefaults!/bin/ls noexec\nDefaults>root !log_allowed\n",
	"User_Alias A = alice, %wheel : B = #1000\nA,!B h1,h2 = (root) NOPASSWD: SETENV: /bin/a x\\,y, /bin/b : ALL = /bin/c\n",
	"#1000 ALL=ALL # c\n+netgrp ALL=ALL\n\"a b\" ALL=ALL\nALL ALL=(ALL) ALL", "alice ALL=ALL\\\n, /bin/ls\n", "Defaults env_keep += \"A B\"\n",
	"alice ALL=(:grp) /bin/ls \"\"\n", "alice ALL=NOPASSWD:ALL,NOEXEC:/bin/x\n", "Defaults   lecture=always,\\\n  insults", "alice ALL = () ALL",
	"Defaults passprompt=\"a, b \\\"c\\\"\", !use_pty", "bob ALL=/bin/ls *, /usr/bin/[a-z]*\n", "bob ALL=/bin/a:b", "bob\tALL=\tALL  \r\n", "bob ALL=(root,!alice) ALL",
	"alice ALL=(ALL) /usr/bin/x --a=b", "alice ALL=(ALL) /usr/bin/x --a\\=b", "# c \\\nalice ALL=ALL\n", "#1000x ALL=ALL\n", "# 1 c\nx ALL=ALL", "alice ALL=/bin/ls #c\n",
	"alice ALL=/bin/ls#c\n", "alice ALL=/bin/ls \\#c\n", "Defaults use_pty#c\n", "   Defaults use_pty\n", "Defaultsuse_pty\n", "Defaults: alice !use_pty\n", "Defaults !!use_pty\n",
	"alice ALL=!!ALL\n", "alice ALL=! ALL\n", "alice, bob ALL , h = ALL\n", "alice bob ALL=ALL\n", "root ALL = ( ALL ) ALL", "alice\\ b ALL=ALL\n", "alice ALL=A\n",
	"Cmnd_Alias A=/bin/ls,B:B=ALL\nalice ALL=A\n", "User_Alias a=b\n", "alice ALL=ls\n", "alice ALL=/bin/\n", "alice ALL=list\n", "alice ALL=sudoedit\n", "alice ALL=sudoedit /etc/hosts\n",
	"alice ALL=/bin/a\\,b\n", "alice ALL=/bin/a \"x, y\"\n", "alice ALL=sha224:0GomF8mNN3wlDt1HD9XldjJ3SNgpFdbjO1+NsQ== /bin/ls\n", "alice ALL=NOPASSWD ALL\n", "alice ALL=NOPASSWD : ALL\n",
	"alice ALL=nopasswd: ALL\n", "\xef\xbb\xbfalice ALL=ALL\n", "alice ALL=ALL\r\nbob ALL=ALL\r\n", "Defaults secure_path=/a:/b\n", "Defaults logfile=\"/var/log/sudo.log\n",
	"Defaults secure_path = \"/a\"\nDefaults timestamp_timeout=-1", "alice ALL=ALL \\\n", "alice ALL=ALL\\",
	"alice ALL=^/bin/ls$\n", "alice ALL=/bin/x ^a, b$\n", "alice ALL = ALL :\n",
	"ALL=ALL\n", "alice = ALL\n", "Defaults\n", "alice ALL=(root) (bob) ALL\n", "alice ALL=NOTBEFORE=20200101000000Z ALL\n", "", "\n\n", "alice",
	"alice ALL", "alice ALL=", "alice ALL=(root", "User_Alias", "User_Alias A", "User_Alias A=", "Defaults use_pty,", "Defaults =x", "Defaults !timestamp_timeout=5", "alice ALL=ALL,", ",", "=", ":",
	"alice ALL=(root) NOPASSWD: PASSWD: ALL", "%group\\ name ALL=ALL", "%#20 ALL=ALL", "Defaults timestamp_timeout=5\nDefaults timestamp_timeout=60\n", "Defaults@h1,h2 use_pty, !authenticate\n",
}

type entry map[string]any

// policy is a file as cvtsudoers reads it: its defaults, and each command with who may run it and
// whether a password is asked for.
type policy struct{ Defaults, Rules []string }

func askCvtsudoers(t *testing.T, text string) (a policy, accepted bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sudoers")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, code := oracle.Code(t, "cvtsudoers", "-f", "json", file)
	if code != 0 {
		return a, false
	}
	var doc struct {
		Defaults []struct {
			Binding []entry
			Options []entry
		}
		Specs []struct {
			Users []entry `json:"User_List"`
			Hosts []entry `json:"Host_List"`
			Cmnds []struct {
				RunAs    []entry `json:"runasusers"`
				Options  []entry
				Commands []entry
			} `json:"Cmnd_Specs"`
		} `json:"User_Specs"`
	}
	if len(strings.TrimSpace(string(out))) > 0 {
		if err := json.Unmarshal(out, &doc); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	}
	for _, d := range doc.Defaults {
		for _, o := range d.Options {
			a.Defaults = append(a.Defaults, format(d.Binding)+" "+formatOption(o))
		}
	}
	for _, s := range doc.Specs {
		for _, c := range s.Cmnds {
			password := ""
			for _, o := range c.Options {
				if v, ok := o["authenticate"]; ok {
					password = map[bool]string{true: "PASSWD", false: "NOPASSWD"}[v.(bool)]
				}
			}
			for _, cmd := range c.Commands {
				a.Rules = append(a.Rules, fmt.Sprintf("%s at %s as %s: %s%s", format(s.Users), format(s.Hosts),
					format(c.RunAs), password, format([]entry{cmd})))
			}
		}
	}
	return a, true
}

// format writes members as in a file.
func format(all []entry) string {
	var names []string
	for _, e := range all {
		name := ""
		for kind, v := range e {
			switch kind {
			case "usergroup":
				name = "%" + fmt.Sprint(v)
			case "userid":
				name = "#" + fmt.Sprint(v)
			case "usergid":
				name = "%#" + fmt.Sprint(v)
			case "netgroup":
				name = "+" + fmt.Sprint(v)
			case "negated", "sha224":
			default:
				name = fmt.Sprint(v)
			}
		}
		if e["negated"] == true {
			name = "!" + name
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}

func formatOption(o entry) string {
	for name, v := range o {
		if name == "operation" {
			continue
		}
		if list, ok := v.([]any); ok {
			return name + fmt.Sprint(list...)
		}
		return name + "=" + fmt.Sprint(v)
	}
	return ""
}

func formatPolicy(p *sudoers.Policy) policy {
	var a policy
	for _, d := range p.Defaults {
		if d.Name == "alice" || d.Name == "x" { // sudo does not print settings that it does not know
			continue
		}
		value := d.Value
		switch d.Op {
		case "":
			value = fmt.Sprint(!d.Off)
		case "+=":
			a.Defaults = append(a.Defaults, formatMembers(d.For)+" "+d.Name+fmt.Sprint(toAny(strings.Fields(value))...))
			continue
		}
		a.Defaults = append(a.Defaults, formatMembers(d.For)+" "+d.Name+"="+value)
	}
	for _, r := range p.Rules {
		a.Rules = append(a.Rules, fmt.Sprintf("%s at %s as %s: %s%s", formatMembers(r.Users), formatMembers(r.Hosts),
			formatMembers(r.RunAs), r.Password, formatMembers([]sudoers.Member{{Name: r.Command, Negated: r.Negated}})))
	}
	return a
}

func toAny(s []string) []any {
	var all []any
	for _, v := range s {
		all = append(all, v)
	}
	return all
}

func formatMembers(all []sudoers.Member) string {
	var names []string
	for _, m := range all {
		if m.Negated {
			m.Name = "!" + m.Name
		}
		names = append(names, m.Name)
	}
	return strings.Join(names, ",")
}

func TestAgreesWithCvtsudoers(t *testing.T) {
	oracle.Need(t, "cvtsudoers")
	accepted := 0
	for i, text := range append(slices.Clone(odd), randomFiles(400)...) {
		text = strings.TrimSuffix(text, "\n") + "\n" // as in a fixture
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			want, ok := askCvtsudoers(t, text)
			p, err := sudoers.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/sudoers --\n"+text))
			switch {
			case err == nil && !ok:
				t.Errorf("%q: accepted, and sudo does not", text)
			case err != nil && ok && i < len(odd):
				t.Errorf("%q: got %v, and sudo accepts it", text, err)
			case err == nil:
				accepted++
				if d := cmp.Diff(formatPolicy(p), want); d != "" {
					t.Errorf("%q: %s", text, d)
				}
			}
		})
	}
	t.Logf("%d accepted", accepted)
}

// randomFiles returns n files of random pieces.
func randomFiles(n int) []string {
	r := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"alice", "%wheel", "ALL", "ALL", "=", "=", "(root)", "(ALL:ALL)", "NOPASSWD:", "PASSWD:",
		"NOEXEC:", "/bin/ls", "/bin/ls -l", ",", "!", ":", "#c", "\\\n", "\n", "Defaults", "use_pty", "A",
		"User_Alias A =", "\"x\"", "#10", "\\,"}
	shapes := []string{"alice ALL=", "Defaults ", "Cmnd_Alias A = ", "%wheel ALL = (root) ", ""}
	var all []string
	for range n {
		var b strings.Builder
		b.WriteString(shapes[r.IntN(len(shapes))])
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(3) > 0 {
				b.WriteByte(' ')
			}
		}
		all = append(all, b.String()+"\n")
	}
	return all
}

func TestIncludes(t *testing.T) {
	p, err := sudoers.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/sudoers --\nDefaults use_pty\n@include local\n#includedir /etc/sudoers.d\nDefaults !authenticate\n@includedir /nowhere\n"+
			"-- etc/local --\nDefaults timestamp_timeout=1\n-- etc/sudoers.d/20-b --\nDefaults !use_pty\n-- etc/sudoers.d/10-a --\nDefaults !use_pty\n%a ALL=ALL\n-- etc/sudoers.d/a.conf --\nnonsense\n-- etc/sudoers.d/b~ --\nnonsense\n"+
			"-- etc/sudoers.d/null link=/dev/null --\n-- dev/null --\n-- etc/sudoers.d/gone link=nowhere --\n-- etc/sudoers.d/folder/x --\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range p.Defaults {
		got = append(got, fmt.Sprintf("%s:%d %s", d.Source, d.Line, d.Name))
	}
	want := []string{"etc/sudoers:1 use_pty", "etc/local:1 timestamp_timeout", "etc/sudoers.d/10-a:1 use_pty",
		"etc/sudoers.d/20-b:1 use_pty", "etc/sudoers:4 authenticate"}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
	if d, ok := p.Lookup("use_pty"); !ok || !d.Off || d.Source != "etc/sudoers.d/20-b" {
		t.Errorf("got %+v", d)
	}
	if !p.Complete {
		t.Error("files are all there is")
	}
}

func TestFactErrors(t *testing.T) {
	for name, c := range map[string]struct{ fixture, want string }{
		"loop":         {"-- etc/sudoers --\n@include sudoers\n", "includes itself"},
		"missing":      {"-- etc/sudoers --\n\n@include /etc/other\n", "etc/sudoers:2: read etc/other"},
		"host":         {"-- etc/sudoers --\n@include /etc/sudoers.%h\n", "host"},
		"unreadable":   {"-- etc/sudoers --\n@includedir /etc/sudoers.d\n-- etc/sudoers.d/a error=EACCES --\n", "permission"},
		"mistake":      {"-- etc/sudoers --\n@includedir /etc/sudoers.d\n-- etc/sudoers.d/a --\n\nnonsense\n", "etc/sudoers.d/a: line 2"},
		"other plugin": {"-- etc/sudoers --\n-- etc/sudo.conf --\nPlugin sudoers_policy sudoers.so sudoers_file=/srv/s\n", "etc/sudo.conf:1"},
		"NUL byte":     {"-- etc/sudoers --\nalice ALL=ALL\x00\n", "NUL byte"},
		"no switch":    {"-- etc/sudoers --\n-- etc/nsswitch.conf error=EACCES --\n", "nsswitch"},
	} {
		if _, err := sudoers.Fact.Of(t.Context(), inventorytest.System(t, c.fixture)); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
	if _, err := sudoers.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no file: got %v", err)
	}
	if p, err := sudoers.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/sudoers --\n-- etc/nsswitch.conf --\nsudoers: files sss\n")); err != nil ||
		p.Complete {
		t.Errorf("a directory: got %+v, %v", p, err)
	}
}

// cvtsudoers prints invalid JSON for roles, which is not compared.
func TestOptions(t *testing.T) {
	f, err := sudoers.Parse([]byte("alice ALL=ROLE=x TYPE=y CWD=/ NOPASSWD: ALL\n"))
	if err != nil || f.Statements[0].Rules[0].Command != "ALL" || f.Statements[0].Rules[0].Password != "NOPASSWD" {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestAll(t *testing.T) {
	f := "-- etc/sudoers --\nUser_Alias A = B\nUser_Alias B = x, ALL\nUser_Alias L = L, M\nUser_Alias M = L\nCmnd_Alias A = /bin/ls\nx ALL=ALL\n"
	p, err := sudoers.Fact.Of(t.Context(), inventorytest.System(t, f))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"ALL": true, "A": true, "x": false, "L": false, "%ALL": false} {
		if got := p.All("User", []sudoers.Member{{Name: name}}); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	if p.All("Cmnd", []sudoers.Member{{Name: "A"}}) || p.All("User", []sudoers.Member{{Name: "ALL", Negated: true}}) {
		t.Error("kinds and negations count")
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range odd {
		f.Add([]byte(text))
	}
	f.Add([]byte("alice ALL=" + strings.Repeat("!", 1<<20) + "ALL"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := sudoers.Parse(b)
		if (err == nil) != (file != nil) {
			t.Fatal("a file beside an error")
		}
		if file == nil {
			return
		}
		for _, st := range file.Statements {
			for _, r := range st.Rules {
				if len(r.Users) == 0 || len(r.Hosts) == 0 || r.Command == "" || r.Line < 1 {
					t.Fatalf("%+v", r)
				}
			}
		}
	})
}

func ExampleParse() {
	f, err := sudoers.Parse([]byte("%admin ALL=(ALL) NOPASSWD: /usr/bin/apt update, ALL\n"))
	for _, r := range f.Statements[0].Rules {
		fmt.Println(r.Users[0].Name, r.Password, r.Command, err)
	}
	// Output:
	// %admin NOPASSWD /usr/bin/apt update <nil>
	// %admin NOPASSWD ALL <nil>
}
