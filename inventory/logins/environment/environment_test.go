package environment_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/environment"
)

func TestParse(t *testing.T) {
	got, err := environment.Parse([]byte("\ufeff# of Debian\nPATH=\"/usr/bin:/bin\"\r\nno variable\n\nLANG=C"))
	if err != nil {
		t.Fatal(err)
	}
	want := []inventory.Setting{{Name: "PATH", Value: "/usr/bin:/bin", Position: inventory.Position{Line: 2}},
		{Name: "LANG", Value: "C", Position: inventory.Position{Line: 5}}}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
}

func TestFact(t *testing.T) {
	for fixture, want := range map[string]int{"": 0, "-- etc/environment --\nA=b\nC=d\n": 2} {
		if got, err := environment.Fact.Of(t.Context(), inventorytest.System(t, fixture)); len(got) != want || err != nil {
			t.Errorf("%s: got %v, %v", fixture, got, err)
		}
	}
	all, err := environment.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/environment --\nA=b\n"))
	if err != nil || len(all) != 1 || all[0].Place() != "etc/environment:1" {
		t.Errorf("got %+v, %v", all, err)
	}
	if got, err := environment.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/environment error=EIO --\n")); err == nil {
		t.Errorf("a file that cannot be read: got %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "A=b", "\ufeffA=b\r\n", "A=\"b\nc\"", "\x00=\x00", strings.Repeat("x", 1<<16), "A='"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := environment.Parse(b)
		for _, v := range all {
			if v.Name == "" || v.Line < 1 {
				t.Errorf("%+v", v)
			}
		}
	})
}

func ExampleParse() {
	all, _ := environment.Parse([]byte("PATH=/usr/bin\n"))
	for _, v := range all {
		fmt.Println(v.Name, v.Value, v.Line)
	}
	// Output: PATH /usr/bin 1
}
