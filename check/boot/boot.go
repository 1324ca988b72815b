// Package boot provides ready-made checks of boot loaders and kernel command lines. [Kinds] lists
// the names of the checks in baselines.
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

// Locked is the kind boot.locked. It requires that the menu of the boot loader does not let anybody
// edit a command line, or only with a password that is stored as a hash. If there are several
// configurations, this applies to each. Without a kernel the check is NotApplicable.
type Locked struct{}

// Check returns the check. The error is always nil.
func (Locked) Check() (check.Check, error) {
	return check.Of(bootloader.Fact, func(v *check.Verdict, all []bootloader.Loader) {
		for _, l := range all {
			ev := check.Evidence{Position: l.Lock.Position, Subject: l.Kind, Want: "a hashed password, or nobody may", Got: l.Lock.Why}
			switch l.Lock.State {
			case bootloader.Password, bootloader.Nobody:
				v.Good(ev)
			case bootloader.Unsure:
				v.Err(fmt.Errorf("%s:%d: %s: %w", l.Lock.Source, l.Lock.Line, l.Lock.Why, inventory.ErrUnavailable), ev)
			default:
				v.Bad(ev)
			}
		}
	}), nil
}

// SecretsPrivate is the kind boot.secrets-private. It requires that only root can read those files
// of boot loaders that contain passwords or password hashes. Without such files the check is
// NotApplicable.
type SecretsPrivate struct{}

// Check returns the check. The error is always nil.
func (SecretsPrivate) Check() (check.Check, error) { return secrets{}, nil }

// secrets is the check of SecretsPrivate. Which files it judges depends on the boot loaders.
type secrets struct{}

func (secrets) Examine(ctx context.Context, sys *inventory.System) check.Result {
	v := new(check.Verdict)
	all, err := bootloader.Fact.Of(ctx, sys)
	var files []string
	for _, l := range all {
		files = append(files, l.Secrets...)
		v.Absent(check.Evidence{Position: inventory.Position{Source: l.Source}, Subject: "passwords", Got: "none"})
	}
	switch {
	case err != nil:
		v.Err(err)
	case len(files) == 0:
		v.Say("no boot loader has a password")
	default:
		mode := file.Mode(0o700) // files on a mounted FAT file system are executable
		c, err := file.Permissions{Files: files, MaxMode: &mode}.Check()
		if err == nil {
			return c.Examine(ctx, sys)
		}
		v.Err(err)
	}
	return v.Result()
}

// Parameters is the kind boot.parameters. It judges the kernel command line of each boot loader
// entry and, on a running system, the current one. A parameter that depends on a condition or
// variable of the boot loader counts as set if it is forbidden, and as not set if it is wanted.
// Recovery entries of grub-mkconfig(8) need not have the wanted parameters.
type Parameters struct {
	Forbid []string            `doc:"words that must not be there: nokaslr, or name=pattern with a pattern of path.Match for the value that counts, which is the last"`
	Rescue []string            `doc:"further words that must not be there, but may in entries for repairs"`
	Want   map[string][]string `doc:"accepted values by the name of a parameter; an empty one is a bare word"`
}

// Check returns the check. It returns an error if the arguments are invalid.
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
	return check.Func(a.examine), nil
}

func (a Parameters) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
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
		err = nil // it was booted from elsewhere
	}
	for _, e := range entries {
		a.judge(v, e)
	}
	return errors.Join(err, errL)
}

const harmless = "none that turns protection off"

// judge judges an entry. The evidence names the forbidden parameters, else the first wanted one
// that is missing or wrong.
func (a Parameters) judge(v *check.Verdict, e bootloader.Entry) {
	ev := check.Evidence{Position: e.Position, Subject: "command line of the kernel", Want: harmless}
	forbidden, wanted := a.Forbid, []string(nil)
	if !e.Recovery {
		forbidden, wanted = slices.Concat(a.Forbid, a.Rescue), slices.Sorted(maps.Keys(a.Want))
	}
	var found []string
	for _, p := range forbidden {
		if has(e.Parameters, p) || hasAny(e.Possible, p) {
			found = append(found, p)
		}
	}
	if len(found) > 0 {
		ev.Got = strings.Join(found, " ")
		v.Bad(ev)
		return
	}
	want, got := []string{harmless}, []string{fmt.Sprintf("none of %d that do", len(forbidden))}
	for _, name := range wanted {
		value, ok := e.Parameters.Lookup(name)
		_, other := e.Possible.Lookup(name)
		accepted := formatWanted(name, a.Want[name])
		if !ok || other || !slices.Contains(a.Want[name], value) {
			if ev.Want, ev.Got = accepted, "not set"; ok {
				ev.Got = "set to something else"
			}
			v.Bad(ev)
			return
		}
		want, got = append(want, accepted), append(got, formatWanted(name, []string{value}))
	}
	switch {
	case len(forbidden) == 0 && len(wanted) == 0:
		want, got = nil, []string{"an entry for repairs, of which nothing is asked"}
	case len(forbidden) == 0:
		want, got = want[1:], got[1:]
	}
	ev.Want, ev.Got = strings.Join(want, ", "), strings.Join(got, ", ")
	v.Good(ev)
}

// formatWanted returns a parameter with its accepted values as text.
func formatWanted(name string, values []string) string {
	text := name + "=" + strings.ReplaceAll(strings.Join(values, " or ")+"$", " or $", " or no value")
	return strings.TrimSuffix(text, "$")
}

// has reports whether the value in effect matches p, "name=pattern". For a p without a value it
// reports whether the bare word p is among the parameters.
func has(all kernel.Parameters, p string) bool {
	name, _, valued := strings.Cut(p, "=")
	value, ok := all.Lookup(name)
	if !valued {
		return hasAny(all, p)
	}
	return ok && hasAny(kernel.Parameters{{Name: strings.ReplaceAll(name, "-", "_"), Value: value}}, p)
}

// hasAny reports whether any of the parameters matches p, even one that is overridden.
func hasAny(all kernel.Parameters, p string) bool {
	name, pattern, _ := strings.Cut(p, "=")
	name = strings.ReplaceAll(name, "-", "_")
	return slices.ContainsFunc(all, func(x kernel.Parameter) bool {
		m, err := path.Match(pattern, x.Value)
		return x.Name == name && m && err == nil
	})
}
