// Package usbguard reads the configuration of usbguard-daemon(8): its settings from
// etc/usbguard/usbguard-daemon.conf (usbguard-daemon.conf(5)), and the rules in the files that the
// settings name (usbguard-rules.conf(5)).
package usbguard

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Rule is a rule about devices.
type Rule struct {
	inventory.Position

	Target string // allow, block, reject, match or device
	// All says that the rule matches every device: it has no attributes and conditions, or only
	// such that every device meets.
	All bool
}

// Config is the configuration of the daemon.
type Config struct {
	// Settings are the lines "Name=value" in their order. If several have the same name, it is not
	// documented which one counts.
	Settings []inventory.Setting
	Rules    []Rule
}

// Values returns the settings of a name in upper or lower case. If there are none, it returns one
// with the built-in value of the daemon and without a source.
func (c *Config) Values(name string) []inventory.Setting {
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

// compiled are the built-in values of the daemon, usbguard-daemon.conf(5).
var compiled = map[string]string{
	"ImplicitPolicyTarget": "block",
	"PresentDevicePolicy":  "apply-policy",
	"InsertedDevicePolicy": "apply-policy",
}

const file = "etc/usbguard/usbguard-daemon.conf"

var programs = []string{"usr/sbin/usbguard-daemon", "sbin/usbguard-daemon", "usr/bin/usbguard-daemon"}

// Fact is the configuration of the daemon. The error is [inventory.ErrAbsent] if the daemon is not
// installed, and [inventory.ErrUnavailable] if its unit names another file.
var Fact = inventory.NewFact("usbguard", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
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
	} else if other != "" && inTree(other) != file {
		return nil, fmt.Errorf("usbguard.service names another configuration than %s: %w",
			file, inventory.ErrUnavailable)
	}
	settings, err := inventory.ParseFile(ctx, s, file, ParseSettings)
	if err != nil {
		return nil, err
	}
	c := &Config{Settings: settings}
	r := reader{ctx: ctx, s: s, c: c, rules: map[string][]Rule{}}
	for i := range c.Settings {
		c.Settings[i].Source = file
	}
	for _, x := range c.Settings {
		var err error
		switch {
		case x.Value == "":
		case x.Name == "RuleFile":
			err = r.readRules(inTree(x.Value))
		case x.Name == "RuleFolder":
			err = r.readFolder(inTree(x.Value))
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// inTree returns a path as a name in the tree.
func inTree(name string) string { return strings.TrimPrefix(path.Clean(name), "/") }

// errMissing is the error for a file or folder of rules that is named and missing: the daemon does not
// start then, and the kernel lets every device in.
var errMissing = errors.New("is named and missing, without which usbguard-daemon does not start")

// readFolder adds the rules in the files *.conf of a folder.
func (r *reader) readFolder(dir string) error {
	if err := r.limit.Include(); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	entries, err := r.s.ReadDir(r.ctx, dir)
	if inventory.IsAbsent(err, dir) {
		return fmt.Errorf("%s %w", dir, errMissing)
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".conf") {
			if err := r.readRules(dir + "/" + e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRules adds the rules of a file.
func (r *reader) readRules(name string) error {
	if err := r.limit.Include(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	all, again := r.rules[name]
	if again {
		if err := r.limit.Items(len(all)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r.c.Rules = append(r.c.Rules, all...)
		return nil
	}
	all, err := inventory.ParseFile(r.ctx, r.s, name, func(b []byte) ([]Rule, error) { return parseRules(b, &r.limit) })
	if inventory.IsAbsent(err, name) {
		return fmt.Errorf("%s %w", name, errMissing)
	}
	for i := range all {
		all[i].Source = name
	}
	if err == nil {
		r.rules[name] = all
		r.c.Rules = append(r.c.Rules, all...)
	}
	return err
}

// reader reads the files of rules that settings name, each once.
type reader struct {
	ctx   context.Context
	s     *inventory.System
	c     *Config
	limit budget.Budget
	rules map[string][]Rule
}

// ParseSettings reads the text of usbguard-daemon.conf. The Source of the settings is left empty.
// Lines that set nothing that the daemon knows, with which it does not start, are errors, reported
// together; then no settings are returned.
func ParseSettings(b []byte) ([]inventory.Setting, error) {
	var errs mistakes.List
	var limit budget.Budget
	var all []inventory.Setting
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if s = strings.Trim(s, " \t"); s == "" || s[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(s, "=")
		name = strings.Trim(name, " \t")
		value = strings.Trim(value, " \t")
		if !ok || !slices.Contains(settings, name) || !isValue(name, value) {
			errs.Addf("line %d: no setting that the daemon knows, or a special character", line)
			continue
		}
		if err := limit.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		all = append(all, inventory.Setting{Name: name, Value: value,
			Position: inventory.Position{Line: line}})
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// ParseRules reads the text of a file of rules. The Source of the rules is left empty. Lines that
// are no rules, with which the daemon does not start, are errors, reported together;
// then no rules are returned.
func ParseRules(b []byte) ([]Rule, error) { return parseRules(b, new(budget.Budget)) }

// parseRules is ParseRules within a budget.
func parseRules(b []byte, limit *budget.Budget) ([]Rule, error) {
	var rules []Rule
	var errs mistakes.List
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if i := strings.IndexByte(s, '#'); i == 0 || i > 0 && strings.Count(s[:i], `"`)%2 == 0 && (s[i-1] == ' ' || s[i-1] == '\t') {
			s = s[:i]
		}
		if s = strings.Trim(s, " \t"); s == "" {
			continue
		}
		target, rest := s, ""
		if i := strings.IndexAny(s, " \t"); i >= 0 {
			target, rest = s[:i], s[i:]
		}
		if !isRule(rest) {
			errs.Addf("line %d: what stands behind the target is no rule", line)
			continue
		}
		switch target {
		case "allow", "block", "reject", "match", "device":
			if err := limit.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			rules = append(rules, Rule{Target: target, All: matchesAll(rest),
				Position: inventory.Position{Line: line}})
		default:
			errs.Addf("line %d: no target", line)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}

// every are the words of attributes and conditions that every device meets, and the operators of
// sets.
var every = []string{"id", "*:*", "with-interface", "*:*:*", "if", "true", "!false", "all-of", "one-of",
	"equals-ordered", "equals", "match-all"}

// matchesAll reports whether the words behind a target match every device.
func matchesAll(text string) bool {
	isEnd := func(r rune) bool { return r == '{' || r == '}' || r == ' ' || r == '\t' }
	for part := range strings.FieldsFuncSeq(text, isEnd) {
		if !slices.Contains(every, part) {
			return false
		}
	}
	return true
}
