package nsswitch_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestParse(t *testing.T) {
	got, err := nsswitch.Parse([]byte("# comment\npasswd:         files systemd sss # x\r\ngroup: files [NOTFOUND=return] ldap\nhosts:files dns[!UNAVAIL=return]nis\nnothing\npasswd: files\nshadow:\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := nsswitch.Config{"passwd": {"files"}, "group": {"files", "ldap"}, "hosts": {"files", "dns", "nis"},
		"shadow": {}, "nothing": {}}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
	for db, want := range map[string]bool{"passwd": true, "group": false, "hosts": false, "none": true} {
		if got := got.Local(db); got != want {
			t.Errorf("%s: got local %v", db, got)
		}
	}
}

func TestFact(t *testing.T) {
	if c, err := nsswitch.Fact.Of(t.Context(), inventorytest.System(t, "")); err != nil || !c.Local("passwd") {
		t.Errorf("no file: got %v, %v", c, err)
	}
	if _, err := nsswitch.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/nsswitch.conf error=EIO --\n")); err == nil {
		t.Error("unreadable: got no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("passwd: files [x=y] sss\n[:]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := nsswitch.Parse(b)
		for name, services := range all {
			if name == "" || services == nil {
				t.Fatalf("%q: %v", name, services)
			}
		}
	})
}

func ExampleParse() {
	c, _ := nsswitch.Parse([]byte("passwd: files sss\n"))
	fmt.Println(c["passwd"], c.Local("passwd"), c.Local("group"))
	// Output: [files sss] false true
}
