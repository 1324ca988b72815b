// Package module has ready-made checks of modules of the Linux kernel.
package module

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

// Blocked asks that no kernel of the system can come to have some modules: each has a command
// install of modprobe.d(5) that runs /bin/false or /bin/true in its place, stands in
// module_blacklist= of the running kernel's command line, or is in no installed kernel; none is
// built into one; and on a running system none is loaded. A command blacklist
// alone does not count, since other modules that need the module, and requests by name,
// load it all the same.
//
// An image without a kernel has nothing to judge, unless all of the modules are blocked.
type Blocked struct {
	Names []string `yaml:"names,required"` // names of modules; "-" and "_" are the same
}

var validName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Check makes the check.
func (a Blocked) Check() (check.Check, error) {
	if len(a.Names) == 0 {
		return nil, errors.New("names must not be empty")
	}
	for _, n := range a.Names {
		if !validName.MatchString(n) {
			return nil, fmt.Errorf("%q is no name of a module", n)
		}
	}
	return check.OldFunc(a.examine), nil
}

func (a Blocked) examine(ctx context.Context, sys *inventory.System) check.Result {
	m, err := kernels.Fact.Of(ctx, sys)
	if err != nil {
		return check.FromError(err)
	}
	var good, bad []check.Evidence
	var errs []error
	free := 0 // modules that nothing blocks
	for _, n := range a.Names {
		ev, verdict, err := judge(m, n)
		switch {
		case err != nil:
			errs = append(errs, err)
		case verdict == loadable:
			bad = append(bad, ev)
		case verdict == absent:
			free++
		default:
			good = append(good, ev)
		}
	}
	if m.Unseen() {
		errs = append(errs, fmt.Errorf("the modules of the running kernel %s are not here: %w", m.Release, inventory.ErrUnavailable))
	}
	switch err := errors.Join(errs...); {
	case len(bad) > 0:
		return check.Failed("", bad...)
	case err != nil:
		return check.FromError(err)
	case free > 0 && len(m.Installed) == 0:
		return check.Absent("no kernel is installed")
	}
	return check.Passed(fmt.Sprintf("%d blocked, %d in no installed kernel", len(good), free), good...)
}

type verdict int

const (
	blocked verdict = iota
	loadable
	absent
)

// judge returns what is known of one module, with the evidence of it.
func judge(k kernels.Modules, name string) (check.Evidence, verdict, error) {
	name = modprobe.Name(name)
	ev := check.Evidence{Subject: name, Want: "blocked"}
	at := func(p inventory.Position, got string) check.Evidence {
		ev.Source, ev.Line, ev.Got = p.Source, p.Line, got
		return ev
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
	stopped, err := agreed(name, lines)
	switch {
	case slices.Contains(k.Refused, name):
		return at(inventory.Position{Source: "proc/cmdline"}, "refused by the kernel"), blocked, nil
	case err == nil && stopped:
		l := lines[len(lines)-1]
		return at(l.Position, "blocked"), blocked, nil
	case !there:
		return ev, absent, nil
	case err != nil:
		return ev, blocked, err
	case len(lines) > 0:
		l := lines[len(lines)-1]
		return at(l.Position, "a command that may load it"), loadable, nil
	}
	if l, ok := k.Config.Blacklisted(name); ok {
		return at(l.Position, "blacklisted only, which others that need it do not heed"), loadable, nil
	}
	return at(where, "can be loaded"), loadable, nil
}

// agreed reports whether the lines block a module, and an error where that depends on which
// of them this release of kmod reads.
func agreed(name string, lines []modprobe.Line) (bool, error) {
	if len(lines) == 0 {
		return false, nil
	}
	last := lines[len(lines)-1]
	certain := !last.Maybe && last.Blocks()
	for _, l := range lines {
		if l.Blocks() != certain {
			return false, fmt.Errorf("%s:%d: whether this decides about %s depends on the release of kmod: %w", l.Source, l.Line, name, inventory.ErrUnavailable)
		}
	}
	return certain, nil
}
