package files_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestWays(t *testing.T) {
	sys := inventorytest.System(t, "-- srv/d/x --\n-- opt/l link=../srv/d --\n-- opt/m link=/opt/l/x --\n-- opt/loop link=loop --\n-- opt/gone link=/srv/none/x --\n")
	var w files.Ways
	for range 2 { // the second time of what was kept
		for name, want := range map[string]string{
			"srv/d/x": ". srv srv/d srv/d/x true", "opt/l/x": ". opt opt/l srv srv/d srv/d/x true", "opt/m": ". opt opt/m opt opt/l srv srv/d srv/d/x true",
			"opt/gone": ". opt opt/gone srv false", "none": ". false", ".": ". true", "srv/d/x/y": ". srv srv/d srv/d/x false",
		} {
			way, there, err := w.Find(t.Context(), sys, name)
			var got []string
			for _, f := range way {
				got = append(got, f.Name)
			}
			if s := strings.Join(got, " ") + map[bool]string{true: " true", false: " false"}[there]; s != want || err != nil {
				t.Errorf("%s: got %q %v, want %q", name, s, err, want)
			}
		}
	}
	if _, _, err := w.Find(t.Context(), sys, "opt/loop"); err == nil {
		t.Error("a link to itself leads nowhere")
	}
}

func TestWriters(t *testing.T) {
	const head, entries = "02000000", "01000700ffffffff" + "02000600e8030000" + "04000500ffffffff" + "08000600e9030000" + "1000MM00ffffffff" + "20000000ffffffff"
	for name, c := range map[string]struct {
		attr string
		want int
		bad  bool
	}{
		"open": {head + strings.Replace(entries, "MM", "07", 1), 2, false}, "masked": {head + strings.Replace(entries, "MM", "05", 1), 0, false}, "broken": {"00", 0, true},
	} {
		got, own, listed, err := files.Writers(t.Context(), inventorytest.System(t, "-- a mode=0770 xattr.system.posix_acl_access="+c.attr+" --\n"), "a")
		if len(got) != c.want || own || !listed || (err != nil) != c.bad {
			t.Errorf("%s: got %v, %v, %v, %v", name, got, own, listed, err)
		}
	}
	if _, _, listed, err := files.Writers(t.Context(), inventorytest.System(t, "-- a --\n"), "a"); listed || err != nil {
		t.Error(listed, err)
	}
}
