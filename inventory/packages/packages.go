// Package packages reads which packages a system has, whichever package manager it uses.
//
// It reads the databases of dpkg and apk. A system with another database, of rpm, opkg or pacman,
// is [inventory.ErrUnavailable]: it does have packages, and they are not read.
package packages

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages/apk"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// others are the package databases that are not read.
var others = [...]string{
	"usr/lib/sysimage/rpm/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite", // rpm, SQLite, newer and older place
	"usr/lib/sysimage/rpm/Packages.db", "var/lib/rpm/Packages.db", // rpm, NDB
	"var/lib/rpm/Packages",                       // rpm, Berkeley DB
	"usr/lib/opkg/status", "var/lib/opkg/status", // opkg
	"var/lib/pacman/local", // pacman
}

// Fact returns the packages whose files are in place, in the order of the databases. A system
// without a known database is [inventory.ErrUnavailable]: nobody can tell what it has installed.
var Fact = inventory.NewFact("packages", collect)

func collect(ctx context.Context, s *inventory.System) ([]Package, error) {
	// A database that is not read may hold any package.
	for _, name := range others {
		if _, err := s.Stat(ctx, name); err == nil {
			return nil, fmt.Errorf("the package database %s is not read: %w", name, inventory.ErrUnavailable)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	all := []Package{}
	pkgs, errD := dpkg.Fact.Of(ctx, s)
	for _, p := range pkgs {
		if p.Present() {
			all = append(all, Package{Position: p.Position, Type: "deb", Name: p.Name, Version: p.Version,
				Arch: p.Arch, SourceName: p.SourceName, SourceVersion: p.SourceVersion})
		}
	}
	others, errA := apk.Fact.Of(ctx, s)
	for _, p := range others {
		all = append(all, Package{Position: p.Position, Type: "apk", Name: p.Name, Version: p.Version,
			Arch: p.Arch, SourceName: p.SourceName, SourceVersion: p.SourceVersion})
	}
	// One of the databases is enough.
	absentD, absentA := errors.Is(errD, inventory.ErrAbsent), errors.Is(errA, inventory.ErrAbsent)
	switch {
	case absentD && absentA:
		return nil, fmt.Errorf("no package database: %w", inventory.ErrUnavailable)
	case errD != nil && !absentD:
		return nil, errD
	case errA != nil && !absentA:
		return nil, errA
	}
	return all, nil
}
