package sudoers

import (
	"path"
	"slices"
	"strings"
	"time"
)

// Names tells who is who on a system. The zero value knows nobody.
type Names struct {
	Host string // the name of the host; empty where it is not known
	Now  time.Time
	// Users are the accounts by name, and Groups the names of their members by the name of a group and by its
	// number, such as #27.
	Users  map[string]uint32
	Groups map[string][]string
	// Closed means that there are no accounts and no groups but these.
	Closed bool
}

// Matcher tells which lines of a policy decide. Of the rules that match who asks for what the last
// one does, sudoers(5). What is not known for sure hides nothing.
type Matcher struct {
	p       *Policy
	n       Names
	steps   int
	aliases map[[2]string][]Member
	uids    map[string]string          // names by "#" and the number
	members map[string]map[string]bool // of groups
	target  string                     // as whom commands run where a rule does not say it
	short   string                     // the host's name up to a dot
}

// maxSteps is how many comparisons a matcher makes. A policy of thousands of rules takes a tenth.
const maxSteps = 1 << 20

// maxDepth is how deep aliases may stand for each other.
const maxDepth = 32

// Matcher returns a matcher of the policy for a system.
func (p *Policy) Matcher(n Names) *Matcher {
	m := &Matcher{p: p, n: n, aliases: make(map[[2]string][]Member, len(p.Aliases)), uids: make(map[string]string, len(n.Users)),
		members: make(map[string]map[string]bool, len(n.Groups)), target: "root"}
	for _, a := range p.Aliases {
		m.aliases[[2]string{a.Kind, a.Name}] = a.Members
	}
	for name, uid := range n.Users {
		id := "#" + utoa(uid)
		if old, ok := m.uids[id]; !ok || name < old {
			m.uids[id] = name
		}
	}
	if _, ok := m.uids["#0"]; !ok {
		m.uids["#0"] = "root"
	}
	for name, members := range n.Groups {
		set := make(map[string]bool, len(members))
		for _, u := range members {
			set[u] = true
		}
		m.members[name] = set
	}
	for _, d := range p.Defaults {
		if d.Name == "runas_default" {
			m.target = unnamed
		}
	}
	m.short, _, _ = strings.Cut(n.Host, ".")
	return m
}

func utoa(n uint32) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return utoa(n/10) + string(rune('0'+n%10))
}

// Exhausted reports whether the matcher has made all comparisons that it makes. From then on nothing
// is hidden.
func (m *Matcher) Exhausted() bool { return m.steps > maxSteps }

// outcomes is the set of what a list may say of somebody: that it allows or denies, or nothing.
type outcomes uint8

const (
	allows outcomes = 1 << iota
	denies
	silent

	unsure = allows | silent
)

func (o outcomes) negated() outcomes {
	return o&silent | o&allows<<1 | o&denies>>1
}

// list asks a list for what a member says: the last one that says anything decides.
func (m *Matcher) list(kind string, all []Member, depth int, says func(Member) outcomes) outcomes {
	var result outcomes
	for _, e := range slices.Backward(all) {
		m.steps++
		if depth > maxDepth || m.steps > maxSteps {
			return allows | denies | silent
		}
		var o outcomes
		if inner, ok := m.aliases[[2]string{kind, e.Name}]; ok && isAlias(e.Name) {
			o = m.list(kind, inner, depth+1, says)
		} else {
			o = says(e)
		}
		if e.Negated {
			o = o.negated()
		}
		result |= o &^ silent
		if o&silent == 0 {
			return result
		}
	}
	return result | silent
}

// user says whether a member of a list of users means who: the name of an account, or as a member
// anybody of a group or of all.
func (m *Matcher) user(who string) func(Member) outcomes {
	plain := who != "ALL" && strings.IndexByte("%+#", who[0]) < 0
	return func(e Member) outcomes {
		name := e.Name
		switch {
		case name == "ALL" || name == who || strings.HasPrefix(name, "#") && m.uids[name] == who:
			return allows
		case name == "":
			return silent
		case !plain:
			return unsure
		case name[0] == '+' || strings.HasPrefix(name, "%:"):
			return unsure
		case name[0] == '#':
			if _, known := m.n.Users[who]; known || who == "root" {
				return silent
			}
			return unsure
		case name[0] == '%':
			set, ok := m.members[name[1:]]
			if set[who] {
				return allows
			}
			if m.n.Closed && (ok || m.n.Groups != nil) {
				return silent
			}
			return unsure
		}
		return silent
	}
}

func (m *Matcher) users(kind string, all []Member, who string) outcomes {
	return m.list(kind, all, 0, m.user(who))
}

// hosts says whether a list of hosts means this one.
func (m *Matcher) hosts(all []Member) outcomes {
	return m.list("Host", all, 0, func(e Member) outcomes {
		name := strings.ToLower(e.Name)
		switch host := strings.ToLower(m.n.Host); {
		case e.Name == "ALL":
			return allows
		case host == "" || strings.ContainsAny(name, `+[\:/`) || strings.Trim(name, "0123456789.") == "":
			return unsure // a netgroup or an address among them
		case matches(name, host) || matches(name, strings.ToLower(m.short)):
			return allows
		case strings.Contains(name, ".") && !strings.Contains(host, ".") && strings.HasPrefix(name, host+"."):
			return unsure // it may be the whole name
		}
		return silent
	})
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// commands says whether a list of commands means all of what a command stands for.
func (m *Matcher) commands(all []Member, command string) outcomes {
	return m.list("Cmnd", all, 0, func(e Member) outcomes {
		o := sameCommand(e.Name, command)
		if e.Digest {
			o |= silent
		}
		return o
	})
}

// sameCommand says whether a command of a list means all that a command stands for.
func sameCommand(name, command string) outcomes {
	if name == "ALL" || name == command {
		return allows
	}
	if command == "ALL" || strings.HasPrefix(name, "^") || strings.HasPrefix(command, "^") {
		return unsure
	}
	np, na, nArgs := strings.Cut(name, " ")
	cp, ca, cArgs := strings.Cut(command, " ")
	switch program, args := sameProgram(np, cp), sameArguments(na, ca, nArgs, cArgs); {
	case program == allows && args == allows:
		return allows
	case program == silent || args == silent:
		return silent
	}
	return unsure
}

const patterns = `*?[\`

// sameProgram says it of programs. One in another folder may be the same file.
func sameProgram(name, program string) outcomes {
	switch {
	case name == program:
		return allows
	case name[0] != '/' || program[0] != '/': // sudoedit, list
		return silent
	case strings.ContainsAny(program, patterns) || strings.HasSuffix(program, "/"):
		return unsure
	case strings.HasSuffix(name, "/") && !strings.ContainsAny(name, patterns):
		if path.Dir(program)+"/" == name {
			return allows
		}
		return unsure
	case strings.ContainsAny(name, patterns):
		if matches(name, program) && !strings.Contains(name, `\`) && !odd(name) {
			return allows
		}
		return unsure
	case path.Base(name) == path.Base(program):
		return unsure
	}
	return silent
}

// odd reports whether a pattern has brackets that this package and sudo may read differently.
func odd(pattern string) bool {
	return strings.Contains(pattern, "[!") || strings.Contains(pattern, "[^") || strings.Contains(pattern, "[[") || strings.Contains(pattern, "[]")
}

// sameArguments says it of arguments. None mean any.
func sameArguments(name, args string, given, wanted bool) outcomes {
	switch {
	case !given || name == "*" || name == args && wanted:
		return allows
	case !wanted || strings.ContainsAny(name+args, patterns+"^"):
		return unsure
	}
	return silent
}

// unnamed is who commands run as where only Defaults say it, and themselves who asks.
const (
	unnamed    = "+runas_default"
	themselves = "+"
)

// runsAs says whether a rule lets commands run as who.
func (m *Matcher) runsAs(r Rule, who string) outcomes {
	switch {
	case len(r.RunAs) > 0:
		return m.users("Runas", r.RunAs, who)
	case r.Self:
		return m.user(who)(Member{Name: themselves})
	}
	return m.user(who)(Member{Name: m.target})
}

// groups says whether a rule lets commands run with a group.
func (m *Matcher) groups(r Rule, group string) outcomes {
	return m.list("Runas", r.Groups, 0, func(e Member) outcomes {
		if e.Name == "ALL" || e.Name == group {
			return allows
		}
		return unsure // it may be the same by its number
	})
}

// atoms returns the names that a list has, without "!", those in aliases included.
func (m *Matcher) atoms(kind string, all []Member, negated bool, depth int, out []string) []string {
	for _, e := range all {
		m.steps++
		if depth > maxDepth || m.steps > maxSteps {
			return out
		}
		if inner, ok := m.aliases[[2]string{kind, e.Name}]; ok && isAlias(e.Name) {
			out = m.atoms(kind, inner, negated != e.Negated, depth+1, out)
		} else if e.Negated == negated && e.Name != "" {
			out = append(out, m.named(kind, e.Name))
		}
	}
	return out
}

// named returns the name of an account for its number, where it is known.
func (m *Matcher) named(kind, name string) string {
	if known, ok := m.uids[name]; ok && (kind == "User" || kind == "Runas") {
		return known
	}
	return name
}
