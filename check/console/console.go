// Package console has ready-made checks of the consoles of a system: its screen and
// keyboard, and its serial lines.
package console

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/inittab"
	"github.com/hardening-sdk/hardening/inventory/services/openrc"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// NeedsLogin asks that no console logs anybody in by itself or runs a bare shell: no getty
// has an option to do so, in the units of systemd, in etc/inittab or in the options of
// OpenRC's agetty. Units for consoles count whether they start or not, since they are
// started for the consoles that a kernel finds. What the shell of a rescue asks is judged
// by account.rescue-password.
type NeedsLogin struct{}

// Check makes the check.
func (NeedsLogin) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		var f found
		services, err := services.Fact.Of(ctx, sys)
		switch {
		case err == nil && services.Units() != nil:
			err = f.units(ctx, sys, services.Units())
		case err == nil || errors.Is(err, inventory.ErrUnavailable):
			err = errors.Join(err, f.inittab(ctx, sys), f.openrc(ctx, sys, services))
		}
		switch {
		case len(f.bad) > 0:
			return check.Failed("", f.bad...)
		case err != nil:
			return check.FromError(err)
		case len(f.good) == 0:
			return check.Absent("no console")
		}
		return check.Passed("", f.good...)
	}), nil
}

type found struct{ good, bad []check.Evidence }

func (f *found) judge(ev check.Evidence, words []string) {
	ev.Want, ev.Got = "a login that asks", "a login that asks"
	if got := open(words); got != "" {
		ev.Got = got
		f.bad = append(f.bad, ev)
		return
	}
	f.good = append(f.good, ev)
}

// gettys are the units for consoles.
var gettys = []string{"getty@*.service", "serial-getty@*.service", "console-getty.service", "container-getty@*.service", "autovt@*.service"}

func (f *found) units(ctx context.Context, s *inventory.System, us *systemd.Units) error {
	extended, err := systemd.Extended.Of(ctx, s) // instances with settings of their own
	if err != nil {
		return err
	}
	for _, name := range unitNames(us, extended) {
		u, ok := us.Unit(name)
		if !ok || u.Load != systemd.Loaded || u.Name != u.ID {
			continue
		}
		commands := started(u)
		if !onConsole(us, u, name, commands) {
			continue
		}
		if err := f.commands(name, commands); err != nil {
			return err
		}
		if err := f.credentials(ctx, s, u); err != nil {
			return err
		}
	}
	return nil
}

// unitNames returns the names of units, of links to them, and further ones, sorted.
func unitNames(us *systemd.Units, further []string) []string {
	all := slices.Clone(further)
	for _, u := range us.All {
		all = append(all, u.Name)
		for _, l := range u.Links {
			all = append(all, path.Base(l.Path))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// onConsole reports whether a unit is one for consoles, or starts at boot and takes one.
func onConsole(us *systemd.Units, u *systemd.Unit, name string, commands []command) bool {
	named := func(n string) bool {
		return slices.ContainsFunc(gettys, func(p string) bool { m, _ := path.Match(p, n); return m })
	}
	if named(name) || slices.ContainsFunc(u.Aliases, named) {
		return true
	}
	input, _ := u.Lookup("Service", "StandardInput")
	getty := func(c command) bool { return strings.Contains(path.Base(c.words[0]), "getty") }
	return (strings.HasPrefix(input.Text, "tty") || slices.ContainsFunc(commands, getty)) && us.StartsAtBoot(name)
}

// commands judges what a unit runs.
func (f *found) commands(unit string, all []command) error {
	for _, c := range all {
		if open(c.words) == "" && slices.ContainsFunc(c.words[1:], variable) {
			return fmt.Errorf("%s:%d: what a variable adds to this command is not known: %w", c.Source, c.Line, inventory.ErrUnavailable)
		}
		f.judge(check.Evidence{Position: c.Position, Subject: unit}, c.words)
	}
	return nil
}

// command is one of ExecStart=.
type command struct {
	systemd.Value
	words []string
}

// started returns the commands of a unit; what cannot be parsed systemd does not run.
func started(u *systemd.Unit) []command {
	var all []command
	for _, v := range u.Values("Service", "ExecStart") {
		commands, _ := systemd.ParseCommand(v.Text)
		for _, c := range commands {
			all = append(all, command{v, append([]string{c.Path}, c.Args...)})
		}
	}
	return all
}

// variable reports whether a word is one that may become others; TERM, which the units of
// distributions have, is what a terminal is called.
func variable(word string) bool {
	return strings.HasPrefix(word, "$") && !strings.HasPrefix(word, "$$") && word != "$TERM" && word != "${TERM}"
}

func (f *found) inittab(ctx context.Context, s *inventory.System) error {
	lines, err := inittab.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, l := range lines {
		switch strings.ToLower(l.Action) {
		case "respawn", "askfirst", "once", "wait", "ondemand", "sysinit", "boot", "bootwait":
			if w := l.Command(); open(w) != "" || strings.Contains(l.Program(), "getty") {
				f.judge(check.Evidence{Position: inventory.Position{Source: inittab.File, Line: l.Line}, Subject: l.ID + ":" + l.Action}, w)
			}
		}
	}
	return nil
}

// openrc judges the options of agetty, which has a service for each console.
func (f *found) openrc(ctx context.Context, s *inventory.System, services *services.Services) error {
	if services == nil {
		return nil
	}
	for _, v := range services.Match(func(name string) bool { return strings.HasPrefix(name, "agetty.") }) {
		if !v.Starts() {
			continue
		}
		options := inventory.Setting{Position: inventory.Position{Source: v.Source}}
		for _, name := range []string{"agetty", strings.TrimSuffix(v.Name, ".service")} {
			conf, err := openrc.Conf(ctx, s, name)
			if err != nil {
				return fmt.Errorf("%s: %w", v.Name, err)
			}
			if o, ok := conf["agetty_options"]; ok {
				options = o
			}
		}
		f.judge(check.Evidence{Position: options.Position, Subject: v.Name}, append([]string{"agetty"}, strings.Fields(options.Value)...))
	}
	return nil
}
