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

// RescuePassword asks that the shells for rescue want root's password: rescue.service and
// emergency.service of systemd run sulogin(8), not told to do without it, root's password is
// not empty, and debug-shell.service does not start. Where root's password is locked sulogin
// lets nobody in, which passes. What the kernel's command line adds at boot is not looked at.
// Without systemd it is not known what starts.
type RescuePassword struct{}

// rescueUnits are the units that start a shell where the system does not come up.
var rescueUnits = []string{"rescue.service", "emergency.service"}

const debugShell = "debug-shell.service"

// Check makes the check.
func (RescuePassword) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		units, err := systemd.Fact.Of(ctx, sys)
		if errors.Is(err, inventory.ErrAbsent) {
			err = fmt.Errorf("without systemd it is not known what starts: %w", inventory.ErrUnavailable)
		}
		if err != nil {
			return check.FromError(err)
		}
		var bad, good []check.Evidence
		var errs []error
		for _, name := range rescueUnits {
			u, ok := units.Unit(name)
			if !ok || u.Load != systemd.Loaded {
				continue // it cannot be started
			}
			ev, isBad, err := rescue(u)
			errs = append(errs, err)
			if isBad {
				bad = append(bad, ev)
			} else {
				good = append(good, ev)
			}
		}
		if units.StartsAtBoot(debugShell) {
			bad = append(bad, check.Evidence{Position: inventory.Position{Source: debugShell}, Subject: debugShell, Want: "it does not start", Got: "it starts with a shell of root"})
		}
		if len(bad) == 0 && len(good) > 0 {
			ev, isBad, err := rootPassword(ctx, sys)
			errs = append(errs, err)
			if isBad {
				bad = append(bad, ev)
			}
		}
		if len(bad) > 0 {
			return check.Failed("", bad...)
		}
		if err := errors.Join(errs...); err != nil {
			return check.FromError(err)
		}
		if len(good) == 0 {
			return check.Absent("no unit for rescue can be started")
		}
		return check.Passed("", good...)
	}), nil
}

// rescue judges what a unit starts.
func rescue(u *systemd.Unit) (check.Evidence, bool, error) {
	const want = "sulogin, which asks for root's password"
	ev := check.Evidence{Position: inventory.Position{Source: u.Path}, Subject: u.Name, Want: want, Got: "no program"}
	if _, ok := u.Lookup("Service", "EnvironmentFile"); ok {
		return ev, false, fmt.Errorf("%s: its environment is in a file that is not read: %w", u.Name, inventory.ErrUnavailable)
	}
	for _, v := range u.Values("Service", "Environment") {
		for word := range strings.FieldsSeq(strings.ReplaceAll(strings.ReplaceAll(v.Text, `"`, " "), "'", " ")) {
			if value, ok := strings.CutPrefix(word, "SYSTEMD_SULOGIN_FORCE="); ok && !slices.Contains([]string{"0", "no", "n", "false", "f", "off"}, strings.ToLower(value)) {
				return check.Evidence{Position: v.Position, Subject: u.Name, Want: want, Got: "SYSTEMD_SULOGIN_FORCE: a locked root needs none"}, true, nil
			}
		}
	}
	values := u.Values("Service", "ExecStart")
	for _, v := range values {
		ev = check.Evidence{Position: v.Position, Subject: u.Name, Want: want, Got: "sulogin"}
		commands, err := systemd.ParseCommand(v.Text)
		if err != nil {
			return ev, false, fmt.Errorf("%s:%d: %w", v.Source, v.Line, err)
		}
		for _, c := range commands {
			if !asksPassword(c) {
				ev.Got = "another program"
				return ev, true, nil
			}
		}
	}
	return ev, len(values) == 0, nil
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
func rootPassword(ctx context.Context, sys *inventory.System) (check.Evidence, bool, error) {
	const want, got = "a password of root, or none that opens it", "no password is asked for"
	users, err := passwd.Fact.Of(ctx, sys)
	if err != nil {
		return check.Evidence{}, false, err
	}
	for _, u := range users {
		if u.Name != "root" {
			continue
		}
		if !u.Password.Shadowed() {
			return about(u, want, got), u.Password.Empty(), nil
		}
		all, err := shadow.Fact.Of(ctx, sys)
		for _, e := range all {
			if e.Name == "root" {
				return entry(e, want, got), e.Password.Empty(), err
			}
		}
		return check.Evidence{}, false, err
	}
	return check.Evidence{}, false, nil
}
