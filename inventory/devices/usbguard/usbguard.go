// Package usbguard reads the configuration of usbguard-daemon(8): its settings,
// usbguard-daemon.conf(5), and its rules, usbguard-rules.conf(5).
package usbguard

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Rule is a rule.
type Rule struct {
	Target string // allow, block, reject, match or device
	// All says that the rule chooses no devices: it has no attributes or conditions, or
	// the one that every device meets.
	All    bool
	Source string
	Line   int // in Source, counted from 1
}

// Config is the configuration.
type Config struct {
	// Settings are the lines "Name=value" in their order; of several of one name it is
	// not documented which counts.
	Settings []inventory.Setting
	Rules    []Rule
}

// Of answers the lines that set a name, or its own value where none does.
func (c *Config) Of(name string) []inventory.Setting {
	var all []inventory.Setting
	for _, s := range c.Settings {
		if strings.EqualFold(s.Name, name) {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		all = []inventory.Setting{{Name: name, Value: compiled[name]}}
	}
	return all
}

// compiled are the daemon's own values, usbguard-daemon.conf(5).
var compiled = map[string]string{"ImplicitPolicyTarget": "block", "PresentDevicePolicy": "apply-policy", "InsertedDevicePolicy": "apply-policy"}

const file = "etc/usbguard/usbguard-daemon.conf"

var programs = []string{"usr/sbin/usbguard-daemon", "sbin/usbguard-daemon", "usr/bin/usbguard-daemon"}

// Fact is the configuration. It is [inventory.ErrAbsent] where the daemon is not
// installed.
var Fact = inventory.NewFact("usbguard", func(ctx context.Context, s *inventory.System) (*Config, error) {
	there := false
	for _, name := range programs {
		if _, err := s.Stat(ctx, name); err == nil {
			there = true
		} else if !inventory.IsAbsent(err, name) {
			return nil, err
		}
	}
	if !there {
		return nil, fmt.Errorf("no usbguard-daemon: %w", inventory.ErrAbsent)
	}
	if other, err := systemd.Option(ctx, s, "-c", "usbguard.service"); err != nil {
		return nil, err
	} else if other != "" && inside(other) != file {
		return nil, fmt.Errorf("usbguard.service names another configuration than %s: %w", file, inventory.ErrUnavailable)
	}
	settings, err := inventory.ParseFile(ctx, s, file, ParseSettings)
	if err != nil {
		return nil, err
	}
	c := &Config{Settings: settings}
	for i := range c.Settings {
		c.Settings[i].Source = file
	}
	for _, x := range c.Settings {
		var err error
		switch {
		case x.Value == "":
		case x.Name == "RuleFile":
			err = c.rules(ctx, s, inside(x.Value))
		case x.Name == "RuleFolder":
			err = c.folder(ctx, s, inside(x.Value))
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
})

func inside(name string) string { return strings.TrimPrefix(path.Clean(name), "/") }

func (c *Config) folder(ctx context.Context, s *inventory.System, dir string) error {
	entries, err := s.ReadDir(ctx, dir)
	if inventory.IsAbsent(err, dir) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".conf") {
			if err := c.rules(ctx, s, dir+"/"+e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Config) rules(ctx context.Context, s *inventory.System, name string) error {
	all, err := inventory.ParseFile(ctx, s, name, ParseRules)
	if inventory.IsAbsent(err, name) {
		return nil // no rules: the implicit target decides
	}
	for i := range all {
		all[i].Source = name
	}
	c.Rules = append(c.Rules, all...)
	return err
}

// ParseSettings reads the text of usbguard-daemon.conf.
func ParseSettings(b []byte) ([]inventory.Setting, error) {
	var all []inventory.Setting
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.TrimSpace(s)
		name, value, ok := strings.Cut(s, "=")
		if s == "" || s[0] == '#' || !ok {
			continue
		}
		all = append(all, inventory.Setting{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value), Line: line})
	}
	return all, nil
}

// ParseRules reads the text of a file of rules. A line that does not begin with a target is
// a mistake, for which the daemon does not start.
func ParseRules(b []byte) ([]Rule, error) {
	var rules []Rule
	var errs mistakes.List
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if i := strings.IndexByte(s, '#'); i >= 0 && strings.Count(s[:i], `"`)%2 == 0 {
			s = s[:i]
		}
		words := strings.Fields(s)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "allow", "block", "reject", "match", "device":
			rules = append(rules, Rule{Target: words[0], All: all(words[1:]), Line: line})
		default:
			errs.Addf("line %d: no target", line)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}

// every are the words of conditions and attributes that each device meets, and of sets.
var every = []string{"id", "*:*", "with-interface", "*:*:*", "if", "true", "!false", "all-of", "one-of", "equals-ordered", "equals", "match-all"}

// all reports whether what follows a target chooses no devices.
func all(words []string) bool {
	for _, w := range words {
		for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r == '{' || r == '}' }) {
			if !slices.Contains(every, part) {
				return false
			}
		}
	}
	return true
}
