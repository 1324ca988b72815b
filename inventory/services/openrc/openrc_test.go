package openrc_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/openrc"
)

// "openrc default" of OpenRC 0.45.2, Debian 12, starts the same of these scripts and links.
const system = `
-- etc/init.d/a mode=0755 --
depend() {
	need b
}
-- etc/init.d/b mode=0755 --
-- etc/init.d/c mode=0755 --
depend() {
	want d
}
-- etc/init.d/d mode=0755 --
-- etc/init.d/e mode=0755 --
depend() {
	use f
}
-- etc/init.d/f mode=0755 --
-- etc/init.d/g mode=0755 --
depend() { need virt; }
-- etc/init.d/h mode=0755 --
depend() { provide virt; }
-- etc/init.d/noexec mode=0644 --
-- etc/init.d/x.sh mode=0755 --
-- etc/init.d/st mode=0755 --
-- etc/init.d/idle mode=0755 --
-- etc/init.d/late mode=0755 --
-- etc/runlevels/default/a link=/etc/init.d/a --
-- etc/runlevels/default/c link=/etc/init.d/c --
-- etc/runlevels/default/e link=/etc/init.d/e --
-- etc/runlevels/default/g link=/etc/init.d/g --
-- etc/runlevels/default/noexec link=/etc/init.d/noexec --
-- etc/runlevels/default/x.sh link=/etc/init.d/x.sh --
-- etc/runlevels/default/gone link=/etc/init.d/gone --
-- etc/runlevels/default/other link=/etc/init.d/b --
-- etc/runlevels/default/stacked link=../stacked --
-- etc/runlevels/stacked/st link=/etc/init.d/st --
-- etc/runlevels/shutdown/late link=/etc/init.d/late --
`

func TestFact(t *testing.T) {
	y, err := openrc.Fact.Of(t.Context(), inventorytest.System(t, system))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range y.Services {
		if s.Starts() {
			got[s.Name] = s.Level + s.By
		}
	}
	want := map[string]string{"a": "default", "b": "a", "c": "default", "d": "c", "e": "default", "g": "default",
		"h": "g", "st": "default", "x.sh": "default"}
	if d := cmp.Diff(got, want); d != "" {
		t.Error("got -, want +", d)
	}
	if s, ok := y.Service("idle"); !ok || s.Starts() {
		t.Errorf("idle: got %+v, %v", s, ok)
	}
	if _, ok := y.Service("gone"); ok {
		t.Error("gone is a service")
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		fixture string
		want    error
	}{
		"no runlevels":     {"-- etc/init.d/a mode=0755 --\n", inventory.ErrAbsent},
		"another inittab":  {system + "-- etc/inittab --\n::sysinit:/etc/init.d/rcS\n", inventory.ErrUnavailable},
		"a ring of levels": {system + "-- etc/runlevels/stacked/default link=../default --\n", inventory.ErrLimit},
	} {
		if _, err := openrc.Fact.Of(t.Context(), inventorytest.System(t, c.fixture)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	for _, fixture := range []string{
		strings.Replace(system, "-- etc/init.d/a mode=0755", "-- etc/init.d/a mode=0755 error=EACCES", 1),
		system + "-- etc/runlevels/boot dir error=EACCES --\n", system + "-- etc/inittab --\n::x\n",
	} {
		if _, err := openrc.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("got no error for %s", fixture[len(system)-40:])
		}
	}
}

func TestConf(t *testing.T) {
	for text, want := range map[string]string{"A=1\nA=\"2\"\n": "2", "A=$B\n": "error",
		"A=1\nif true; then A=3; fi\n": "error", "": ""} {
		got, err := openrc.Conf(t.Context(), inventorytest.System(t, "-- etc/conf.d/x --\n"+text), "x")
		if v := got["A"].Value; v != want && (want != "error" || !errors.Is(err, inventory.ErrUnavailable)) {
			t.Errorf("%q: got %q, %v", text, v, err)
		}
	}
	if got, err := openrc.Conf(t.Context(), inventorytest.System(t, ""), "x"); got != nil || err != nil {
		t.Errorf("no file: got %v, %v", got, err)
	}
}

func TestParse(t *testing.T) {
	got, err := openrc.Parse([]byte("# need nothing\ndepend() {\n\tneed net $extra \\\n\t  dns\n\t[ -n \"$x\" ] && want db\n\tif y; then need z; fi\n\tprovide web # need w\n}\nneedle x\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := openrc.Depend{Needs: []string{"net", "dns", "db", "z"}, Provides: []string{"web"}}
	if d := cmp.Diff(got, want); d != "" {
		t.Error("got -, want +", d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbfneed a\r\nneed \x00 \\"))
	f.Add([]byte("need " + strings.Repeat("a", 1<<16)))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := openrc.Parse(b)
		for _, n := range all.Needs {
			if n == "" || strings.ContainsAny(n, " \n") {
				t.Fatalf("%q", n)
			}
		}
	})
}

func ExampleParse() {
	all, _ := openrc.Parse([]byte("depend() {\n\tneed net\n\tprovide dns\n}\n"))
	fmt.Println(all)
	// Output: {[net] [dns]}
}
