package shadow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestParse(t *testing.T) {
	got, err := shadow.Parse([]byte("root:$y$j9T$a$b:19000:0:99999:7:::\ndaemon:*:18000:0:99999:7:30:20000:\nguest::0::::::\nold:!$6$a$b:::::::\n"))
	u := shadow.Unset
	want := []shadow.Entry{
		{Name: "root", Password: crypt.Parse("$y$j9T$a$b"), LastChange: 19000, Max: 99999, Warn: 7, Inactive: u, Expire: u, Position: inventory.Position{Line: 1}},
		{Name: "daemon", Password: crypt.Parse("*"), LastChange: 18000, Max: 99999, Warn: 7, Inactive: 30, Expire: 20000, Position: inventory.Position{Line: 2}},
		{Name: "guest", Min: u, Max: u, Warn: u, Inactive: u, Expire: u, Position: inventory.Position{Line: 3}},
		{Name: "old", Password: crypt.Parse("!$6$a$b"), LastChange: u, Min: u, Max: u, Warn: u, Inactive: u, Expire: u, Position: inventory.Position{Line: 4}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	for i, want := range []string{"P", "L", "NP", "L"} {
		if got := got[i].Status(); got != want {
			t.Errorf("%d: got %s, want %s", i, got, want)
		}
	}
}

func TestMistakesNeverQuoteTheLine(t *testing.T) {
	const secret = "SecretHash"
	got, err := shadow.Parse([]byte("root:" + secret + ":x:0:99999:7:::\n:" + secret + ":1::::::\nroot:" + secret + "\n"))
	if got != nil || err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, want := range []string{"line 3: 2 fields, want 9"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among: %v", want, err)
		}
	}
}

// passwd -S of the tree prints the same states.
func TestAgreesWithPasswdS(t *testing.T) {
	for _, suite := range oracle.Suites {
		tree := oracle.Tree(t, suite)
		all, err := shadow.Fact.Of(t.Context(), inventorytest.Folder(t, tree))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for line := range strings.Lines(string(oracle.Chroot(t, tree, "passwd", "-S", "-a"))) {
			f := strings.Fields(line)
			want[f[0]] = f[1]
		}
		got := map[string]string{}
		for _, e := range all {
			got[e.Name] = e.Status()
		}
		if d := cmp.Diff(got, want); d != "" {
			t.Errorf("%s: %s", suite, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("root:$y$j9T$a$b:19000:0:99999:7:::\n"))
	f.Add([]byte("a::::::::\r\n\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := shadow.Parse(b)
		if err != nil && all != nil {
			t.Fatal("entries beside an error")
		}
		for _, e := range all {
			if e.Name == "" || e.Expire < shadow.Unset {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func ExampleParse() {
	all, _ := shadow.Parse([]byte("root:$y$j9T$salt$hash:19000:0:99999:7:::\n"))
	fmt.Println(all[0].Name, all[0].Password, all[0].Status())
	// Output: root yescrypt P
}
