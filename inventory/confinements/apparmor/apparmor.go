// Package apparmor reads the profiles of AppArmor and their modes: those in etc/apparmor.d
// (apparmor.d(5)), which its service loads when the system boots, and on a running system those of
// the kernel, from sys/kernel/security/apparmor/profiles.
package apparmor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Config is the profiles of files.
type Config struct {
	Profiles []Profile // those that are loaded at boot
	Disabled []Profile // those that a link in etc/apparmor.d/disable keeps from being loaded
}

const dir = "etc/apparmor.d"

// Fact is the profiles of files. The error is [inventory.ErrAbsent] if etc/apparmor.d is missing.
var Fact = inventory.NewFact("apparmor", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	entries, err := s.ReadDir(ctx, dir)
	if inventory.IsAbsent(err, dir) {
		return nil, fmt.Errorf("no %s: %w", dir, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	disabled, err := readNames(ctx, s, dir+"/disable")
	if err != nil {
		return nil, err
	}
	forced, err := readNames(ctx, s, dir+"/force-complain")
	if err != nil {
		return nil, err
	}
	lenient, err := complainsByDefault(ctx, s)
	if err != nil {
		return nil, err
	}
	c := &Config{}
	var limit budget.Budget // of all files together
	for _, e := range entries {
		name := dir + "/" + e.Name()
		if e.IsDir() || isSkipped(e.Name()) {
			continue
		}
		// Links to folders and dangling links are no files of profiles.
		info, err := s.Stat(ctx, name)
		if errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0 || err == nil && info.IsDir() {
			continue
		}
		if err != nil {
			return nil, err
		}
		b, err := s.ReadText(ctx, name)
		if err != nil {
			return nil, err
		}
		all, err := parse(b, &limit)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, p := range all {
			p.Source = name
			if forced[e.Name()] || lenient {
				p.Modes = append(p.Modes, "complain")
			}
			if disabled[e.Name()] {
				c.Disabled = append(c.Disabled, p)
			} else {
				c.Profiles = append(c.Profiles, p)
			}
		}
	}
	return c, nil
}

// complainsByDefault reports whether etc/apparmor/parser.conf puts all profiles into complain mode.
// Its lines are long options of apparmor_parser(8) without the dashes, in upper or lower case.
func complainsByDefault(ctx context.Context, s *inventory.System) (bool, error) {
	const name = "etc/apparmor/parser.conf"
	b, err := s.ReadText(ctx, name)
	if inventory.IsAbsent(err, name) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for line := range strings.Lines(string(b)) {
		for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == '=' || unicode.IsSpace(r) }) {
			if strings.EqualFold(strings.TrimLeft(word, "-"), "complain") {
				return true, nil
			}
			break // the first word counts
		}
	}
	return false, nil
}

// readNames returns the names in a folder. A missing folder has none.
func readNames(ctx context.Context, s *inventory.System, dir string) (map[string]bool, error) {
	entries, err := s.ReadDir(ctx, dir)
	if inventory.IsAbsent(err, dir) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, e := range entries {
		all[e.Name()] = true
	}
	return all, nil
}

// leftovers are the ends of the names of files that package managers and editors leave behind.
var leftovers = []string{".rpmnew", ".rpmsave", ".orig", ".rej", "~", ".dpkg-new", ".dpkg-old", ".dpkg-dist",
	".dpkg-bak", ".dpkg-remove", ".pacsave", ".pacnew"}

// isSkipped reports whether the service ignores a file.
func isSkipped(name string) bool {
	if strings.HasPrefix(name, ".") || name == "README" {
		return true
	}
	for _, end := range leftovers {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

const (
	enabled = "sys/module/apparmor/parameters/enabled"
	loaded  = "sys/kernel/security/apparmor/profiles"
)

// Running is the profiles of the running kernel. The error is [inventory.ErrAbsent] if the kernel
// runs without AppArmor, and [inventory.ErrNotLive] on an image.
var Running = inventory.NewFact("apparmor running", collectRunning)

func collectRunning(ctx context.Context, s *inventory.System) ([]Profile, error) {
	b, err := s.ReadText(ctx, enabled)
	if inventory.IsAbsent(err, enabled) {
		if _, err := s.Stat(ctx, "sys/kernel"); err != nil {
			return nil, fmt.Errorf("no sys: %w", inventory.ErrUnavailable)
		}
		return nil, fmt.Errorf("no %s: %w", enabled, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(string(b)) != "Y" {
		return nil, fmt.Errorf("AppArmor is off: %w", inventory.ErrAbsent)
	}
	b, err = s.ReadText(ctx, loaded)
	if inventory.IsAbsent(err, loaded) {
		return nil, fmt.Errorf("no %s: %w", loaded, inventory.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	all, err := ParseLoaded(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", loaded, err)
	}
	return all, nil
}

// ParseLoaded reads the list of the kernel, which has a line for each profile, such as
// "/usr/sbin/chronyd (enforce)". Lines of another form are ignored.
func ParseLoaded(b []byte) ([]Profile, error) {
	var all []Profile
	var limit budget.Budget
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		i := strings.LastIndex(s, " (")
		if i <= 0 || !strings.HasSuffix(s, ")") {
			continue
		}
		if err := limit.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		p := Profile{Name: s[:i], Position: inventory.Position{Source: loaded, Line: line}}
		if mode := s[i+2 : len(s)-1]; mode != "enforce" {
			p.Modes = []string{mode}
		}
		all = append(all, p)
	}
	return all, nil
}
