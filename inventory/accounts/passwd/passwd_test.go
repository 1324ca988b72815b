package passwd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestParse(t *testing.T) {
	got, err := passwd.Parse([]byte("root:x:0:0:root:/root:/bin/bash\n\n# comment\nbad\xff:*:65534:65534:,,,::\nlast::1:1::/:/bin/sh\r"))
	want := []passwd.User{
		{Name: "root", Password: crypt.Parse("x"), Comment: "root", Home: "/root", Shell: "/bin/bash", Position: inventory.Position{Line: 1}},
		{Name: "bad\xff", Password: crypt.Parse("*"), UID: 65534, GID: 65534, Comment: ",,,", Position: inventory.Position{Line: 4}},
		{Name: "last", UID: 1, GID: 1, Home: "/", Shell: "/bin/sh\r", Position: inventory.Position{Line: 5}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestParseReportsEveryMistake(t *testing.T) {
	got, err := passwd.Parse([]byte("root:x:0:0:root:/root\na:x:x:0:::\n:x:1:1:::\nb:x:4294967296:1:::\n+::::::\nc\x00:x:1:1:::\nd:x:-1:1:::\n"))
	if got != nil {
		t.Errorf("got %d accounts beside the error", len(got))
	}
	for _, want := range []string{"line 1: 6 fields, want 7", "line 2: user and group ID", "line 3: no name",
		"line 4: user and",
		"line 5: an entry of the NIS", "line 6: has a NUL", "line 7: user and"} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q is not among:\n%v", want, err)
		}
	}
}

func TestFact(t *testing.T) {
	users, err := passwd.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/passwd --\nroot:x:0:0::/root:\n"))
	if err != nil || users[0].Source != "etc/passwd" {
		t.Errorf("got %v, %v", users, err)
	}
	for name, fixture := range map[string]string{
		"none": "", "broken": "-- etc/passwd --\nroot\n", "fifo": "-- etc/passwd fifo --\n", "folder": "-- etc/passwd dir --\n", "denied": "-- etc/passwd error=EACCES --\n",
	} {
		if users, err := passwd.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %v", name, users)
		}
	}
}

// getent of the tree lists the same accounts.
func TestAgreesWithGetent(t *testing.T) {
	for _, suite := range oracle.Suites {
		tree := oracle.Tree(t, suite)
		users, err := passwd.Fact.Of(t.Context(), inventorytest.Folder(t, tree))
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, u := range users {
			fmt.Fprintf(&got, "%s:x:%d:%d:%s:%s:%s\n", u.Name, u.UID, u.GID, u.Comment, u.Home, u.Shell)
		}
		if d := cmp.Diff(got.String(), string(oracle.Chroot(t, tree, "getent", "-s", "files", "passwd"))); d != "" {
			t.Errorf("%s: %s", suite, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("root:x:0:0:root:/root:/bin/bash\n"))
	f.Add([]byte("\xef\xbb\xbfroot:x:0:0:::\r\n+::::::\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		users, err := passwd.Parse(b)
		if err != nil && users != nil {
			t.Fatal("accounts beside an error")
		}
		for _, u := range users {
			if u.Name == "" || u.Line < 1 {
				t.Fatalf("%+v", u)
			}
		}
	})
}

func ExampleParse() {
	users, err := passwd.Parse([]byte("root:x:0:0:root:/root:/bin/bash\n"))
	fmt.Println(users[0].Name, users[0].UID, users[0].Shell, err)
	_, err = passwd.Parse([]byte("root:x:0\n"))
	fmt.Println(err)
	// Output:
	// root 0 /bin/bash <nil>
	// line 1: 3 fields, want 7
}
