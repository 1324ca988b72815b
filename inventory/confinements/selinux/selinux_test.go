package selinux_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements/selinux"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"SELINUX=enforcing\nSELINUXTYPE=targeted\n":                  "enforcing:1 targeted:2",
		"# SELINUX=permissive\nSELINUX=Enforcing # yes\r\n":          "enforcing:2 targeted:0",
		"SELINUX=permissive\nSELINUX=enforcing\n":                    "permissive:1 targeted:0",
		"SELINUX=on\nSELINUX= enforcing\n":                           "enforcing:2 targeted:0",
		" SELINUX=enforcing\n":                                       ":0 targeted:0",
		"SELINUX=off\n":                                              ":0 targeted:0",
		"SELINUXTYPE=mls\nSELINUXTYPE=targeted \nSELINUX=disabled":   "disabled:3 targeted:2",
		"\xef\xbb\xbfSELINUX=enforcing\nSELINUX=disabled\n\x00":      "disabled:2 targeted:0",
		"SELINUX=enforcing-not\n":                                    "enforcing:1 targeted:0",
		"selinux=enforcing\nSELINUX =enforcing\nSELINUX=permissive ": "permissive:3 targeted:0",
	} {
		c := selinux.Parse([]byte(text))
		if got := fmt.Sprintf("%s:%d %s:%d", c.Mode.Value, c.Mode.Line, c.Type.Value, c.Type.Line); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestFact(t *testing.T) {
	const config = "-- etc/selinux/config --\nSELINUX=enforcing\nSELINUXTYPE=targeted\n"
	got, err := selinux.Fact.Of(t.Context(), inventorytest.System(t, config+"-- etc/selinux/targeted/policy/policy.33 --\n-- var/lib/selinux/targeted/active/modules/400/permissive_x_t/cil --\n"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(*got, selinux.Config{
		Mode:       inventory.Setting{Name: "SELINUX", Value: "enforcing", Position: inventory.Position{Source: "etc/selinux/config", Line: 1}},
		Type:       inventory.Setting{Name: "SELINUXTYPE", Value: "targeted", Position: inventory.Position{Source: "etc/selinux/config", Line: 2}},
		Policy:     "etc/selinux/targeted/policy/policy.33",
		Permissive: []string{"var/lib/selinux/targeted/active/modules/400/permissive_x_t"},
	}); d != "" {
		t.Error("got -, want +", d)
	}
	if got, err := selinux.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/selinux/config --\nSELINUXTYPE=../x\n")); err == nil {
		t.Errorf("a type that is no name: got %v, %v", got, err)
	}
	if _, err := selinux.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("not there: got %v", err)
	}
	for fixture, want := range map[string]error{"": inventory.ErrNotLive, "live: true\n-- sys/kernel/x --\n": inventory.ErrAbsent, "live: true\n": inventory.ErrUnavailable} {
		if _, err := selinux.Running.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", fixture, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("SELINUX=enforcing\r\nSELINUXTYPE=\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c := selinux.Parse(b); (c.Mode.Value == "") != (c.Mode.Line == 0) {
			t.Fatalf("%+v", c)
		}
	})
}

func ExampleParse() {
	c := selinux.Parse([]byte("SELINUX=enforcing\nSELINUXTYPE=targeted\n"))
	fmt.Println(c.Mode.Value, c.Type.Value)
	// Output: enforcing targeted
}
