package nis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/nis"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestFact(t *testing.T) {
	const passwd = "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\n \t+amy::::::\n"
	for fixture, want := range map[string][]nis.Entry{
		"-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\n":                  nil,
		passwd + "-- etc/gshadow --\n-:::\r\n-- etc/group --\na+:x:1:\n": {{Sign: "+", Position: inventory.Position{Source: "etc/passwd", Line: 2}}, {Sign: "-", Position: inventory.Position{Source: "etc/gshadow", Line: 1}}},
	} {
		got, err := nis.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if d := cmp.Diff(got, want); d != "" || err != nil {
			t.Errorf("%s: %s, %v", fixture, d, err)
		}
	}
	if got, err := nis.Fact.Of(t.Context(),
		inventorytest.System(t, passwd+"-- etc/shadow error=EACCES --\n")); err == nil {
		t.Errorf("a list that cannot be read: got %v", got)
	}
	if got, err := nis.Fact.Of(t.Context(), inventorytest.System(t, "")); !inventory.IsAbsent(err, "etc/passwd") {
		t.Errorf("without accounts: got %v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "+", "+a\r\n-b", "\ufeff+", "\x00+", strings.Repeat("+", 1<<16)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := nis.Parse(b)
		for _, e := range all {
			if e.Sign != "+" && e.Sign != "-" || e.Line < 1 {
				t.Errorf("%+v", e)
			}
		}
	})
}

func ExampleParse() {
	all, _ := nis.Parse([]byte("root:x:0:0::/root:/bin/sh\n+@people::::::\n"))
	fmt.Println(all[0].Line)
	// Output: 2
}
