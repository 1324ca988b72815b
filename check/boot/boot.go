// Package boot has ready-made checks of boot loaders and of what they start.
package boot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels"
	"github.com/hardening-sdk/hardening/inventory/kernels/bootloader"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// Locked asks that nobody can change a command line at the menu of a boot loader without a
// password of which only a hash is kept, or at all. Where there are several configurations each
// has to be so. A system without a kernel has nothing to judge.
type Locked struct{}

// Check makes the check.
func (Locked) Check() (check.Check, error) {
	return check.OldOf(bootloader.Fact, func(all []bootloader.Loader) check.Result {
		var good, bad []check.Evidence
		var errs []error
		for _, l := range all {
			ev := check.Evidence{Position: l.Lock.Position, Subject: l.Kind, Want: "a hashed password, or nobody may", Got: l.Lock.Why}
			switch l.Lock.State {
			case bootloader.Password, bootloader.Nobody:
				good = append(good, ev)
			case bootloader.Unsure:
				errs = append(errs, fmt.Errorf("%s:%d: %s: %w", l.Lock.Source, l.Lock.Line, l.Lock.Why, inventory.ErrUnavailable))
			default:
				bad = append(bad, ev)
			}
		}
		switch err := errors.Join(errs...); {
		case len(bad) > 0:
			return check.Failed("", bad...)
		case err != nil:
			return check.FromError(err)
		}
		return check.Passed("", good...)
	}), nil
}

// SecretsPrivate asks that only root can read the files of boot loaders in which passwords or
// their hashes stand. Where there are none there is nothing to judge.
type SecretsPrivate struct{}

// Check makes the check.
func (SecretsPrivate) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		all, err := bootloader.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var files []string
		for _, l := range all {
			files = append(files, l.Secrets...)
		}
		if len(files) == 0 {
			return check.Absent("no boot loader has a password")
		}
		mode := file.Mode(0o700) // as file systems of FAT are mounted
		c, err := file.Permissions{Files: files, MaxMode: &mode}.Check()
		if err != nil {
			return check.FromError(err)
		}
		return c.Examine(ctx, sys)
	}), nil
}

// Parameters judges the command lines of the kernel: of each entry of a boot loader and, on a
// running system, the one that it runs with. Parameters that only the boot loader can tell count
// where they are forbidden, and not where they are wanted. Entries that grub-mkconfig(8) makes to
// repair a system need not have what is wanted.
type Parameters struct {
	// Forbid are words that must not be there: "nokaslr", or "name=pattern" with a pattern of
	// path.Match for the value that counts, which is the last.
	Forbid []string
	// Rescue are further ones, which may be in entries for repairs.
	Rescue []string
	// Want are accepted values by name; "" is a bare word.
	Want map[string][]string
}

// Check makes the check.
func (a Parameters) Check() (check.Check, error) {
	if len(a.Forbid)+len(a.Rescue)+len(a.Want) == 0 {
		return nil, errors.New("forbid, rescue or want must not be empty")
	}
	for _, p := range slices.Concat(a.Forbid, a.Rescue) {
		name, value, _ := strings.Cut(p, "=")
		if _, err := path.Match(value, ""); err != nil || name == "" {
			return nil, fmt.Errorf("%q is no parameter with a pattern", p)
		}
	}
	for name, values := range a.Want {
		if name == "" || len(values) == 0 {
			return nil, fmt.Errorf("%q needs accepted values", name)
		}
	}
	return check.OldFunc(a.examine), nil
}

func (a Parameters) examine(ctx context.Context, sys *inventory.System) check.Result {
	var entries []bootloader.Entry
	loaders, err := bootloader.Fact.Of(ctx, sys)
	for _, l := range loaders {
		entries = append(entries, l.Entries...)
		if len(l.Entries) == 0 && err == nil {
			err = fmt.Errorf("%s starts no kernel of Linux that is found: %w", l.Source, inventory.ErrUnavailable)
		}
	}
	running, errL := kernels.Running.Of(ctx, sys)
	entries = append(entries, running...)
	if errors.Is(err, inventory.ErrAbsent) && (len(running) > 0 || errL != nil) {
		err = nil // it was started from elsewhere
	}
	if errL != nil {
		err = errors.Join(err, errL)
	}
	r := check.Each(entries, a.judge)
	if r.Status != check.Fail && err != nil {
		return check.FromError(err)
	}
	return r
}

// judge returns the first breach of an entry.
func (a Parameters) judge(e bootloader.Entry) (check.Evidence, bool) {
	ev := check.Evidence{Position: e.Position, Subject: "command line of the kernel"}
	forbidden := a.Forbid
	if !e.Recovery {
		forbidden = slices.Concat(a.Forbid, a.Rescue)
	}
	var found []string
	for _, p := range forbidden {
		if has(e.Parameters, p) || hasAny(e.Possible, p) {
			found = append(found, p)
		}
	}
	if len(found) > 0 {
		ev.Want, ev.Got = "none that turns protection off", strings.Join(found, " ")
		return ev, true
	}
	if e.Recovery {
		return ev, false
	}
	for _, name := range slices.Sorted(maps.Keys(a.Want)) {
		value, ok := e.Parameters.Lookup(name)
		_, other := e.Possible.Lookup(name)
		if !ok || other || !slices.Contains(a.Want[name], value) {
			ev.Want, ev.Got = name+"="+strings.ReplaceAll(strings.Join(a.Want[name], " or ")+"$", " or $", " or no value"), "not set"
			ev.Want = strings.TrimSuffix(ev.Want, "$")
			if ok {
				ev.Got = "set to something else"
			}
			return ev, true
		}
	}
	return ev, false
}

func has(all kernel.Parameters, p string) bool {
	name, _, valued := strings.Cut(p, "=")
	value, ok := all.Lookup(name)
	if !valued {
		return hasAny(all, p)
	}
	return ok && hasAny(kernel.Parameters{{Name: strings.ReplaceAll(name, "-", "_"), Value: value}}, p)
}

// hasAny reports whether one of the parameters is p, whichever counts.
func hasAny(all kernel.Parameters, p string) bool {
	name, pattern, _ := strings.Cut(p, "=")
	name = strings.ReplaceAll(name, "-", "_")
	return slices.ContainsFunc(all, func(x kernel.Parameter) bool {
		m, err := path.Match(pattern, x.Value)
		return x.Name == name && m && err == nil
	})
}
