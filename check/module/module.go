// Package module has ready-made checks of modules of the Linux kernel. [Kinds] names them.
package module

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

// Blocked is the kind module.blocked. It requires that no kernel of the system can come to have
// some modules: each has a command install of modprobe.d(5) that runs /bin/false or /bin/true in
// its place, stands in module_blacklist= of the running kernel's command line, or is in no
// installed kernel; none is built into one; and on a running system none is loaded. A command
// blacklist alone does not count, since other modules that need the module, and requests by name,
// load it all the same.
//
// An image without a kernel has nothing to judge, unless all of the modules are blocked.
type Blocked struct {
	Names []string `yaml:"names,required" doc:"names of modules; - and _ are the same"`
}

var validName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Check returns the check.
func (a Blocked) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Names) == 0 {
		return nil, errors.New("names must not be empty")
	}
	for _, n := range a.Names {
		if !validName.MatchString(n) {
			return nil, fmt.Errorf("%q is no name of a module", n)
		}
	}
	return check.Of(kernels.Fact, a.judge), nil
}

func (a Blocked) judge(v *check.Verdict, m kernels.Modules) {
	// Without a kernel a module that nothing blocks leaves nothing to judge.
	noKernel := len(m.Installed) == 0 && slices.ContainsFunc(a.Names, func(n string) bool {
		_, is, err := judge(m, n)
		return err == nil && is == absent
	})
	for _, n := range a.Names {
		ev, is, err := judge(m, n)
		switch {
		case err != nil:
			v.Err(err, ev)
		case is == loadable:
			v.Bad(ev)
		case noKernel:
			v.Absent(ev)
		default:
			v.Good(ev)
		}
	}
	if noKernel {
		v.Say(withoutKernel)
	}
	if m.Unseen() {
		v.Err(fmt.Errorf("the modules of the running kernel %s are not here: %w", m.Release, inventory.ErrUnavailable))
	}
}

const withoutKernel = "no kernel is installed"

// state is what is known of a module.
type state int

const (
	blocked state = iota
	loadable
	absent
)

// judge returns what is known of one module, with the evidence of it.
func judge(k kernels.Modules, name string) (check.Evidence, state, error) {
	name = modprobe.Name(name)
	at := func(p inventory.Position, got string) check.Evidence {
		return check.Evidence{Position: p, Subject: name, Want: "blocked", Got: got}
	}
	if p, ok := k.Loaded[name]; ok {
		return at(p, "loaded"), loadable, nil
	}
	var where inventory.Position
	there := false
	for _, m := range k.Installed {
		if p, ok := m.BuiltIn[name]; ok {
			return at(p, "built into the kernel "+m.Release), loadable, nil
		}
		if p, ok := m.Loadable[name]; ok {
			where, there = p, true
		}
	}
	lines := k.Config.Installs(name)
	last, stopped, err := agreed(name, lines)
	switch {
	case slices.Contains(k.Refused, name):
		return at(inventory.Position{Source: "proc/cmdline"}, "refused by the kernel"), blocked, nil
	case err == nil && stopped:
		return at(last, "blocked"), blocked, nil
	case !there:
		return at(listed(k), inNone(k)), absent, nil
	case err != nil:
		return at(last, "a command that not every release of kmod heeds"), blocked, err
	case len(lines) > 0:
		return at(last, "a command that may load it"), loadable, nil
	}
	if l, ok := k.Config.Blacklisted(name); ok {
		return at(l.Position, "blacklisted only, which others that need it do not heed"), loadable, nil
	}
	return at(where, "can be loaded"), loadable, nil
}

// inNone tells of a module that is in no kernel.
func inNone(k kernels.Modules) string {
	if len(k.Installed) == 0 {
		return withoutKernel
	}
	return fmt.Sprintf("in none of %d installed kernels", len(k.Installed))
}

// listed returns a list of modules that was looked into, if there is one.
func listed(k kernels.Modules) inventory.Position {
	for _, m := range k.Installed {
		for _, list := range []map[string]inventory.Position{m.Loadable, m.BuiltIn} {
			for _, p := range list {
				return inventory.Position{Source: p.Source}
			}
		}
	}
	return inventory.Position{}
}

// agreed returns where the last of the lines is, and reports whether they block a module. The error
// is that this depends on which of them this release of kmod reads.
func agreed(name string, lines []modprobe.Line) (at inventory.Position, stopped bool, err error) {
	if len(lines) == 0 {
		return at, false, nil
	}
	last := lines[len(lines)-1]
	certain := !last.Maybe && last.Blocks()
	for _, l := range lines {
		if l.Blocks() != certain {
			return last.Position, false, fmt.Errorf("%s:%d: whether this decides about %s depends on the release of kmod: %w", l.Source, l.Line, name, inventory.ErrUnavailable)
		}
	}
	return last.Position, certain, nil
}
