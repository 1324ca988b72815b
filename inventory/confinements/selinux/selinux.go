// Package selinux tells what SELinux does: as configured by etc/selinux/config,
// selinux(8), with the policy that is there to load, and on a running system what the
// kernel enforces.
package selinux

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Config is the configuration.
type Config struct {
	Mode inventory.Setting // SELINUX: enforcing, permissive or disabled; empty where none is valid
	Type inventory.Setting // SELINUXTYPE, the name of the policy
	// Policy is a file of the policy, empty where none is there and nothing can be loaded.
	Policy string
	// Permissive are files that make a type permissive, semanage-permissive(8).
	Permissive []string
}

const file = "etc/selinux/config"

// Fact is the configuration. A system without etc/selinux/config answers
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("selinux", func(ctx context.Context, s *inventory.System) (*Config, error) {
	b, err := s.ReadFile(ctx, file)
	if inventory.IsAbsent(err, file) {
		return nil, fmt.Errorf("%s: %w", file, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	c := Parse(b)
	c.Mode.Source, c.Type.Source = file, file
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
})

// Parse reads the text of the file as libselinux does: of SELINUX the first line with a
// word that it knows, in any case and whatever follows it, of SELINUXTYPE the last one.
func Parse(b []byte) Config {
	c := Config{Mode: inventory.Setting{Name: "SELINUX"}, Type: inventory.Setting{Name: "SELINUXTYPE"}}
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if v, ok := strings.CutPrefix(s, "SELINUX="); ok && c.Mode.Value == "" {
			c.Mode.Value, c.Mode.Line = mode(v), line
		}
		if v, ok := strings.CutPrefix(strings.TrimLeft(s, " \t"), "SELINUXTYPE="); ok {
			c.Type.Value, c.Type.Line = strings.TrimSpace(v), line
		}
	}
	if c.Mode.Value == "" {
		c.Mode.Line = 0
	}
	return c
}

func mode(v string) string {
	v = strings.ToLower(strings.TrimLeft(v, " \t"))
	for _, m := range []string{"enforcing", "permissive", "disabled"} {
		if strings.HasPrefix(v, m) {
			return m
		}
	}
	return ""
}

// Live is what the running kernel does.
type Live struct {
	Enforcing bool
	Source    string
}

const enforce = "sys/fs/selinux/enforce"

// Running is what the running kernel does. Where it runs without SELinux the answer is
// [inventory.ErrAbsent], where the system does not run [inventory.ErrNotLive].
var Running = inventory.NewFact("selinux running", func(ctx context.Context, s *inventory.System) (Live, error) {
	b, err := s.ReadFile(ctx, enforce)
	if inventory.IsAbsent(err, enforce) {
		if _, err := s.Stat(ctx, "sys/kernel"); err != nil {
			return Live{}, fmt.Errorf("no sys: %w", inventory.ErrUnavailable)
		}
		return Live{}, fmt.Errorf("no %s: %w", enforce, inventory.ErrAbsent)
	}
	if err != nil {
		return Live{}, err
	}
	return Live{strings.TrimSpace(string(b)) == "1", enforce}, nil
})
