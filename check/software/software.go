// Package software has ready-made checks of installed packages: what has no place on the
// system, what removed packages left behind, and what an interrupted update left undone.
package software

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// Absent asks that no package with one of the names is installed.
type Absent struct {
	Names []string `yaml:"names,required"` // patterns of path.Match: telnet, rsh-*
}

// Check makes the check.
func (a Absent) Check() (check.Check, error) {
	if len(a.Names) == 0 {
		return nil, errors.New("names must not be empty")
	}
	for _, n := range a.Names {
		if _, err := path.Match(n, ""); err != nil {
			return nil, fmt.Errorf("%q: %w", n, err)
		}
	}
	return check.OldOf(packages.Fact, func(all []packages.Package) check.Result {
		return check.Each(all, func(p packages.Package) (check.Evidence, bool) {
			unwanted := slices.ContainsFunc(a.Names, func(n string) bool { m, _ := path.Match(n, p.Name); return m })
			return check.Evidence{Position: p.Position, Subject: p.Name, Want: "not installed", Got: p.Version}, unwanted
		})
	}), nil
}

// Present asks that a package with one of the names is installed.
type Present struct {
	AnyOf []string `yaml:"any-of,required"` // patterns of path.Match
}

// Check makes the check.
func (a Present) Check() (check.Check, error) {
	absent, err := Absent{Names: a.AnyOf}.Check()
	if err != nil {
		return nil, err
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		switch r := absent.Examine(ctx, sys); r.Status {
		case check.Fail:
			for i := range r.Evidence {
				r.Evidence[i].Want = "installed"
			}
			return check.Passed("", r.Evidence...)
		case check.Pass, check.NotApplicable:
			return check.Failed("", check.Evidence{Subject: check.AnyOf(a.AnyOf), Want: "installed", Got: "not installed"})
		default:
			return r
		}
	}), nil
}

// NoLeftovers asks that dpkg(1) holds no configuration of removed packages, which may
// start services or open accounts again when a package comes back.
type NoLeftovers struct{}

// Check makes the check.
func (NoLeftovers) Check() (check.Check, error) {
	return ofDpkg("purged", func(p dpkg.Package) (string, bool) {
		return "removed, its configuration left", p.State == "config-files"
	}), nil
}

// Complete asks that every package is fully installed and set up: nothing half done, and
// none that has to be installed again.
type Complete struct{}

// Check makes the check.
func (Complete) Check() (check.Check, error) {
	return ofDpkg("installed", func(p dpkg.Package) (string, bool) {
		got := p.State
		if p.Flag != "ok" {
			got += ", " + p.Flag
		}
		return got, p.Flag != "ok" || p.Present() && !p.Installed()
	}), nil
}

// NoHolds asks that no installed package is on hold, which keeps it from being updated.
type NoHolds struct{}

// Check makes the check.
func (NoHolds) Check() (check.Check, error) {
	return ofDpkg("free to be updated", func(p dpkg.Package) (string, bool) {
		return "on hold at " + p.Version, p.Want == "hold" && p.Present()
	}), nil
}

// ofDpkg judges each package of dpkg.
func ofDpkg(want string, bad func(dpkg.Package) (string, bool)) check.Check {
	return check.OldOf(dpkg.Fact, func(all []dpkg.Package) check.Result {
		return check.Each(all, func(p dpkg.Package) (check.Evidence, bool) {
			got, breach := bad(p)
			return check.Evidence{Position: p.Position, Subject: p.Name, Want: want, Got: got}, breach
		})
	})
}
