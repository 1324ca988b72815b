package bootloader

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// loadEnv carries out the command load_env, which reads variables from a file of grub-editenv(1).
func (g *grub) loadEnv(args []string, exec truth) error {
	name := g.dir + "/grubenv"
	if i := slices.Index(args, "-f"); i >= 0 && i+1 < len(args) {
		n, ok := g.findFile(args[i+1])
		if !ok {
			return fmt.Errorf("%s: which variables it loads cannot be told: %w", g.source, inventory.ErrUnavailable)
		}
		name = n
	}
	b, err := g.sys.ReadText(g.ctx, name)
	if inventory.IsAbsent(err, name) {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(b)) {
		k, v, ok := strings.Cut(strings.TrimRight(line, "\n"), "=")
		if ok && k != "" && k[0] != '#' {
			if err := g.limit.Items(1); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			g.set(k, strings.ReplaceAll(v, "\x00", ""), 0, exec, false)
		}
	}
	return nil
}

// findLock returns who may change command lines. If superusers has several possible values that
// differ in this, the state is Unsure.
func (g *grub) findLock() Lock {
	if len(g.super) == 0 {
		return Lock{State: Open, Position: inventory.Position{Source: g.source}, Why: "no superusers are set"}
	}
	first := g.findLockFor(g.super[0])
	for _, s := range g.super[1:] {
		if l := g.findLockFor(s); l.State != first.State {
			return Lock{Position: l.Position,
				Why: "superusers are set by a condition that only the boot loader knows"}
		}
	}
	return first
}

// findLockFor returns the lock for one value of superusers (GRUB manual, "Authentication and
// authorisation").
func (g *grub) findLockFor(s superusers) Lock {
	l := Lock{Position: inventory.Position{Source: s.source, Line: s.line}}
	if !s.set {
		l.State, l.Source, l.Why = Open, g.source, "no superusers are set"
		return l
	}
	if g.submenus && g.exported != yes {
		l.State, l.Why = Open, "superusers is not exported, so that submenus are open"
		return l
	}
	if len(s.names) == 0 {
		l.State, l.Why = Nobody, "there are no superusers"
		return l
	}
	// The weakest password of a superuser decides.
	if g.over == nil {
		g.over = g.limit.Items(len(g.passwords) * len(s.names))
	}
	if g.over != nil {
		return l
	}
	hashed := false
	for _, p := range g.passwords {
		if !slices.Contains(s.names, p.user) {
			continue
		}
		switch {
		case !p.hashed:
			return Lock{State: Plain, Position: inventory.Position{Source: p.source, Line: p.line},
				Why: "a password of a superuser stands there as such"}
		case p.exec == maybe:
			return Lock{Position: inventory.Position{Source: p.source, Line: p.line},
				Why: "a password is set by a condition that only the boot loader knows"}
		}
		hashed = true
	}
	if !hashed {
		l.State, l.Why = Nobody, "no superuser has a password"
		return l
	}
	l.State, l.Why = Password, "superusers have a hashed password"
	return l
}

// readGRUB reads one configuration of GRUB. It reports false if the configuration only hands over
// to another one.
func readGRUB(
	ctx context.Context, s *inventory.System, name string, limit *budget.Budget,
) (Loader, bool, error) {
	g := &grub{ctx: ctx, sys: s, dir: path.Dir(name), source: name, vars: map[string][]string{},
		limit: limit, scripts: map[string][]Command{}}
	if err := g.run(name); err != nil {
		return Loader{}, false, err
	}
	g.source = name
	if g.bls != no {
		entries, err := readBLS(ctx, s, "boot/loader/entries", g, limit)
		if err != nil {
			return Loader{}, false, err
		}
		g.entries = append(g.entries, entries...)
	}
	if g.stub && len(g.entries) == 0 {
		return Loader{}, false, nil
	}
	if g.stub {
		err := fmt.Errorf("%s: what the configuration that it hands over to may start cannot be told: %w",
			name, inventory.ErrUnavailable)
		return Loader{}, false, err
	}
	l := Loader{Kind: "grub", Position: inventory.Position{Source: name}, Entries: g.entries, Lock: g.findLock()}
	if g.over != nil {
		return Loader{}, false, fmt.Errorf("%s: %w", name, g.over)
	}
	// Passwords stand in the scripts, and in user.cfg on Red Hat.
	for _, p := range g.passwords {
		l.Secrets = append(l.Secrets, p.source)
	}
	user := g.dir + "/user.cfg"
	if _, err := s.Lstat(ctx, user); err == nil {
		l.Secrets = append(l.Secrets, user)
	} else if !inventory.IsAbsent(err, user) {
		return Loader{}, false, err
	}
	slices.Sort(l.Secrets)
	l.Secrets = slices.Compact(l.Secrets)
	return l, true, nil
}

// readBLS reads the entries of a folder, in the form of the Boot Loader Specification. If g is not
// nil, it has the values of variables.
func readBLS(
	ctx context.Context, s *inventory.System, dir string, g *grub, limit *budget.Budget,
) ([]Entry, error) {
	names, err := s.Glob(ctx, dir+"/*.conf")
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, name := range names {
		b, err := s.ReadText(ctx, name)
		if err != nil {
			return nil, err
		}
		e, uki, err := parseBLS(b, g, limit)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if uki {
			return nil, fmt.Errorf("%s: the command line stands in the kernel's own file: %w",
				name, inventory.ErrUnavailable)
		}
		if e.Line > 0 {
			e.Source = name
			all = append(all, e)
		}
	}
	return all, nil
}

// parseBLS reads the text of one entry. The Line of an entry without a kernel is 0. uki reports
// that the entry starts a unified kernel image, which has its command line inside.
func parseBLS(b []byte, g *grub, limit *budget.Budget) (e Entry, uki bool, err error) {
	var options []string
	if err := limit.Items(1); err != nil {
		return Entry{}, false, err
	}
	linux, line := false, 0
	for s := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		line++
		key, value, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), "\t", " "), " ")
		value = strings.TrimSpace(value)
		switch key {
		case "title":
			e.Title = value
		case "linux":
			linux = true
			if e.Line == 0 {
				e.Line = line
			}
		case "efi", "uki":
			uki = uki || strings.Contains(strings.ToLower(value), "linux")
		case "options":
			if err := limit.Items(1); err != nil {
				return Entry{}, false, fmt.Errorf("line %d: %w", line, err)
			}
			options = append(options, value)
			e.Line = line
		}
	}
	if !linux {
		return Entry{}, uki, nil
	}
	if err := e.parseOptions(options, g, limit); err != nil {
		return Entry{}, false, err
	}
	return e, false, nil
}

// escapes protects the characters that have a meaning to GRUB, except for "$".
var escapes = strings.NewReplacer("'", `\'`, ";", `\;`, "#", `\#`, "|", `\|`, "&", `\&`, `"`, `\"`)

// parseOptions sets the parameters of an entry from its lines "options".
func (e *Entry) parseOptions(options []string, g *grub, limit *budget.Budget) error {
	text := strings.Join(options, " ")
	if strings.Contains(text, "\x00") {
		return fmt.Errorf("line %d: a NUL", e.Line)
	}
	if g == nil {
		g = &grub{limit: limit}
		e.Parameters, e.Possible = g.parseParameters(text)
		return g.overAt(e.Line)
	}
	// Without options, blscfg.c of Fedora takes those of the environment.
	if len(options) == 0 {
		text = "$default_kernelopts $kernelopts"
	}
	// GRUB replaces variables in the text, so that it is read like a command of a script.
	commands, err := parse([]byte("linux x "+escapes.Replace(text)), limit)
	if errors.Is(err, inventory.ErrLimit) {
		return err
	}
	if err != nil || len(commands) != 1 {
		return fmt.Errorf("line %d: a command line that cannot be taken apart: %w", e.Line, inventory.ErrUnavailable)
	}
	e.Parameters, e.Possible = g.parseParameters(strings.Join(commands[0].Words[2:], " "))
	return g.overAt(e.Line)
}

// overAt returns the error of the budget with a line.
func (g *grub) overAt(line int) error {
	if g.over == nil {
		return nil
	}
	return fmt.Errorf("line %d: %w", line, g.over)
}
