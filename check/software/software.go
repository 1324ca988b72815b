// Package software has ready-made checks of installed packages: what has no place on the
// system, what removed packages left behind, and what an interrupted update left undone. [Kinds]
// has the names of the checks in baselines.
package software

import (
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/internal/glob"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// Absent is the kind software.absent. It requires that no package with one of the names is
// installed.
type Absent struct {
	Names []string `yaml:"names,required" doc:"names of packages, or patterns as of glob(7), such as telnet and rsh-*"`
}

// Check returns the check.
func (a Absent) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validPatterns(a.Names); err != nil {
		return nil, err
	}
	banned := newPatterns(a.Names)
	return check.Of(packages.Fact, func(v *check.Verdict, all []packages.Package) {
		found := map[string]bool{} // the names and patterns of what is installed
		for _, p := range all {
			bad := false
			for n := range banned.matching(p.Name) {
				found[n], bad = true, true
			}
			if bad {
				v.Bad(check.Evidence{Position: p.Position, Subject: p.Name, Want: "not installed", Got: p.Version})
			}
		}
		at, got := database(all), fmt.Sprintf("not installed (packages looked at: %d)", len(all))
		for _, n := range a.Names {
			ev := check.Evidence{Position: at, Subject: n, Want: "not installed", Got: got}
			switch {
			case len(all) == 0:
				v.Absent(ev)
			case !found[n]:
				v.Good(ev)
			}
		}
	}), nil
}

// patterns are names and patterns of path.Match, looked up by what each begins with.
type patterns struct {
	names map[string]bool
	wild  []wildcard
}

type wildcard struct{ pattern, prefix string }

func newPatterns(all []string) patterns {
	p := patterns{names: map[string]bool{}}
	for _, s := range all {
		if i := strings.IndexAny(s, `*?[\`); i >= 0 {
			p.wild = append(p.wild, wildcard{s, s[:i]})
		} else {
			p.names[s] = true
		}
	}
	return p
}

// matching yields the names and patterns that a name matches.
func (p patterns) matching(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if p.names[name] && !yield(name) {
			return
		}
		for _, w := range p.wild {
			if strings.HasPrefix(name, w.prefix) && matches(w.pattern, name) && !yield(w.pattern) {
				return
			}
		}
	}
}

func validPatterns(names []string) error {
	if len(names) == 0 {
		return errors.New("names must not be empty")
	}
	for _, n := range names {
		if _, err := path.Match(n, ""); err != nil {
			return fmt.Errorf("%q: %w", n, err)
		}
	}
	return nil
}

func matches(pattern, name string) bool { return glob.Match(pattern, name) }

// database returns the file that all packages are from, and nothing where there are several.
func database(all []packages.Package) inventory.Position {
	for _, p := range all {
		if p.Source != all[0].Source {
			return inventory.Position{}
		}
	}
	if len(all) == 0 {
		return inventory.Position{}
	}
	return inventory.Position{Source: all[0].Source}
}

// Present is the kind software.present. It requires that a package with one of the names is
// installed.
type Present struct {
	AnyOf []string `yaml:"any-of,required" doc:"names of packages, or patterns as of glob(7), one of which is there"`
}

// Check returns the check.
func (a Present) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validPatterns(a.AnyOf); err != nil {
		return nil, err
	}
	return check.Of(packages.Fact, func(v *check.Verdict, all []packages.Package) {
		there := false
		for _, p := range all {
			if slices.ContainsFunc(a.AnyOf, func(n string) bool { return matches(n, p.Name) }) {
				there = true
				v.Good(check.Evidence{Position: p.Position, Subject: p.Name, Want: "installed", Got: p.Version})
			}
		}
		if !there {
			v.Bad(check.Evidence{Position: database(all), Subject: setting.AnyOf(a.AnyOf), Want: "installed", Got: "not installed"})
		}
	}), nil
}

// NoLeftovers is the kind software.no-leftovers. It requires that dpkg(1) holds no configuration of
// removed packages, which may start services or open accounts again when a package comes back.
type NoLeftovers struct{}

// Check returns the check.
func (NoLeftovers) Check() (check.Check, error) {
	return ofDpkg("purged, or there", func(p dpkg.Package) (string, bool) {
		if p.State == "config-files" {
			return "removed, its configuration left", false
		}
		return p.State, true
	}), nil
}

// Complete is the kind software.complete. It requires that every package is fully installed and set
// up: nothing half done, and none that has to be installed again.
type Complete struct{}

// Check returns the check.
func (Complete) Check() (check.Check, error) {
	return ofDpkg("installed", func(p dpkg.Package) (string, bool) {
		got := p.State
		if p.Flag != "ok" {
			got += ", " + p.Flag
		}
		return got, p.Flag == "ok" && (!p.Present() || p.Installed())
	}), nil
}

// NoHolds is the kind software.no-holds. It requires that no installed package is on hold, which
// keeps it from being updated.
type NoHolds struct{}

// Check returns the check.
func (NoHolds) Check() (check.Check, error) {
	return ofDpkg("free to be updated", func(p dpkg.Package) (string, bool) {
		switch {
		case !p.Present():
			return "not installed", true
		case p.Want == "hold":
			return "on hold at " + p.Version, false
		}
		return "not on hold", true
	}), nil
}

// ofDpkg judges each package of dpkg.
func ofDpkg(want string, judge func(dpkg.Package) (got string, good bool)) check.Check {
	return check.Of(dpkg.Fact, func(v *check.Verdict, all []dpkg.Package) {
		for _, p := range all {
			got, good := judge(p)
			v.Judge(good, check.Evidence{Position: p.Position, Subject: p.Name, Want: want, Got: got})
		}
	})
}
