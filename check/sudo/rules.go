package sudo

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

// PasswordsAsked is the kind sudo.passwords-asked. It requires that no command may be run by
// others than root without their password: the last rule that matches has no tag NOPASSWD, and where it
// has no tag no Defaults line turns authenticate off. Where sudo asks PAM by another service than its own
// that is not known.
type PasswordsAsked struct {
	Allow []string `doc:"users and groups that may, as sudoers writes them, such as those of an agent: monitor, %backup"`
}

// Check returns the check.
func (a PasswordsAsked) Check() (check.Check, error) {
	t := tagged{allow: append([]string{"root", "#0"}, a.Allow...), want: "a password is asked for",
		bad: "NOPASSWD", setting: "authenticate", off: true, got: [2]string{"a password is asked for ", "none is asked for "}}
	return of(func(p policy) []finding {
		all := t.judge(p)
		for i, d := range p.Defaults {
			if (d.Name == "pam_service" || d.Name == "pam_login_service") && p.m.Reaches(i) && (d.Off || d.Value != "sudo" && d.Value != "sudo-i") {
				all = append(all, finding{err: fmt.Errorf("%s:%d: sudo asks PAM by another service: %w", d.Source, d.Line, inventory.ErrUnavailable)})
			}
		}
		return all
	}), nil
}

// NoVariables is the kind sudo.no-variables. It requires that nobody but root may set any variable of the
// environment for a command: the last rule that matches has no tag SETENV, and where it has no tag no
// Defaults line turns setenv on. That who may run everything may set any variable without the tag is not
// judged.
type NoVariables struct{}

// Check returns the check.
func (NoVariables) Check() (check.Check, error) {
	t := tagged{allow: []string{"root", "#0"}, want: "variables of the environment are checked", bad: "SETENV", setting: "setenv",
		got: [2]string{"variables are checked for ", "any variable may be set for "}}
	return of(t.judge), nil
}

// tagged judges what a tag of a rule decides, and a setting where there is none.
type tagged struct {
	allow     []string
	want, bad string // the tag that is not wanted
	setting   string
	off       bool // it is bad where it is off
	got       [2]string
}

func (t tagged) judge(p policy) []finding {
	var all []finding
	names := joiner()
	some := p.Finder("Cmnd", func(string) bool { return true })
	others := ofUsers(p.Finder("User", func(name string) bool { return !slices.Contains(t.allow, name) }))
	var untagged []int
	for i, r := range p.Rules {
		tag := t.tag(r)
		got, good := t.got[0], tag != t.bad
		switch {
		case !others(r):
			got, good = "somebody who may: ", true
		case !some(command(r)):
			got, good = "what is not allowed: ", true
		case good:
			if tag == "" {
				untagged = append(untagged, i)
			}
		case p.m.Open(i, t.allow):
			got = t.got[1]
		default:
			got, good = "a later rule decides on ", true
		}
		name, _, _ := strings.Cut(r.Command, " ")
		all = append(all, finding{good: good, Evidence: check.Evidence{Position: r.Position, Subject: names(r.Users), Want: t.want, Got: got + name}})
	}
	return append(all, t.lines(p, untagged)...)
}

// tag returns the last of two tags that contradict each other.
func (t tagged) tag(r sudoers.Rule) string {
	if t.bad == "NOPASSWD" {
		return r.Password
	}
	for _, tag := range slices.Backward(r.Tags) {
		if tag == t.bad || tag == "NO"+t.bad {
			return tag
		}
	}
	return ""
}

// lines judges the Defaults lines, which count for rules without a tag.
func (t tagged) lines(p policy, untagged []int) []finding {
	var all []finding
	names := joiner()
	for i, d := range p.Defaults {
		if d.Name != t.setting || !p.m.Reaches(i) {
			continue
		}
		ev := check.Evidence{Position: d.Position, Subject: d.Name, Want: t.want, Got: value(d)}
		if d.Scope != "" {
			ev.Subject += " (for " + names(d.For) + ")"
		}
		good := d.Off != t.off || !slices.ContainsFunc(untagged, func(r int) bool { return p.m.Meet(i, r, t.allow) && p.m.Open(r, t.allow) })
		all = append(all, finding{good: good, Evidence: ev})
		if err := misused(d); err != nil {
			all = append(all, finding{err: err})
		}
	}
	return all
}

// NotForAll is the kind sudo.not-for-all. It requires that nobody but named users and groups may
// run everything, or a shell, by which one runs everything.
type NotForAll struct{}

// Check returns the check.
func (NotForAll) Check() (check.Check, error) {
	return ofRules("named users or groups", func(p policy) judgeRule {
		everybody := ofUsers(p.Finder("User", func(name string) bool { return name == "ALL" }))
		everything := p.Finder("Cmnd", isEverything)
		return func(i int, r sudoers.Rule) (string, bool) {
			switch {
			case !everybody(r):
				return "named users or groups for ", true
			case !everything(command(r)):
				return "everybody, and not for everything, but for ", true
			case !p.m.Open(i, nil):
				return "a later rule decides on ", true
			}
			return "everybody may run ", false
		}
	}), nil
}

// shells run whatever one types, or what is named behind them.
var shells = strings.Fields("sh bash dash ash ksh mksh zsh csh tcsh fish busybox su env")

// isEverything reports whether a command is all, or one that runs any other.
func isEverything(command string) bool {
	program, args, _ := strings.Cut(command, " ")
	switch {
	case command == "ALL" || strings.HasPrefix(command, "^"):
		return true
	case args != "" && args != "*":
		return false
	case strings.HasSuffix(program, "/"):
		return strings.HasSuffix(program, "bin/")
	}
	return slices.ContainsFunc(shells, func(shell string) bool {
		ok, err := path.Match(path.Base(program), shell)
		return ok || err != nil
	})
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
	return ofRules("the allowed commands by name", func(p policy) judgeRule {
		excepting := exceptions(p.Policy)
		all := p.Finder("Cmnd", func(name string) bool { return name == "ALL" })
		return func(i int, r sudoers.Rule) (string, bool) {
			switch {
			case !r.Negated && !excepting[r.Command]:
				return "", true
			case r.Negated && !excepting[r.Command] && all([]sudoers.Member{{Name: r.Command}}):
				return "nothing: not ", true
			case !p.m.Denies(i):
				return "a later rule decides on ", true
			}
			return "all but ", false
		}
	}), nil
}

// exceptions returns the aliases for commands with something taken out, by themselves or by an alias in
// them.
func exceptions(p *sudoers.Policy) map[string]bool {
	users := map[string][]string{} // the aliases that an alias is in
	found := map[string]bool{}
	var todo []string
	for _, al := range p.Aliases {
		if al.Kind != "Cmnd" {
			continue
		}
		for _, m := range al.Members {
			users[m.Name] = append(users[m.Name], al.Name)
			if m.Negated && !found[al.Name] {
				found[al.Name] = true
				todo = append(todo, al.Name)
			}
		}
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, by := range users[name] {
			if !found[by] {
				found[by] = true
				todo = append(todo, by)
			}
		}
	}
	return found
}

// judgeRule says what a rule allows, and whether that is as wanted.
type judgeRule func(int, sudoers.Rule) (got string, good bool)

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
func ofRules(want string, newJudge func(policy) judgeRule) check.Check {
	return of(func(p policy) []finding {
		var all []finding
		judge, names := newJudge(p), joiner()
		for i, r := range p.Rules {
			got, good := judge(i, r)
			command, _, _ := strings.Cut(r.Command, " ")
			all = append(all, finding{good: good, Evidence: check.Evidence{Position: r.Position, Subject: names(r.Users), Want: want, Got: got + command}})
		}
		return all
	})
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
