package pam

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
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

// OptionAbsent is the kind pam.option-absent. It requires that a module has none of some arguments
// in the stacks of a group, whatever the service.
type OptionAbsent struct {
	Module string    `yaml:"module,required" doc:"the module without its ending, such as pam_unix"`
	Group  pam.Group `yaml:"group,required" enum:"auth,account,password,session" doc:"the management group"`
	Forbid []string  `yaml:"forbid,required" doc:"the arguments; what begins with one of them is meant as well, since modules take it for the same"`
}

// Check returns the check.
func (a OptionAbsent) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Forbid) == 0 || slices.Contains(a.Forbid, "") {
		return nil, errors.New("forbid at least one argument")
	}
	subject, want := fmt.Sprintf("%s of %s", a.Module, a.Group), "no "+strings.Join(a.Forbid, ", ")
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := modules(ctx, sys, a.Group, a.Module)
		if err != nil {
			return err
		}
		for _, e := range all {
			i := slices.IndexFunc(a.Forbid, func(f string) bool {
				return slices.ContainsFunc(e.Args, func(arg string) bool { return strings.HasPrefix(arg, f) })
			})
			if i >= 0 {
				v.Bad(at(e, subject, want, a.Forbid[i]))
			} else {
				v.Good(at(e, subject, want, "none of these"))
			}
		}
		v.Absent(check.Evidence{Position: inventory.Position{Source: "etc/pam.d"}, Subject: subject, Want: want, Got: "in no stack"})
		return nil
	}), nil
}

// Hashing is the kind pam.hashing. It requires that pam_unix hashes new passwords by one of some
// methods, whatever the service by which they are chosen.
type Hashing struct {
	Allow []string `default:"yescrypt,gost_yescrypt,blowfish,sha512" doc:"the methods, as pam_unix spells them"`
}

// Check returns the check.
func (a Hashing) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Allow) == 0 {
		return nil, errors.New("allow at least one method")
	}
	want := "one of " + strings.Join(a.Allow, ", ")
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := modules(ctx, sys, pam.Password, "pam_unix")
		if err != nil {
			return err
		}
		k := &known{ctx: ctx, sys: sys}
		var found []piece
		for _, e := range all {
			s := k.of(e)
			found = append(found, piece{slices.Contains(a.Allow, s["hash"].Value), setTo(e, s, "hash", want, s["hash"].Value)})
		}
		if k.err != nil {
			return k.err
		}
		tell(v, found, "pam_unix of password")
		return nil
	}), nil
}
