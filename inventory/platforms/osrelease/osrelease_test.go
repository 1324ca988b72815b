package osrelease_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms/osrelease"
)

// The text of bookworm's file, shortened, and Fedora's key SUPPORT_END.
const bookworm = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION_CODENAME=bookworm
ID=debian
SUPPORT_END=2028-06-30
`

func TestParse(t *testing.T) {
	got, err := osrelease.Parse([]byte(bookworm))
	want := osrelease.Release{ID: "debian", Name: "Debian GNU/Linux", Pretty: "Debian GNU/Linux 12 (bookworm)",
		VersionID: "12",
		Codename:  "bookworm", SupportEnd: time.Date(2028, 6, 30, 0, 0, 0, 0, time.UTC), Position: inventory.Position{Line: 5}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, err := osrelease.Parse(nil); err != nil || got.ID != "linux" || got.Name != "Linux" {
		t.Errorf("an empty file has the defaults of the man page: got %+v, %v", got, err)
	}
	if _, err := osrelease.Parse([]byte("SUPPORT_END=soon\n")); err == nil {
		t.Error("a support end that is no date: got no error")
	}
}

func TestFact(t *testing.T) {
	for name, c := range map[string]struct{ fixture, id, source string }{
		"etc":           {"-- etc/os-release --\nID=a\n-- usr/lib/os-release --\nID=b\n", "a", "etc/os-release"},
		"usr":           {"-- usr/lib/os-release --\nID=b\n", "b", "usr/lib/os-release"},
		"link":          {"-- etc/os-release link=../usr/lib/os-release --\n-- usr/lib/os-release --\nID=b\n", "b", "etc/os-release"},
		"link dangling": {"-- etc/os-release link=../gone --\n-- usr/lib/os-release --\nID=b\n", "b", "usr/lib/os-release"},
	} {
		got, err := osrelease.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if err != nil || got.ID != c.id || got.Source != c.source {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if _, err := osrelease.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("none: got %v, want ErrAbsent", err)
	}
	if _, err := osrelease.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/os-release error=EACCES --\n-- usr/lib/os-release --\nID=b\n")); err == nil {
		t.Error("the first cannot be read: got no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(bookworm))
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = osrelease.Parse(b) })
}

func ExampleParse() {
	r, err := osrelease.Parse([]byte(bookworm))
	fmt.Println(r.ID, r.VersionID, err)
	// Output: debian 12 <nil>
}
