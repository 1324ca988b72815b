package logindefs_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestParse(t *testing.T) {
	got, err := logindefs.Parse([]byte("# comment\nUMASK\t\t022\r\n  UID_MIN 1000\nENV_PATH \"PATH=/bin\"\nUMASK 027\nEMPTY\n#UMASK 000"))
	if err != nil {
		t.Fatal(err)
	}
	want := logindefs.Settings{
		"UMASK":    {Name: "UMASK", Value: "027", Position: inventory.Position{Line: 5}},
		"UID_MIN":  {Name: "UID_MIN", Value: "1000", Position: inventory.Position{Line: 3}},
		"ENV_PATH": {Name: "ENV_PATH", Value: "PATH=/bin", Position: inventory.Position{Line: 4}},
		"EMPTY":    {Name: "EMPTY", Position: inventory.Position{Line: 6}},
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
}

func TestFact(t *testing.T) {
	got, err := logindefs.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/login.defs --\nUMASK 022\n"))
	if err != nil || got["UMASK"] != (inventory.Setting{Name: "UMASK", Value: "022", Position: inventory.Position{Source: "etc/login.defs", Line: 1}}) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := logindefs.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no file: got %v, want ErrAbsent", err)
	}
	if _, err := logindefs.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/login.defs error=EIO --\n")); err == nil || errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("unreadable: got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("UMASK 022\n\xef\xbb\xbf#\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := logindefs.Parse(b)
		for name, s := range all {
			if name == "" || s.Name != name || s.Line < 1 {
				t.Fatalf("%+v", s)
			}
		}
	})
}

func ExampleParse() {
	all, _ := logindefs.Parse([]byte("UMASK 027\n"))
	fmt.Println(all["UMASK"].Value)
	// Output: 027
}
