package files_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const tree = "-- etc/x mode=4750 owner=1:2 mtime=2025-03-04T00:00:00Z xattr.system.posix_acl_access=00 --\n-- etc/l link=x --\n-- etc/gone link=none --\n" +
	"-- etc/d/deep/a --\n-- etc/d/b --\n-- etc/d/l link=deep --\n-- broken error=EIO --\n"

func TestFollowAndLook(t *testing.T) {
	s := inventorytest.System(t, tree)
	f, err := files.Follow(t.Context(), s, "etc/l")
	want := time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC)
	if err != nil || f.Name != "etc/l" || f.Mode != fs.ModeSetuid|0o750 || f.UID != 1 || f.GID != 2 || !f.Changed.Equal(want) || !f.Owned() || !f.Dated() || f.IsLink() {
		t.Errorf("got %+v, %v", f, err)
	}
	if f, err := files.Look(t.Context(), s, "etc/l"); err != nil || !f.IsLink() {
		t.Errorf("got %+v, %v", f, err)
	}
	if target, err := files.ReadTarget(t.Context(), s, "etc/l"); target != "x" || err != nil {
		t.Errorf("got %q, %v", target, err)
	}
	if f, err := files.Look(t.Context(), s, "etc/none"); !inventory.IsAbsent(err, "etc/none") {
		t.Errorf("got %+v, %v", f, err)
	}
	if _, err := files.Follow(t.Context(), s, "proc/1"); !errors.Is(err, inventory.ErrNotLive) {
		t.Errorf("got %v", err)
	}
}

func TestFindFirst(t *testing.T) {
	s := inventorytest.System(t, tree)
	for want, names := range map[string][]string{"etc/x": {"etc/none", "etc/x", "etc/d"}, "etc/l": {"etc/l"}, "": {"etc/none"}} {
		if got, err := files.FindFirst(t.Context(), s, names...); got != want || err != nil {
			t.Errorf("%q: got %q, %v", names, got, err)
		}
	}
	if got, err := files.FindFirst(t.Context(), s, "proc/1", "etc/x"); err == nil {
		t.Errorf("a name that cannot be looked at: got %q", got)
	}
}

func TestHasAccessList(t *testing.T) {
	s := inventorytest.System(t, tree)
	for name, want := range map[string]bool{"etc/x": true, "etc/d": false} {
		if got, err := files.HasAccessList(t.Context(), s, name); got != want || err != nil {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	if got, err := files.HasAccessList(t.Context(), s, "proc/1"); got || err == nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestListAndExpand(t *testing.T) {
	s := inventorytest.System(t, tree)
	if got, err := files.List(t.Context(), s, "etc/d"); !slices.Equal(got, []string{"b", "deep", "l"}) || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := files.List(t.Context(), s, "etc/none"); !inventory.IsAbsent(err, "etc/none") {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := files.Expand(t.Context(), s, []string{"no/such", "etc/?", "etc/z*"}); strings.Join(got, " ") != "no/such etc/d etc/l etc/x" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := files.Expand(t.Context(), s, []string{"sys/*"}); err == nil {
		t.Errorf("a folder that cannot be listed: got %q", got)
	}
}

func TestListBelow(t *testing.T) {
	s := inventorytest.System(t, tree)
	for skipped, want := range map[string]string{"": "etc/d etc/d/b etc/d/deep etc/d/deep/a", "etc/d/deep": "etc/d etc/d/b", "etc/d": ""} {
		all, err := files.ListBelow(t.Context(), s, "etc/d", func(name string) bool { return name == skipped })
		var got []string
		for _, f := range all {
			got = append(got, f.Name)
		}
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("without %s: got %q, %v", skipped, got, err)
		}
	}
	never := func(string) bool { return false }
	if all, err := files.ListBelow(t.Context(), s, "etc/none", never); all != nil || err != nil {
		t.Errorf("got %v, %v", all, err)
	}
	deep := inventorytest.System(t, "-- a"+strings.Repeat("/a", 70)+" --\n")
	if all, err := files.ListBelow(t.Context(), deep, "a", never); !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("got %d, %v", len(all), err)
	}
}

func TestSurvey(t *testing.T) {
	s := inventorytest.System(t, "-- a mode=0666 --\n-- b mode=4755 owner=7:7 --\n-- c mode=2644 --\n-- d dir mode=0777 --\n-- e dir mode=1777 --\n"+
		"-- f mode=0755 xattr.security.capability=01 --\n")
	v, err := files.Fact.Of(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if v.Files != 4 || v.Entries != 4+v.Folders || len(v.Writable) != 1 || len(v.Open) != 1 || len(v.Setuid) != 1 || len(v.Capable) != 1 || len(v.Owners) != 2 {
		t.Errorf("got %+v", v)
	}
	if all := v.OwnedBy(func(o files.Owner) bool { return o.UID == 7 }); len(all) != 1 || all[0].Name() != "b" {
		t.Errorf("got %v", all)
	}
	if all := v.OwnedBy(func(files.Owner) bool { return false }); all != nil {
		t.Errorf("got %v", all)
	}
}
