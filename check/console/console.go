// Package console has ready-made checks of the consoles of a system: its screen and
// keyboard, and its serial lines. [Kinds] names them.
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

// NeedsLogin is the kind console.needs-login: it asks that no console logs anybody in by itself or
// runs a bare shell: no getty has an option to do so, in the units of systemd, in etc/inittab or in
// the options of OpenRC's agetty. Units for consoles count whether they start or not, since they are
// started for the consoles that a kernel finds. What the shell of a rescue asks is judged by
// account.rescue-password.
type NeedsLogin struct{}

// Check makes the check.
func (NeedsLogin) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		services, err := services.Fact.Of(ctx, sys)
		switch {
		case err == nil && services.Units() != nil:
			v.Absent(check.Evidence{Subject: strings.Join(gettys, " or ")})
			err = judgeUnits(ctx, sys, v, services.Units())
		case err == nil || errors.Is(err, inventory.ErrUnavailable):
			v.Absent(check.Evidence{Position: inventory.Position{Source: inittab.File}, Subject: "consoles", Got: "none"})
			err = errors.Join(err, judgeInittab(ctx, sys, v), judgeOpenRC(ctx, sys, v, services))
		}
		if v.Result().Subjects == 0 {
			v.Say("no console")
		}
		return err
	}), nil
}

const want = "a login that asks"

// judge judges the command line of a console.
func judge(v *check.Verdict, ev check.Evidence, words []string) {
	ev.Want, ev.Got = want, open(words)
	if ev.Got != "" {
		v.Bad(ev)
		return
	}
	ev.Got = "neither a login by itself nor a bare shell"
	if program := path.Base(words[0]); program == "login" || strings.Contains(program, "getty") {
		ev.Got = want
	}
	v.Good(ev)
}

// gettys are the units for consoles.
var gettys = []string{"getty@*.service", "serial-getty@*.service", "console-getty.service", "container-getty@*.service", "autovt@*.service"}

func judgeUnits(ctx context.Context, s *inventory.System, v *check.Verdict, us *systemd.Units) error {
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
		if err := judgeCommands(v, name, commands); err != nil {
			return err
		}
		if err := judgeCredentials(ctx, s, v, u); err != nil {
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

// judgeCommands judges what a unit runs.
func judgeCommands(v *check.Verdict, unit string, all []command) error {
	for _, c := range all {
		if open(c.words) == "" && slices.ContainsFunc(c.words[1:], variable) {
			return fmt.Errorf("%s:%d: what a variable adds to this command is not known: %w", c.Source, c.Line, inventory.ErrUnavailable)
		}
		judge(v, check.Evidence{Position: c.Position, Subject: unit}, c.words)
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

func judgeInittab(ctx context.Context, s *inventory.System, v *check.Verdict) error {
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
				judge(v, check.Evidence{Position: inventory.Position{Source: inittab.File, Line: l.Line}, Subject: l.ID + ":" + l.Action}, w)
			}
		}
	}
	return nil
}

// judgeOpenRC judges the options of agetty, which has a service for each console.
func judgeOpenRC(ctx context.Context, s *inventory.System, v *check.Verdict, services *services.Services) error {
	if services == nil {
		return nil
	}
	for _, one := range services.Match(func(name string) bool { return strings.HasPrefix(name, "agetty.") }) {
		if !one.Starts() {
			continue
		}
		options := inventory.Setting{Position: inventory.Position{Source: one.Source}}
		for _, name := range []string{"agetty", strings.TrimSuffix(one.Name, ".service")} {
			conf, err := openrc.Conf(ctx, s, name)
			if err != nil {
				return fmt.Errorf("%s: %w", one.Name, err)
			}
			if o, ok := conf["agetty_options"]; ok {
				options = o
			}
		}
		judge(v, check.Evidence{Position: options.Position, Subject: one.Name}, append([]string{"agetty"}, strings.Fields(options.Value)...))
	}
	return nil
}
