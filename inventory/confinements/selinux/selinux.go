// Package selinux reads the configuration of SELinux from etc/selinux/config (selinux(8)), finds
// the policy below etc/selinux, and on a running system reads from sys/fs/selinux/enforce whether
// the kernel enforces it.
package selinux

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Config is the configuration of SELinux.
type Config struct {
	Mode inventory.Setting // SELINUX: enforcing, permissive or disabled; empty if no line is valid
	Type inventory.Setting // SELINUXTYPE, the name of the policy
	// Policy is the file of the policy. It is empty if there is none, so that nothing can be
	// loaded.
	Policy string
	// Permissive are the files of modules that make a type permissive, semanage-permissive(8).
	Permissive []string
}

const file = "etc/selinux/config"

// Fact is the configuration of SELinux. The error is [inventory.ErrAbsent] if etc/selinux/config is
// missing.
var Fact = inventory.NewFact("selinux", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	b, err := s.ReadText(ctx, file)
	if inventory.IsAbsent(err, file) {
		return nil, fmt.Errorf("%s: %w", file, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	if err := check(b); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	c := Parse(b)
	c.Mode.Source = file
	if c.Type.Line > 0 {
		c.Type.Source = file
	}
	if !filetree.ValidName(c.Type.Value) {
		return &c, nil
	}
	found, err := s.Glob(ctx, "etc/selinux/"+c.Type.Value+"/policy/policy.*")
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		c.Policy = found[len(found)-1]
	}
	for _, dir := range []string{"var/lib/selinux/", "etc/selinux/"} {
		found, err := s.Glob(ctx, dir+c.Type.Value+"/active/modules/*/permissive_*")
		if err != nil {
			return nil, err
		}
		c.Permissive = append(c.Permissive, found...)
	}
	return &c, nil
}

// maxLine is less than the buffer of libselinux for a line.
const maxLine = 2_000

// check returns an error for what libselinux may read otherwise than Parse: special characters in lines
// that are no comments, long lines, and a type that is no name.
func check(b []byte) error {
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.TrimSuffix(s, "\r")
		comment := strings.HasPrefix(s, "#")
		switch {
		case len(s) > maxLine:
			return fmt.Errorf("%d: longer than %d bytes", line, maxLine)
		case !comment && strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f }):
			return fmt.Errorf("%d: a special character", line)
		}
		if v, ok := strings.CutPrefix(strings.TrimLeft(s, " \t"), "SELINUXTYPE="); ok && !name.MatchString(v) {
			return fmt.Errorf("%d: the name of no policy", line)
		}
	}
	return nil
}

// name is the name of a policy, with blanks behind it.
var name = regexp.MustCompile(`^[A-Za-z0-9_.-]+[ \t]*$`)

// Parse reads the text of etc/selinux/config like libselinux, and sets Mode and Type without their
// sources. The first line SELINUX that begins with a known word counts, in upper or lower case. The
// last line SELINUXTYPE counts, and without one the type is that of libselinux, targeted, without a
// line.
func Parse(b []byte) Config {
	c := Config{Mode: inventory.Setting{Name: "SELINUX"}, Type: inventory.Setting{Name: "SELINUXTYPE"}}
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if v, ok := strings.CutPrefix(s, "SELINUX="); ok && c.Mode.Value == "" {
			c.Mode.Value, c.Mode.Line = parseMode(v), line
		}
		if v, ok := strings.CutPrefix(strings.TrimLeft(s, " \t"), "SELINUXTYPE="); ok {
			c.Type.Value, c.Type.Line = strings.TrimSpace(v), line
		}
	}
	if c.Mode.Value == "" {
		c.Mode.Line = 0
	}
	if c.Type.Value == "" {
		c.Type.Value = "targeted" // what libselinux is built with
	}
	return c
}

// parseMode returns the mode that a value begins with, or "".
func parseMode(v string) string {
	v = strings.ToLower(strings.TrimLeft(v, " \t"))
	for _, m := range []string{"enforcing", "permissive", "disabled"} {
		if strings.HasPrefix(v, m) {
			return m
		}
	}
	return ""
}

// Live is the state of SELinux in the running kernel: it enforces its policy or only logs breaches.
type Live struct {
	inventory.Position

	Enforcing bool
}

const enforce = "sys/fs/selinux/enforce"

// Running is the state of SELinux in the running kernel. The error is [inventory.ErrAbsent] if the
// kernel runs without SELinux, and [inventory.ErrNotLive] on an image.
var Running = inventory.NewFact("selinux running", collectRunning)

func collectRunning(ctx context.Context, s *inventory.System) (Live, error) {
	b, err := s.ReadText(ctx, enforce)
	if inventory.IsAbsent(err, enforce) {
		if _, err := s.Stat(ctx, "sys/kernel"); err != nil {
			return Live{}, fmt.Errorf("no sys: %w", inventory.ErrUnavailable)
		}
		return Live{}, fmt.Errorf("no %s: %w", enforce, inventory.ErrAbsent)
	}
	if err != nil {
		return Live{}, err
	}
	return Live{inventory.Position{Source: enforce}, strings.TrimSpace(string(b)) == "1"}, nil
}
