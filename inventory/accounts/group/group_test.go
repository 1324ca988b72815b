package group_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestParse(t *testing.T) {
	got, err := group.Parse([]byte("root:x:0:\nsudo:x:27:alice,,bob\n#x\nshadow:*:42:"))
	want := []group.Group{
		{Name: "root", Password: crypt.Parse("x"), Position: inventory.Position{Line: 1}},
		{Name: "sudo", Password: crypt.Parse("x"), GID: 27, Members: []string{"alice", "bob"}, Position: inventory.Position{Line: 2}},
		{Name: "shadow", Password: crypt.Parse("*"), GID: 42, Position: inventory.Position{Line: 4}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, err := group.Parse([]byte("root:x:0\nx:x:y:\n:x:1:\n")); got != nil ||
		!strings.Contains(fmt.Sprint(err), "line 1: 3 fields, want 4") {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAgreesWithGetent(t *testing.T) {
	tree := oracle.Tree(t, "bookworm")
	all, err := group.Fact.Of(t.Context(), inventorytest.Folder(t, tree))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, g := range all {
		fmt.Fprintf(&got, "%s:x:%d:%s\n", g.Name, g.GID, strings.Join(g.Members, ","))
	}
	want := string(oracle.Chroot(t, tree, "getent", "-s", "files", "group"))
	if d := cmp.Diff(got.String(), strings.ReplaceAll(want, ":*:", ":x:")); d != "" {
		t.Error(d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("sudo:x:27:alice,bob\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if all, err := group.Parse(b); err != nil && all != nil {
			t.Fatal("groups beside an error")
		}
	})
}

func ExampleParse() {
	all, err := group.Parse([]byte("sudo:x:27:alice,bob\n"))
	fmt.Println(all[0].Name, all[0].GID, all[0].Members, err)
	// Output: sudo 27 [alice bob] <nil>
}
