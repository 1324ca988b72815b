package sudoers

import (
	"slices"
	"strings"
	"time"
)

// Open reports whether a rule of the policy allows anything to anybody but those of except: somebody
// may match it on this host, now or later, and no later rule is sure to match the same.
func (m *Matcher) Open(rule int, except []string) bool { return m.decides(rule, except, false) }

// Denies reports whether a rule of the policy takes out anything that no later rule decides on.
func (m *Matcher) Denies(rule int) bool { return m.decides(rule, nil, true) }

func (m *Matcher) decides(rule int, except []string, denied bool) bool {
	r := m.p.Rules[rule]
	if m.hosts(r.Hosts)&allows == 0 || m.isOver(r) {
		return false
	}
	users := m.left(m.atoms("User", r.Users, false, 0, nil), except, func(who string) outcomes { return m.users("User", r.Users, who) })
	own := []Member{{Name: r.Command, Negated: r.Negated}}
	commands := m.left(m.atoms("Cmnd", own, denied, 0, nil), nil, func(c string) outcomes {
		if denied {
			return m.commands(own, c).negated()
		}
		return m.commands(own, c)
	})
	targets := []string{m.target}
	switch {
	case len(r.RunAs) > 0:
		targets = m.left(m.atoms("Runas", r.RunAs, false, 0, nil), nil, func(who string) outcomes { return m.runsAs(r, who) })
	case r.Self:
		targets = []string{themselves}
	}
	groups := m.atoms("Runas", r.Groups, false, 0, nil)
	for _, who := range users {
		later := m.later(rule, who)
		for _, command := range commands {
			for _, target := range targets {
				if !m.covered(later, command, target, groups) && !m.membersCovered(rule, who, except, command, target, groups) {
					return true
				}
			}
		}
	}
	return m.Exhausted()
}

// left returns those names of a list that the list itself does not take out again.
func (m *Matcher) left(names, except []string, says func(string) outcomes) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		return slices.Contains(except, name) || says(name)&allows == 0
	})
}

// isOver reports whether a rule has ended. Of a time without a zone it must be sure in any.
func (m *Matcher) isOver(r Rule) bool {
	end := ""
	for _, tag := range r.Tags {
		if value, ok := strings.CutPrefix(tag, "NOTAFTER="); ok {
			end = value
		}
	}
	t, zoned, ok := Time(end)
	if !zoned {
		t = t.Add(15 * time.Hour)
	}
	return ok && !m.n.Now.IsZero() && t.Before(m.n.Now)
}

// later returns the rules behind one that are sure to be for somebody on this host at any time. The
// last comes first.
func (m *Matcher) later(rule int, who string) []Rule {
	if slices.ContainsFunc(m.p.Rules[rule].Tags, func(tag string) bool { return strings.HasPrefix(tag, "CHROOT=") }) {
		return nil // its commands are others
	}
	var all []Rule
	for _, r := range slices.Backward(m.p.Rules[rule+1:]) {
		m.steps++
		if m.steps > maxSteps {
			return nil
		}
		if !slices.ContainsFunc(r.Tags, isOption) && m.users("User", r.Users, who) == allows && m.hosts(r.Hosts) == allows {
			all = append(all, r)
		}
	}
	return all
}

func isOption(tag string) bool { return strings.Contains(tag, "=") }

// covered reports whether one of the rules is sure to match a command.
func (m *Matcher) covered(rules []Rule, command, target string, groups []string) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		m.steps++
		return m.commands([]Member{{r.Command, r.Negated, r.Digest}}, command)&silent == 0 && m.runsAs(r, target) == allows &&
			!slices.ContainsFunc(groups, func(g string) bool { return m.groups(r, g) != allows })
	})
}

// membersCovered reports whether who is a group all of whose members later rules are for.
func (m *Matcher) membersCovered(rule int, who string, except []string, command, target string, groups []string) bool {
	name, ok := strings.CutPrefix(who, "%")
	if !ok || !m.n.Closed || len(m.n.Groups[name]) == 0 {
		return false
	}
	return !slices.ContainsFunc(m.n.Groups[name], func(member string) bool {
		return !slices.Contains(except, member) && !m.covered(m.later(rule, member), command, target, groups)
	})
}

// scopes are the kinds of the lists of Defaults lines.
var scopes = map[string]string{":": "User", ">": "Runas", "@": "Host", "!": "Cmnd"}

// says asks the list of a Defaults line for an element of the list of another one, whose scope is given.
func (m *Matcher) says(d Default, scope, element string) outcomes {
	if d.Scope == "" {
		return allows
	}
	if d.Scope != scope {
		element = "ALL"
	}
	switch d.Scope {
	case "@":
		return m.hosts(d.For)
	case "!":
		return m.commands(d.For, element)
	}
	return m.users(scopes[d.Scope], d.For, element)
}

// Reaches reports whether a Defaults line is in effect for anybody on this host: no other one of its
// name is sure to take its place. Lines count in the order of the files, whatever they are for, but
// those for commands count after all others.
func (m *Matcher) Reaches(line int) bool {
	d := m.p.Defaults[line]
	if d.Scope == "@" && m.hosts(d.For)&allows == 0 {
		return false
	}
	elements := m.elements(d)
	for i, by := range m.p.Defaults {
		m.steps++
		command, mine := by.Scope == "!", d.Scope == "!"
		if by.Name != d.Name || command != mine && !command || command == mine && i <= line {
			continue
		}
		if !slices.ContainsFunc(elements, func(e string) bool { return m.says(by, d.Scope, e) != allows }) {
			return m.Exhausted()
		}
	}
	return true
}

// elements returns whom or what a Defaults line is for.
func (m *Matcher) elements(d Default) []string {
	if d.Scope == "" || d.Scope == "@" {
		return []string{"ALL"}
	}
	return m.left(m.atoms(scopes[d.Scope], d.For, false, 0, nil), nil, func(e string) outcomes { return m.says(d, d.Scope, e) })
}

// Unset reports whether the value of the program itself counts for anybody on this host.
func (m *Matcher) Unset(name string) bool {
	return !slices.ContainsFunc(m.p.Defaults, func(d Default) bool {
		m.steps++
		return d.Name == name && m.says(d, "", "ALL") == allows
	})
}

// Everywhere reports whether a Defaults line is sure to be for all on this host.
func (m *Matcher) Everywhere(line int) bool {
	return m.says(m.p.Defaults[line], "", "ALL") == allows
}

// Meet reports whether a Defaults line is in effect for anything that a rule allows others than those
// of except.
func (m *Matcher) Meet(line, rule int, except []string) bool {
	d, r := m.p.Defaults[line], m.p.Rules[rule]
	if r.Negated || len(m.left(m.atoms("User", r.Users, false, 0, nil), except, func(string) outcomes { return allows })) == 0 {
		return false
	}
	return d.Scope == "" || d.Scope == "@" || slices.ContainsFunc(m.elements(d), func(e string) bool {
		switch d.Scope {
		case ":":
			return !slices.Contains(except, e) && m.users("User", r.Users, e)&allows != 0
		case ">":
			return m.runsAs(r, e)&allows != 0
		}
		return m.commands([]Member{{r.Command, r.Negated, r.Digest}}, e)&allows != 0
	})
}
