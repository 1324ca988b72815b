// Package software tells which packages a system has, whichever package manager it uses.
//
// It reads the databases of dpkg. A system that has another one, of rpm, apk, opkg or
// pacman, answers that it is not available rather than that nothing is installed.
package software

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/dpkg"
)

// others are the databases that are not read yet.
var others = [...]string{
	"usr/lib/sysimage/rpm/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite", // rpm: sqlite, its newer and older places
	"usr/lib/sysimage/rpm/Packages.db", "var/lib/rpm/Packages.db", // rpm: ndb
	"var/lib/rpm/Packages",                             // rpm: Berkeley DB
	"lib/apk/db/installed", "usr/lib/apk/db/installed", // apk
	"usr/lib/opkg/status", "var/lib/opkg/status", // opkg
	"var/lib/pacman/local", // pacman
}

// Fact is the packages whose files are in place, in the order of the databases. A system
// without any database that is known answers [inventory.ErrUnavailable]: what it has
// installed cannot be told.
var Fact = inventory.NewFact("software", func(ctx context.Context, s *inventory.System) ([]inventory.Package, error) {
	for _, name := range others {
		if _, err := s.Stat(ctx, name); err == nil {
			return nil, fmt.Errorf("the package database %s is not read: %w", name, inventory.ErrUnavailable)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	pkgs, err := dpkg.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, fmt.Errorf("no package database: %w", inventory.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	all := make([]inventory.Package, 0, len(pkgs))
	for _, p := range pkgs {
		if p.Present() {
			all = append(all, inventory.Package{Type: "deb", Name: p.Name, Version: p.Version, Arch: p.Arch, Source: p.Source, File: p.File, Line: p.Line})
		}
	}
	return all, nil
})
