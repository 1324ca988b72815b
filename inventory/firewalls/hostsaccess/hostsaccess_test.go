package hostsaccess_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/hostsaccess"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const library = "-- usr/lib/x86_64-linux-gnu/libwrap.so.0 --\nx\n"

func fixture(allow, deny string) string {
	return library + "-- etc/hosts.allow --\n" + allow + "-- etc/hosts.deny --\n" + deny
}

// tcpdmatch must decide the same way about a client that no rule names.
func TestAgreesWithTcpdmatch(t *testing.T) {
	oracle.Need(t, "tcpdmatch", "sh")
	for _, c := range [][2]string{
		{"", "ALL: ALL\n"}, {"", ""}, {"sshd: 10.\n", "ALL: ALL\n"}, {"ALL: ALL: DENY\n", ""}, {"ALL: ALL\n", "ALL: ALL\n"},
		{"", "ALL: ALL EXCEPT 10.1.\n"}, {"", "all: all\n"}, {"", "ALL : ALL : ALLOW\n"}, {"", "ALL: \\\nALL\n"}, {"", "#c\n ALL: ALL\n"},
		{"", "ALL,sshd: 192.168., ALL\n"}, {"", "ALL EXCEPT sshd: ALL\n"}, {"", "ALL: ALL: spawn /bin/true\n"}, {"", "ALL: PARANOID\n"},
		{"", "ALL: ALL EXCEPT ALL EXCEPT 10.1.\n"}, {"", "sshd: ALL\n"}, {"ALL: [::1]: ALLOW\n", "ALL: ALL\n"}, {"", "ALL:ALL:twist /bin/echo x\\: y\n"},
		{"ALL: 10. EXCEPT 10.1.\n", "ALL:\tALL\r\n"}, {"", "\n\nALL: LOCAL\nALL: ALL\n"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"hosts.allow": c[0], "hosts.deny": c[1]} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, _ := oracle.Code(t, "sh", "-c", "cd "+dir+" && tcpdmatch -d nosuchd 203.0.113.77")
		said := strings.Contains(string(out), "granted")
		if !said && !strings.Contains(string(out), "denied") && !strings.Contains(string(out), "delegated") {
			t.Fatalf("%q: tcpdmatch says %q", c, out)
		}
		p, err := hostsaccess.Fact.Of(t.Context(), inventorytest.System(t, fixture(c[0], c[1])))
		if err != nil {
			t.Fatalf("%q: %v", c, err)
		}
		if _, got := p.Others(); got != said {
			t.Errorf("%q: got %v, tcpdmatch says %q", c, got, out)
		}
	}
}

func TestFact(t *testing.T) {
	if _, err := hostsaccess.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/hosts.deny --\nALL: ALL\n")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no libwrap: got %v", err)
	}
	p, err := hostsaccess.Fact.Of(t.Context(), inventorytest.System(t, library))
	if err != nil || len(p.Allow)+len(p.Deny) > 0 {
		t.Errorf("no files: got %+v, %v", p, err)
	}
	for _, f := range []string{library + "-- etc/hosts.deny error=EACCES --\n", fixture("", "ALL ALL\n"), fixture("", "ALL: ALL \\\n"), library + "-- etc/hosts.allow dir --\n"} {
		if p, err := hostsaccess.Fact.Of(t.Context(), inventorytest.System(t, f)); err == nil {
			t.Errorf("%s: got %+v", f, p)
		}
	}
	// A pattern that matches nearly everybody counts as ALL.
	for _, client := range []string{"KNOWN", "0.0.0.0/0", "*", "[::/0]"} {
		p, err := hostsaccess.Fact.Of(t.Context(), inventorytest.System(t, fixture("ALL: "+client+"\n", "ALL: ALL\n")))
		if err != nil {
			t.Fatal(err)
		}
		if r, in := p.Others(); !in || r.Source != "etc/hosts.allow" || r.Line != 1 {
			t.Errorf("%s: got %+v, %v", client, r, in)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbfALL: ALL EXCEPT [::1]: spawn (x) & : deny\r\n\x00"))
	f.Add([]byte("ALL: " + strings.Repeat("x,", 1<<19) + "\\\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := hostsaccess.Parse(b)
		if err != nil && all != nil {
			t.Fatal("rules beside an error")
		}
		for _, r := range all {
			if len(r.Daemons) == 0 || len(r.Clients) == 0 || r.Line < 1 {
				t.Fatalf("%+v", r)
			}
		}
		(&hostsaccess.Policy{Allow: all, Deny: all}).Others()
	})
}

func ExamplePolicy_Others() {
	rules, err := hostsaccess.Parse([]byte("ALL: ALL\n"))
	_, in := (&hostsaccess.Policy{Deny: rules}).Others()
	fmt.Println(in, err)
	// Output: false <nil>
}
