package swaps_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/storage/swaps"
)

const text = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-1                               partition\t999420\t0\t-2\n/swap\\040x file\t1\t0\t-3\n"

func TestParse(t *testing.T) {
	got, err := swaps.Parse([]byte(text + "\n/dev/zram0"))
	want := []swaps.Area{{Name: "/dev/dm-1", Type: "partition", Position: inventory.Position{Line: 2}}, {Name: `/swap\040x`, Type: "file", Position: inventory.Position{Line: 3}}, {Name: "/dev/zram0", Position: inventory.Position{Line: 5}}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d)
	}
}

func TestFact(t *testing.T) {
	const live = "live: true\n-- proc/sys/kernel/ostype --\nLinux\n"
	if all, err := swaps.Fact.Of(t.Context(), inventorytest.System(t, live+"-- proc/swaps --\n"+text)); len(all) != 2 || err != nil || all[0].Place() != "proc/swaps:2" {
		t.Errorf("got %v, %v", all, err)
	}
	for fixture, want := range map[string]error{
		live: inventory.ErrAbsent, "": inventory.ErrNotLive, "live: true\n": fs.ErrNotExist, live + "-- proc/swaps error=EACCES --\n": fs.ErrPermission,
	} {
		if all, err := swaps.Fact.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, want) {
			t.Errorf("%s: got %v, %v, want %v", fixture, all, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", text, "\ufeffa\r\nb c\r\n", "\n\x00 \x00", strings.Repeat("x", 1<<16)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := swaps.Parse(b)
		for _, a := range all {
			if a.Name == "" || a.Line < 2 {
				t.Errorf("%+v", a)
			}
		}
	})
}

func ExampleParse() {
	fmt.Println(swaps.Parse([]byte("Filename Type Size Used Priority\n/dev/dm-1 partition 8 0 -2\n")))
	// Output: [{{ 2} /dev/dm-1 partition}] <nil>
}
