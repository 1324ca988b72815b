// Package sudo has ready-made checks of what sudo(8) lets whom do, and how it keeps record of
// it. A system without sudo has nothing to judge. Where a directory service holds more
// rules, what the files hold can fail, and not pass.
package sudo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

// of judges the policy, and lets it pass only where files hold all of it, and sudo reads
// them.
func of(judge func(*sudoers.Policy) check.Result) check.Check {
	return check.OldOf(sudoers.Fact, func(p *sudoers.Policy) check.Result {
		r := judge(p)
		if r.Status != check.Pass && r.Status != check.NotApplicable {
			return r
		}
		if !p.Complete {
			return check.FromError(fmt.Errorf("a directory service holds more rules of sudo: %w", inventory.ErrUnavailable))
		}
		if len(p.PassedOver) > 0 {
			return check.FromError(fmt.Errorf("%s: sudo passes over a file that others than root own or may write to", p.PassedOver[0]))
		}
		return r
	})
}

// Setting asks that a Defaults setting of sudoers(5) has an accepted value for all, and in
// each line that sets it for some hosts, users or commands. Flags are on or off. Where no
// line sets it the value is Default, which is that of the program; without one it fails. A
// value that "+=" adds to a list is judged like the list. A line that sudo passes over, such as
// a flag with a value, is an error.
type Setting struct {
	Name string `yaml:"name,required"`
	setting.Accept
	Default string
}

// Check makes the check.
func (a Setting) Check() (check.Check, error) {
	if a.Name == "" {
		return nil, errors.New("name must not be empty")
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return of(func(p *sudoers.Policy) check.Result {
		var bad, good []check.Evidence
		var errs []error
		add := func(ev check.Evidence, value string) {
			ev.Want = a.Wanted()
			if a.Accepts(value) {
				good = append(good, ev)
			} else {
				bad = append(bad, ev)
			}
		}
		if d, ok := p.Lookup(a.Name); ok {
			errs = append(errs, misused(d))
			add(about(d), value(d))
		} else if a.Default == "" {
			bad = append(bad, check.Evidence{Position: inventory.Position{Source: "etc/sudoers"}, Subject: a.Name, Want: a.Wanted(), Got: "not set"})
		} else {
			add(check.Evidence{Position: inventory.Position{Source: "etc/sudoers"}, Subject: a.Name, Got: a.Default + ", which is the program's own value"}, a.Default)
		}
		last := lastOf(p, a.Name)
		for i, d := range p.Defaults {
			if i != last && d.Name == a.Name && (d.Scope != "" || list(d)) {
				errs = append(errs, misused(d))
				add(about(d), value(d))
			}
		}
		if len(bad) > 0 {
			return check.Failed("", bad...)
		}
		if err := errors.Join(errs...); err != nil {
			return check.FromError(err)
		}
		return check.Passed("", good...)
	}), nil
}

// lastOf returns which line Lookup tells, -1 where none sets the name for all.
func lastOf(p *sudoers.Policy, name string) int {
	for i, d := range slices.Backward(p.Defaults) {
		if d.Scope == "" && d.Name == name {
			return i
		}
	}
	return -1
}

// Settings of sudoers(5): those that take no value, and the lists, to which lines may add.
var (
	flags = strings.Fields("authenticate env_reset log_allowed log_denied requiretty setenv tty_tickets use_pty visiblepw")
	lists = strings.Fields("env_check env_delete env_keep")
)

func list(d sudoers.Default) bool { return slices.Contains(lists, d.Name) }

// misused returns why sudo passes over a line, and warns of it.
func misused(d sudoers.Default) error {
	why := ""
	switch {
	case slices.Contains(flags, d.Name) && d.Op != "":
		why = "takes no value"
	case !slices.Contains(flags, d.Name) && d.Op == "" && !d.Off && needsValue(d.Name):
		why = "needs a value"
	case d.Op != "" && d.Op != "=" && !list(d):
		why = "is no list"
	default:
		return nil
	}
	return fmt.Errorf("%s:%d: %s %s, so that sudo passes over it", d.Source, d.Line, d.Name, why)
}

// needsValue reports whether a setting is known to be nothing without a value.
func needsValue(name string) bool {
	return list(sudoers.Default{Name: name}) || slices.Contains([]string{"exempt_group", "logfile", "secure_path", "syslog_goodpri", "syslog_badpri", "timestamp_timeout", "timestamp_type"}, name)
}

func value(d sudoers.Default) string {
	switch {
	case d.Off:
		return "off"
	case d.Op == "":
		return "on"
	case d.Op == "-=": // what is taken from a list
		return ""
	}
	return d.Value
}

func about(d sudoers.Default) check.Evidence {
	ev := check.Evidence{Position: d.Position, Subject: d.Name, Got: value(d)}
	if d.Scope != "" {
		ev.Subject += " (for " + names(d.For) + ")"
	}
	return ev
}

func names(all []sudoers.Member) string {
	var out []string
	for _, m := range all {
		if m.Negated {
			m.Name = "!" + m.Name
		}
		out = append(out, m.Name)
	}
	return strings.Join(out, ",")
}

// PasswordsAsked asks that no command may be run by others than root without their
// password: none has the tag NOPASSWD.
type PasswordsAsked struct {
	Allow []string // users and groups as sudoers writes them, such as those of an agent: monitor, %backup
}

// Check makes the check.
func (a PasswordsAsked) Check() (check.Check, error) {
	allow := append([]string{"root", "#0"}, a.Allow...)
	return ofRules("a password is asked for", func(p *sudoers.Policy, r sudoers.Rule) bool {
		return r.Password == "NOPASSWD" && p.Others("User", r.Users, allow) && p.Others("Cmnd", command(r), nil)
	}, "none is asked for "), nil
}

// NotForAll asks that nobody but named users and groups may run everything.
type NotForAll struct{}

// Check makes the check.
func (NotForAll) Check() (check.Check, error) {
	return ofRules("named users or groups", func(p *sudoers.Policy, r sudoers.Rule) bool {
		return p.All("User", r.Users) && p.All("Cmnd", command(r))
	}, "everybody may run "), nil
}

// command returns the command of a rule as a list.
func command(r sudoers.Rule) []sudoers.Member {
	return []sudoers.Member{{Name: r.Command, Negated: r.Negated}}
}

// NoExceptions asks that no command is taken out of those that are allowed: whoever may
// run the others gets around it, sudoers(5), under security notes.
type NoExceptions struct{}

// Check makes the check.
func (NoExceptions) Check() (check.Check, error) {
	return of(func(p *sudoers.Policy) check.Result {
		excepting := map[string]bool{}
		for _, al := range p.Aliases {
			if al.Kind == "Cmnd" && slices.ContainsFunc(al.Members, func(m sudoers.Member) bool { return m.Negated }) {
				excepting[al.Name] = true
			}
		}
		return eachRule(p, "the allowed commands by name", func(r sudoers.Rule) bool { return r.Negated || excepting[r.Command] }, "all but ")
	}), nil
}

func ofRules(want string, bad func(*sudoers.Policy, sudoers.Rule) bool, got string) check.Check {
	return of(func(p *sudoers.Policy) check.Result {
		return eachRule(p, want, func(r sudoers.Rule) bool { return bad(p, r) }, got)
	})
}

// eachRule judges each command. Evidence names the command without its arguments, which may
// hold anything.
func eachRule(p *sudoers.Policy, want string, bad func(sudoers.Rule) bool, got string) check.Result {
	return check.Each(p.Rules, func(r sudoers.Rule) (check.Evidence, bool) {
		command, _, _ := strings.Cut(r.Command, " ")
		return check.Evidence{Position: r.Position, Subject: names(r.Users), Want: want, Got: got + command}, bad(r)
	})
}
