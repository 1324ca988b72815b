package account

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// RescuePassword is the kind account.rescue-password. It requires that the shells for rescue want
// root's password: rescue.service and emergency.service of systemd run sulogin(8), not told to do
// without it, root's password is not empty, and debug-shell.service does not start. Where root's
// password is locked sulogin lets nobody in, which passes. What the kernel's command line adds at
// boot is not looked at. Without systemd it is not known what starts.
type RescuePassword struct{}

// rescueUnits are the units that start a shell where the system does not come up.
var rescueUnits = []string{"rescue.service", "emergency.service"}

const debugShell = "debug-shell.service"

// Check returns the check.
func (RescuePassword) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		units, err := systemd.Fact.Of(ctx, sys)
		if errors.Is(err, inventory.ErrAbsent) {
			err = fmt.Errorf("without systemd it is not known what starts: %w", inventory.ErrUnavailable)
		}
		if err != nil {
			return err
		}
		can, fine := rescueShells(v, units)
		debug := aboutUnit(units, debugShell, "it does not start")
		switch {
		case units.StartsAtBoot(debugShell):
			debug.Got = "it starts with a shell of root"
			v.Bad(debug)
		case !can:
			v.Say("no unit for rescue can be started")
		case fine:
			if u, ok := units.Unit(debugShell); ok && u.Load == systemd.Loaded {
				debug.Got = "it does not start"
			}
			v.Good(debug)
			return rootPassword(ctx, sys, v)
		}
		return nil
	}), nil
}

// rescueShells judges the units for rescue. It reports whether one of them can be started, and
// whether none that can is as it must not be.
func rescueShells(v *check.Verdict, units *systemd.Units) (can, fine bool) {
	fine = true
	for _, name := range rescueUnits {
		u, ok := units.Unit(name)
		if !ok || u.Load != systemd.Loaded {
			v.Absent(aboutUnit(units, name, ""))
			continue
		}
		ev, good, err := rescue(u)
		if err != nil {
			v.Err(err, ev)
		} else {
			v.Judge(good, ev)
		}
		can, fine = true, fine && (good || err != nil)
	}
	return can, fine
}

// aboutUnit is evidence of a unit that cannot be started, or is not looked into.
func aboutUnit(units *systemd.Units, name, want string) check.Evidence {
	ev := check.Evidence{Subject: name, Want: want, Got: "not there"}
	if u, ok := units.Unit(name); ok && u.Path != "" {
		ev.Source, ev.Got = u.Path, string(u.Load)
	}
	return ev
}

// rescue judges what a unit starts.
func rescue(u *systemd.Unit) (ev check.Evidence, good bool, err error) {
	const want = "sulogin, which asks for root's password"
	ev = check.Evidence{Position: inventory.Position{Source: u.Path}, Subject: u.Name, Want: want, Got: "no program"}
	if _, ok := u.Lookup("Service", "EnvironmentFile"); ok {
		ev.Got = "an environment in a file that is not read"
		return ev, false, fmt.Errorf("%s: its environment is in a file that is not read: %w", u.Name, inventory.ErrUnavailable)
	}
	for _, v := range u.Values("Service", "Environment") {
		for word := range strings.FieldsSeq(strings.ReplaceAll(strings.ReplaceAll(v.Text, `"`, " "), "'", " ")) {
			if value, ok := strings.CutPrefix(word, "SYSTEMD_SULOGIN_FORCE="); ok && !slices.Contains([]string{"0", "no", "n", "false", "f", "off"}, strings.ToLower(value)) {
				return check.Evidence{Position: v.Position, Subject: u.Name, Want: want, Got: "SYSTEMD_SULOGIN_FORCE: a locked root needs none"}, false, nil
			}
		}
	}
	values := u.Values("Service", "ExecStart")
	for _, v := range values {
		ev = check.Evidence{Position: v.Position, Subject: u.Name, Want: want, Got: "sulogin"}
		commands, err := systemd.ParseCommand(v.Text)
		if err != nil {
			ev.Got = "a command that cannot be read"
			return ev, false, fmt.Errorf("%s:%d: %w", v.Source, v.Line, err)
		}
		for _, c := range commands {
			if !asksPassword(c) {
				ev.Got = "another program"
				return ev, false, nil
			}
		}
	}
	return ev, len(values) > 0, nil
}

// asksPassword reports whether a command is sulogin, or the program of systemd that starts it.
func asksPassword(c systemd.Command) bool {
	args := c.Args
	program := path.Base(c.Path)
	if program == "sh" && len(args) == 2 && args[0] == "-c" { // as systemd did before 232
		script, _, _ := strings.Cut(args[1], ";")
		fields := strings.Fields(script)
		if len(fields) == 0 {
			return false
		}
		program, args = path.Base(fields[0]), fields[1:]
		if strings.ContainsAny(script, "&|$`") {
			return false
		}
	}
	switch program {
	case "systemd-sulogin-shell":
		return true
	case "sulogin":
		return !slices.ContainsFunc(args, func(a string) bool {
			return a == "--force" || strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.Contains(a, "e")
		})
	}
	return false
}

// rootPassword judges whether root has an empty password.
func rootPassword(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	const want, empty = "a password of root, or none that opens it", "no password is asked for"
	users, err := passwd.Fact.Of(ctx, sys)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(users, func(u passwd.User) bool { return u.Name == "root" })
	if i < 0 {
		return nil
	}
	root := users[i]
	if !root.Password.Shadowed() {
		if root.Password.Empty() {
			v.Bad(about(root, want, empty))
		} else {
			v.Good(about(root, want, told(root.Password)))
		}
		return nil
	}
	all, err := shadow.Fact.Of(ctx, sys)
	if err != nil {
		return err
	}
	j := slices.IndexFunc(all, func(e shadow.Entry) bool { return e.Name == "root" })
	switch {
	case j < 0:
		v.Good(about(root, want, "no entry in "+shadowFile))
	case all[j].Password.Empty():
		v.Bad(entry(all[j], want, empty))
	default:
		v.Good(entry(all[j], want, told(all[j].Password)))
	}
	return nil
}
