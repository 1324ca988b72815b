package useradd_test

import (
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/useradd"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestParse(t *testing.T) {
	got, err := useradd.Parse([]byte("# useradd defaults file\nSHELL=/bin/sh\n#INACTIVE=30\n INACTIVE=20\nINACTIVE =10\nINACTIVE=-1\nINACTIVE=45\nnothing\n=x\nEXPIRE="))
	if err != nil {
		t.Fatal(err)
	}
	want := useradd.Settings{
		"SHELL":    {Name: "SHELL", Value: "/bin/sh", Position: inventory.Position{Line: 2}},
		"INACTIVE": {Name: "INACTIVE", Value: "45", Position: inventory.Position{Line: 7}},
		"EXPIRE":   {Name: "EXPIRE", Position: inventory.Position{Line: 10}},
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
}

func TestFact(t *testing.T) {
	const program = "-- usr/sbin/useradd --\nx\n"
	got, err := useradd.Fact.Of(t.Context(), inventorytest.System(t, program+"-- etc/default/useradd --\nINACTIVE=30\n"))
	if err != nil || got["INACTIVE"] != (inventory.Setting{Name: "INACTIVE", Value: "30",
		Position: inventory.Position{Source: "etc/default/useradd", Line: 1}}) || !got["SKEL"].Compiled() {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = useradd.Fact.Of(t.Context(), inventorytest.System(t, "-- sbin/useradd --\nx\n"))
	if err != nil || got["INACTIVE"].Value != "-1" {
		t.Errorf("no file: got %v, %v", got, err)
	}
	if _, err := useradd.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/default/useradd --\nINACTIVE=30\n")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no program: got %v", err)
	}
	for _, fixture := range []string{program + "-- etc/default/useradd error=EACCES --\n",
		program + "-- etc/default/useradd dir --\n", "-- usr/sbin dir error=EIO --\n"} {
		if got, err := useradd.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil && len(got) > 0 {
			t.Errorf("%s: got %v", fixture, got)
		}
	}
}

// useradd -D of the tree prints the same settings.
func TestAgreesWithUseraddD(t *testing.T) {
	for _, suite := range []string{"bookworm", "bullseye"} {
		tree := oracle.Tree(t, suite)
		all, err := useradd.Fact.Of(t.Context(), inventorytest.Folder(t, tree))
		if err != nil {
			t.Fatal(err)
		}
		out := string(oracle.Chroot(t, tree, "useradd", "-D"))
		for _, name := range []string{"INACTIVE", "HOME", "SKEL", "EXPIRE"} {
			m := regexp.MustCompile(`(?m)^` + name + `=(.*)$`).FindStringSubmatch(out)
			if m == nil || m[1] != all[name].Value {
				t.Errorf("%s: %s: got %q, want %q", suite, name, all[name].Value, m)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("INACTIVE=30\r\n#\x00\n\xef\xbb\xbfA=b"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := useradd.Parse(b)
		for name, s := range all {
			if name == "" || s.Name != name || s.Line < 1 {
				t.Fatalf("%+v", s)
			}
		}
	})
}

func ExampleParse() {
	all, _ := useradd.Parse([]byte("INACTIVE=30\n"))
	fmt.Println(all["INACTIVE"].Value)
	// Output: 30
}
