package packages_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages"
)

const debian = `
-- var/lib/dpkg/status --
Package: openssh-server
Status: install ok installed
Version: 1:9.2p1-2
Source: openssh

Package: telnet
Status: deinstall ok config-files
Version: 0.17

Package: broken
Status: install reinstreq half-installed
Version: 1
`

func TestFact(t *testing.T) {
	got, err := packages.Fact.Of(t.Context(), inventorytest.System(t, debian))
	want := []packages.Package{
		{Type: "deb", Name: "openssh-server", Version: "1:9.2p1-2", SourceName: "openssh", SourceVersion: "1:9.2p1-2", Position: inventory.Position{Source: "var/lib/dpkg/status", Line: 1}},
		{Type: "deb", Name: "broken", Version: "1", SourceName: "broken", SourceVersion: "1", Position: inventory.Position{Source: "var/lib/dpkg/status", Line: 10}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestApk(t *testing.T) {
	got, err := packages.Fact.Of(t.Context(),
		inventorytest.System(t, "-- lib/apk/db/installed --\nP:busybox-extras\nV:1.36.1-r29\nA:x86_64\no:busybox\n"))
	want := []packages.Package{{Type: "apk", Name: "busybox-extras", Version: "1.36.1-r29", Arch: "x86_64",
		SourceName: "busybox", SourceVersion: "1.36.1-r29", Position: inventory.Position{Source: "lib/apk/db/installed", Line: 1}}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	for _, fixture := range []string{"-- lib/apk/db/installed error=EACCES --\n" + debian,
		"-- lib/apk/db/installed --\nnonsense\n" + debian} {
		if got, err := packages.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil || got != nil {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

// An unknown result is never an empty list, and never absence.
func TestUnreadDatabases(t *testing.T) {
	if _, err := packages.Fact.Of(t.Context(), inventorytest.System(t, "-- var/lib/rpm dir --\n"+debian)); err != nil {
		t.Errorf("an empty folder is no database: got %v", err)
	}
	for name, fixture := range map[string]string{
		"none":           "",
		"rpm":            "-- var/lib/rpm/rpmdb.sqlite --\n",
		"rpm beside deb": "-- usr/lib/sysimage/rpm/rpmdb.sqlite --\n" + debian,
		"pacman":         "-- var/lib/pacman/local dir --\n",
	} {
		got, err := packages.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if !errors.Is(err, inventory.ErrUnavailable) || got != nil {
			t.Errorf("%s: got %v, %v, want ErrUnavailable", name, got, err)
		}
	}
}

func ExampleFact() {
	cfg, err := inventorytest.Parse([]byte("-- var/lib/dpkg/status --\nPackage: bash\nStatus: install ok installed\nVersion: 5.2\n"))
	if err != nil {
		panic(err)
	}
	sys, err := inventory.New(cfg)
	if err != nil {
		panic(err)
	}
	pkgs, err := packages.Fact.Of(context.Background(), sys)
	fmt.Println(pkgs[0].Type, pkgs[0].Name, pkgs[0].Version, err)
	// Output: deb bash 5.2 <nil>
}
