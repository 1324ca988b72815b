// Package sudo has ready-made checks of what sudo(8) lets whom do, and how it keeps record of
// it. A system without sudo has nothing to judge. Where a directory service holds more
// rules, what the files hold can fail, and not pass. [Kinds] names the checks.
package sudo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

// of judges the policy, and lets it pass only where files hold all of it, and sudo reads
// them.
func of(judge func(*check.Verdict, *sudoers.Policy)) check.Check {
	return check.Of(sudoers.Fact, func(v *check.Verdict, p *sudoers.Policy) {
		judge(v, p)
		switch {
		case !p.Complete:
			v.Err(fmt.Errorf("a directory service holds more rules of sudo: %w", inventory.ErrUnavailable))
		case len(p.PassedOver) > 0:
			v.Err(fmt.Errorf("%s: sudo passes over a file that others than root own or may write to", p.PassedOver[0]))
		}
	})
}

// Setting is the kind sudo.setting. It requires that a Defaults setting of sudoers(5) has an
// accepted value for all, and in each line that sets it for some hosts, users or commands. Flags
// are on or off. Where no line sets it the value is Default, which is that of the program; without
// one it fails. A value that "+=" adds to a list is judged like the list. A line that sudo passes
// over, such as a flag with a value, is an error.
type Setting struct {
	Name string `yaml:"name,required" doc:"the name of the setting, as sudoers(5) spells it"`
	setting.Accept
	Default string `doc:"the program's own value, which counts where no line sets it; where there is none that fails"`
}

// Check returns the check.
func (a Setting) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return of(a.judge), nil
}

func (a Setting) judge(v *check.Verdict, p *sudoers.Policy) {
	names := joiner()
	if d, ok := p.Lookup(a.Name); ok {
		a.line(v, d, names)
	} else {
		ev := check.Evidence{Position: inventory.Position{Source: file}, Subject: a.Name, Want: a.Wanted(), Got: "not set"}
		if a.Default != "" {
			ev.Got = a.Default + ", which is the program's own value"
		}
		v.Judge(a.Default != "" && a.Accepts(a.Default), ev)
	}
	last := lastOf(p, a.Name)
	for i, d := range p.Defaults {
		if i != last && d.Name == a.Name && (d.Scope != "" || list(d)) {
			a.line(v, d, names)
		}
	}
}

// line judges a line that sets the value.
func (a Setting) line(v *check.Verdict, d sudoers.Default, names func([]sudoers.Member) string) {
	ev := about(d, names)
	ev.Want = a.Wanted()
	if a.Accepts(value(d)) {
		v.Good(ev)
	} else {
		v.Bad(ev)
	}
	v.Err(misused(d))
}

// file is where a line would stand that is not there.
const file = "etc/sudoers"

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
	if slices.Contains(texts, d.Name) {
		return "a text"
	}
	return d.Value
}

// texts are the settings of sudoers(5) that are words for people or options of a mail program.
var texts = []string{"authfail_message", "badpass_message", "mailerflags", "mailsub", "passprompt"}

func about(d sudoers.Default, names func([]sudoers.Member) string) check.Evidence {
	ev := check.Evidence{Position: d.Position, Subject: d.Name, Got: value(d)}
	if d.Scope != "" {
		ev.Subject += " (for " + names(d.For) + ")"
	}
	return ev
}

// joiner returns names for lists that lines in a row share, which it joins once.
func joiner() func([]sudoers.Member) string {
	var last []sudoers.Member
	text := ""
	return func(all []sudoers.Member) string {
		if len(all) == 0 || len(all) != len(last) || &all[0] != &last[0] {
			last, text = all, names(all)
		}
		return text
	}
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

// PasswordsAsked is the kind sudo.passwords-asked. It requires that no command may be run by
// others than root without their password: none has the tag NOPASSWD.
type PasswordsAsked struct {
	Allow []string `doc:"users and groups that may, as sudoers writes them, such as those of an agent: monitor, %backup"`
}

// Check returns the check.
func (a PasswordsAsked) Check() (check.Check, error) {
	allow := append([]string{"root", "#0"}, a.Allow...)
	return ofRules("a password is asked for", func(p *sudoers.Policy) judge {
		others := ofUsers(p.Finder("User", func(name string) bool { return !slices.Contains(allow, name) }))
		some := p.Finder("Cmnd", func(string) bool { return true })
		return func(r sudoers.Rule) (string, bool) {
			switch {
			case r.Password != "NOPASSWD":
				return "a password is asked for ", true
			case !others(r):
				return "somebody who may is not asked for ", true
			case !some(command(r)):
				return "what is not allowed: ", true
			}
			return "none is asked for ", false
		}
	}), nil
}

// NotForAll is the kind sudo.not-for-all. It requires that nobody but named users and groups may
// run everything.
type NotForAll struct{}

// Check returns the check.
func (NotForAll) Check() (check.Check, error) {
	return ofRules("named users or groups", func(p *sudoers.Policy) judge {
		all := func(name string) bool { return name == "ALL" }
		everybody, everything := ofUsers(p.Finder("User", all)), p.Finder("Cmnd", all)
		return func(r sudoers.Rule) (string, bool) {
			switch {
			case !everybody(r):
				return "named users or groups for ", true
			case !everything(command(r)):
				return "everybody, and not for everything, but for ", true
			}
			return "everybody may run ", false
		}
	}), nil
}

// command returns the command of a rule as a list.
func command(r sudoers.Rule) []sudoers.Member {
	return []sudoers.Member{{Name: r.Command, Negated: r.Negated}}
}

// NoExceptions is the kind sudo.no-exceptions. It requires that no command is taken out of those
// that are allowed: whoever may run the others gets around it, sudoers(5), under security notes.
type NoExceptions struct{}

// Check returns the check.
func (NoExceptions) Check() (check.Check, error) {
	return ofRules("the allowed commands by name", func(p *sudoers.Policy) judge {
		excepting := map[string]bool{}
		for _, al := range p.Aliases {
			if al.Kind == "Cmnd" && slices.ContainsFunc(al.Members, func(m sudoers.Member) bool { return m.Negated }) {
				excepting[al.Name] = true
			}
		}
		return func(r sudoers.Rule) (string, bool) {
			if r.Negated || excepting[r.Command] {
				return "all but ", false
			}
			return "", true
		}
	}), nil
}

// judge says what a rule allows, and whether that is as wanted.
type judge func(sudoers.Rule) (got string, good bool)

// ofUsers returns find for the users of rules. Rules in a row that share them have one answer.
func ofUsers(find func([]sudoers.Member) bool) func(sudoers.Rule) bool {
	var last []sudoers.Member
	found := false
	return func(r sudoers.Rule) bool {
		if len(r.Users) == 0 || len(r.Users) != len(last) || &r.Users[0] != &last[0] {
			last, found = r.Users, find(r.Users)
		}
		return found
	}
}

// ofRules judges each command. Evidence names the command without its arguments, which may hold
// anything; before it stands what was found.
func ofRules(want string, newJudge func(*sudoers.Policy) judge) check.Check {
	return of(func(v *check.Verdict, p *sudoers.Policy) {
		judge, names := newJudge(p), joiner()
		for _, r := range p.Rules {
			got, good := judge(r)
			command, _, _ := strings.Cut(r.Command, " ")
			v.Judge(good, check.Evidence{Position: r.Position, Subject: names(r.Users), Want: want, Got: got + command})
		}
		if len(p.Rules) == 0 {
			v.Absent(check.Evidence{Position: inventory.Position{Source: file}, Subject: "rules", Got: "none"})
		}
	})
}
