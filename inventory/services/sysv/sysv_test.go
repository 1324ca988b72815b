package sysv_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/sysv"
)

func TestFact(t *testing.T) {
	got, err := sysv.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/rc2.d/S01cron link=../init.d/cron --\n-- etc/rc2.d/README --\n-- etc/rc2.d/Sxxcron --\n-- etc/rcS.d/S02procps --\n-- etc/rc0.d/K01cron --\n"))
	want := []sysv.Link{
		{Level: "S", Start: true, Order: "02", Name: "procps", Position: inventory.Position{Source: "etc/rcS.d/S02procps"}},
		{Level: "0", Order: "01", Name: "cron", Position: inventory.Position{Source: "etc/rc0.d/K01cron"}},
		{Level: "2", Start: true, Order: "01", Name: "cron", Position: inventory.Position{Source: "etc/rc2.d/S01cron"}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(err, "got -, want +", d)
	}
	if got, err := sysv.Fact.Of(t.Context(), inventorytest.System(t, "")); got != nil || err != nil {
		t.Errorf("no folders: got %v, %v", got, err)
	}
	if _, err := sysv.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/rc3.d dir error=EACCES --\n")); err == nil {
		t.Error("unreadable: got no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("S01cron")
	f.Add("K\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if l, ok := sysv.Parse(s); ok && (len(l.Order) != 2 || l.Name == "") {
			t.Fatalf("%q: %+v", s, l)
		}
	})
}

func ExampleParse() {
	l, ok := sysv.Parse("S01cron")
	fmt.Println(l.Start, l.Name, ok)
	// Output: true cron true
}
