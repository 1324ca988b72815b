package apk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/apk"
)

// alpine is a shortened lib/apk/db/installed of Alpine 3.20.
const alpine = `C:Q1Deb0jNytkrjPW4N/eKLZ43BwOlw=
P:musl
V:1.2.5-r0
A:x86_64
S:407278
I:667648
T:the musl c library (libc) implementation
o:musl
t:1709400000
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1mcsEMkJU7fJLUN5bsHtpR4oPEDs=

C:Q1Deb0jNytkrjPW4N/eKLZ43BwOlx=
P:busybox-extras
V:1.36.1-r29
A:x86_64
o:busybox
`

func TestParse(t *testing.T) {
	got, err := apk.Parse([]byte(alpine))
	want := []apk.Package{
		{Name: "musl", Version: "1.2.5-r0", Arch: "x86_64", SourceName: "musl", SourceVersion: "1.2.5-r0", Position: inventory.Position{Line: 1}},
		{Name: "busybox-extras", Version: "1.36.1-r29", Arch: "x86_64", SourceName: "busybox", SourceVersion: "1.36.1-r29", Position: inventory.Position{Line: 15}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	for _, text := range []string{"P:a\n", "V:1\n", "P:a\nV:1\nnonsense\n", "\xef\xbb\xbfP:a\nV:1\n", "P\n"} {
		if got, err := apk.Parse([]byte(text)); err == nil || got != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestFact(t *testing.T) {
	got, err := apk.Fact.Of(t.Context(), inventorytest.System(t, "-- usr/lib/apk/db/installed --\n"+alpine))
	if err != nil || len(got) != 2 || got[1].Source != "usr/lib/apk/db/installed" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := apk.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no database: got %v", err)
	}
	if _, err := apk.Fact.Of(t.Context(),
		inventorytest.System(t, "-- lib/apk/db/installed error=EACCES --\n-- usr/lib/apk/db/installed --\n")); err == nil || errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("unreadable: got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(alpine))
	f.Add([]byte("P:" + strings.Repeat("x", 1<<20) + "\r\n\x00V:1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := apk.Parse(b)
		if err != nil && all != nil {
			t.Fatal("packages beside an error")
		}
		for _, p := range all {
			if p.Name == "" || p.Version == "" || p.Line < 1 {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func ExampleParse() {
	all, err := apk.Parse([]byte("P:openssh\nV:9.7_p1-r4\n"))
	fmt.Println(all[0].Name, all[0].Version, err)
	// Output: openssh 9.7_p1-r4 <nil>
}

func TestOrigin(t *testing.T) {
	got, err := apk.Parse([]byte("P:a\nV:1-r0\n"))
	if err != nil || len(got) != 1 || got[0].SourceName != "a" || got[0].SourceVersion != "1-r0" {
		t.Errorf("an entry without an origin: got %+v, %v", got, err)
	}
}
