package environment_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/environment"
)

func TestParse(t *testing.T) {
	got, err := environment.Parse([]byte("# of Debian\nPATH=\"/usr/bin:/bin\"\nno variable\n\nLANG=C# x\n"))
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

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 4, "# x\n": 4, "a b\n": 4, "x=y\n": 64, "x='y'\n": 64} {
		growth.Test(t, "", unit, most, func(b []byte) { environment.Parse(b) })
	}
	growth.Test(t, "A='", "\n", 8, func(b []byte) { environment.Parse(b) })
}

func TestLimit(t *testing.T) {
	_, err := environment.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/environment --\n"+strings.Repeat("a=b\n", 100_001)))
	if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "etc/environment: line 100001") {
		t.Errorf("got %v", err)
	}
}
