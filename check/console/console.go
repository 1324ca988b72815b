// Package console provides ready-made checks of the consoles of a system: its screen and keyboard,
// and its serial lines. [Kinds] lists the names of the checks in baselines.
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

// NeedsLogin is the kind console.needs-login. It requires that no console logs in a user
// automatically or runs a shell without a login. It judges the units of systemd, etc/inittab and
// the options of OpenRC's agetty. Units for consoles count even if they are not enabled, because
// systemd starts them for the consoles that the kernel finds. The kind account.rescue-password
// judges the rescue shell.
type NeedsLogin struct{}

// Check returns the check. The error is always nil.
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
	ev.Want, ev.Got = want, bypass(words)
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

// gettys are patterns of the units for consoles.
var gettys = []string{"getty@*.service", "serial-getty@*.service", "console-getty.service", "container-getty@*.service", "autovt@*.service"}

// judgeUnits judges the units of systemd for consoles.
func judgeUnits(ctx context.Context, s *inventory.System, v *check.Verdict, us *systemd.Units) error {
	extended, err := systemd.Extended.Of(ctx, s) // instances with their own settings
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

// unitNames returns the names of all units and of links to them, and the further names, sorted.
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

// onConsole reports whether a unit is meant for consoles, or starts at boot and uses one.
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

// judgeCommands judges the commands of a unit.
func judgeCommands(v *check.Verdict, unit string, all []command) error {
	for _, c := range all {
		if bypass(c.words) == "" && slices.ContainsFunc(c.words[1:], isVariable) {
			return fmt.Errorf("%s:%d: what a variable adds to this command is not known: %w", c.Source, c.Line, inventory.ErrUnavailable)
		}
		judge(v, check.Evidence{Position: c.Position, Subject: unit}, c.words)
	}
	return nil
}

// command is one command of ExecStart=.
type command struct {
	systemd.Value
	words []string
}

// started returns the commands that a unit starts. It skips commands that cannot be parsed, because
// systemd does not run them.
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

// isVariable reports whether word is a variable that may expand to options. The variable TERM,
// which the units of distributions use, only contains the name of a terminal.
func isVariable(word string) bool {
	return strings.HasPrefix(word, "$") && !strings.HasPrefix(word, "$$") && word != "$TERM" && word != "${TERM}"
}

// judgeInittab judges the consoles of etc/inittab.
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
			if w := l.Command(); bypass(w) != "" || strings.Contains(l.Program(), "getty") {
				judge(v, check.Evidence{Position: inventory.Position{Source: inittab.File, Line: l.Line}, Subject: l.ID + ":" + l.Action}, w)
			}
		}
	}
	return nil
}

// judgeOpenRC judges the options of OpenRC's agetty services, one for each console.
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
