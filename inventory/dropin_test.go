package inventory_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestDropIns(t *testing.T) {
	s := inventorytest.System(t, `
-- etc/x.d/20-b.conf --
-- etc/x.d/.hidden.conf --
-- etc/x.d/README --
-- etc/x.d/30-masked.conf link=/dev/null --
-- etc/x.d/40-link.conf link=../other --
-- etc/x.d/60-folder.conf/inner --
-- usr/lib/x.d/10-a.conf --
-- usr/lib/x.d/20-b.conf --
-- usr/lib/x.d/30-masked.conf --
-- usr/lib/x.d/50-masked.conf link=/dev/null --
`)
	got, err := s.DropIns(t.Context(), ".conf", "etc/x.d", "run/x.d", "usr/lib/x.d")
	// A folder is not read over: who reads it learns that it is none.
	want := []string{"usr/lib/x.d/10-a.conf", "etc/x.d/20-b.conf", "etc/x.d/40-link.conf", "etc/x.d/60-folder.conf"}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	s = inventorytest.System(t, "-- etc/x.d error=EACCES --\n-- usr/lib/x.d/10-a.conf --\n")
	if got, err := s.DropIns(t.Context(), ".conf", "etc/x.d", "usr/lib/x.d"); got != nil || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %q, %v", got, err)
	}
}
