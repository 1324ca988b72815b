package inittab_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/inittab"
)

// etc/inittab of alpine-baselayout 3.6.5, Alpine Linux 3.20, and two lines of other systems.
const alpine = `# /etc/inittab

::sysinit:/sbin/openrc sysinit
::sysinit:/sbin/openrc boot
::wait:/sbin/openrc default

# Set up a couple of getty's
tty1::respawn:/sbin/getty 38400 tty1
tty2::respawn:/sbin/getty 38400 tty2

# Put a getty on the serial port
#ttyS0::respawn:/sbin/getty -L 115200 ttyS0 vt100

# Stuff to do for the 3-finger salute
::ctrlaltdel:/sbin/reboot
id:2:initdefault:
::askfirst:-/bin/sh
`

func TestParse(t *testing.T) {
	got, err := inittab.Parse([]byte(alpine))
	want := []inittab.Entry{
		{inventory.Position{Line: 3}, "", "", "sysinit", "/sbin/openrc sysinit"},
		{inventory.Position{Line: 4}, "", "", "sysinit", "/sbin/openrc boot"},
		{inventory.Position{Line: 5}, "", "", "wait", "/sbin/openrc default"},
		{inventory.Position{Line: 8}, "tty1", "", "respawn", "/sbin/getty 38400 tty1"},
		{inventory.Position{Line: 9}, "tty2", "", "respawn", "/sbin/getty 38400 tty2"},
		{inventory.Position{Line: 15}, "", "", "ctrlaltdel", "/sbin/reboot"},
		{inventory.Position{Line: 16}, "id", "2", "initdefault", ""},
		{inventory.Position{Line: 17}, "", "", "askfirst", "-/bin/sh"},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(err, "got -, want +", d)
	}
	if p := got[7].Program(); p != "sh" {
		t.Errorf("got %q, want sh", p)
	}
	if p := (inittab.Entry{Process: "exec /sbin/agetty tty1"}).Program(); p != "agetty" {
		t.Errorf("got %q, want agetty", p)
	}
	if _, err := inittab.Parse([]byte("a\n1:2:3\n")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("mistakes: got %v", err)
	}
}

func TestFact(t *testing.T) {
	all, err := inittab.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/inittab --\nid:2:initdefault:\n"))
	if err != nil || len(all) != 1 || all[0].Place() != "etc/inittab:1" {
		t.Errorf("got %+v, %v", all, err)
	}
	if _, err := inittab.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no file: got %v", err)
	}
	if _, err := inittab.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/inittab error=EACCES --\n")); err == nil || errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("unreadable: got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(alpine))
	f.Add([]byte("\xef\xbb\xbfid:2:respawn:\x00\r\n::x:" + strings.Repeat("a", 1<<16)))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := inittab.Parse(b)
		if err != nil && all != nil {
			t.Fatal("entries beside an error")
		}
		for _, e := range all {
			if e.Action == "" || e.Line < 1 || strings.Contains(e.Program(), "/") && e.Program() != "/" {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func ExampleParse() {
	all, err := inittab.Parse([]byte("tty1::respawn:/sbin/getty 38400 tty1\n"))
	fmt.Println(all[0].Action, all[0].Program(), err)
	// Output: respawn getty <nil>
}
