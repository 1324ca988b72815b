package pam

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// leftovers are endings of files that editors and package managers leave beside services.
var leftovers = []string{"~", ".bak", ".orig", ".old", ".dpkg-old", ".dpkg-dist", ".dpkg-new", ".dpkg-bak", ".rpmsave", ".rpmnew", ".rpmorig", ".apk-new"}

// modules returns each line of a module in a group once, of all services that have a file.
func modules(ctx context.Context, sys *inventory.System, g pam.Group, module string) ([]pam.Entry, error) {
	names, err := pam.Services.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 { // etc/pam.conf, or no PAM
		names = append([]string{"other"}, loginServices...)
	}
	all := map[string]pam.Entry{}
	for _, name := range names {
		if strings.HasPrefix(name, ".") || slices.ContainsFunc(leftovers, func(end string) bool { return strings.HasSuffix(name, end) }) {
			continue
		}
		c, err := pam.Service.Of(ctx, sys, strings.ToLower(name))
		if err != nil {
			return nil, err
		}
		for _, e := range c.Stacks[g] {
			if e.Name() == module {
				all[fmt.Sprintf("%s:%09d", e.Source, e.Line.Line)] = e
			}
		}
	}
	var entries []pam.Entry
	for _, place := range sortedKeys(all) {
		entries = append(entries, all[place])
	}
	return entries, nil
}

// OptionAbsent asks that a module has none of some arguments in the stacks of a group,
// whatever the service.
type OptionAbsent struct {
	Module string    `yaml:"module,required"` // such as pam_unix
	Group  pam.Group `yaml:"group,required"`
	// Forbid is the arguments. One that begins with one of them is meant as well, since
	// modules take it for the same.
	Forbid []string `yaml:"forbid,required"`
}

// Check makes the check.
func (a OptionAbsent) Check() (check.Check, error) {
	switch {
	case len(a.Forbid) == 0 || slices.Contains(a.Forbid, ""):
		return nil, errors.New("forbid at least one argument")
	case !slices.Contains([]pam.Group{pam.Auth, pam.Account, pam.Password, pam.Session}, a.Group):
		return nil, fmt.Errorf("%q is none of auth, account, password, session", a.Group)
	}
	want := "no " + strings.Join(a.Forbid, ", ")
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := modules(ctx, sys, a.Group, a.Module)
		if err != nil {
			return check.FromError(err)
		}
		return check.Each(all, func(e pam.Entry) (check.Evidence, bool) {
			for _, f := range a.Forbid {
				if slices.ContainsFunc(e.Args, func(arg string) bool { return strings.HasPrefix(arg, f) }) {
					return at(e, fmt.Sprintf("%s of %s", a.Module, a.Group), want, f), true
				}
			}
			return check.Evidence{}, false
		})
	}), nil
}

// Hashing asks that pam_unix hashes new passwords by one of some methods, whatever the
// service by which they are chosen.
type Hashing struct {
	Allow []string // as pam_unix spells them; default yescrypt, gost_yescrypt, blowfish, sha512
}

// Check makes the check.
func (a Hashing) Check() (check.Check, error) {
	if a.Allow == nil {
		a.Allow = []string{"yescrypt", "gost_yescrypt", "blowfish", "sha512"}
	}
	if len(a.Allow) == 0 {
		return nil, errors.New("allow at least one method")
	}
	want := "one of " + strings.Join(a.Allow, ", ")
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := modules(ctx, sys, pam.Password, "pam_unix")
		if err != nil {
			return check.FromError(err)
		}
		k := &known{ctx: ctx, sys: sys}
		var found []finding
		for _, e := range all {
			s := k.of(e)
			ev := setTo(e, s, "hash", want, s["hash"].Value)
			if slices.Contains(a.Allow, s["hash"].Value) {
				found = append(found, finding{good: []check.Evidence{ev}})
			} else {
				found = append(found, finding{bad: []check.Evidence{ev}})
			}
		}
		if k.err != nil {
			return check.FromError(k.err)
		}
		return result(found)
	}), nil
}
