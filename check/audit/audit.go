// Package audit has ready-made checks of the rules of the kernel's audit system that are
// loaded when the system boots, and of the audit daemon's log.
//
// They judge files, on a running system too: which rules the kernel has at this moment can
// only be asked of the kernel. A system without auditctl has nothing to judge.
package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

// firstUser is the first user ID of people by default, UID_MIN of login.defs(5).
const firstUser = 1000

// lastUser is the last one; the number after it means that nobody is logged in.
const lastUser = 1<<32 - 2

// Watch asks that access to files is recorded, for programs of 64 and of 32 bits where the
// machine has both. Any rule will do that records what people do who are logged in: a
// watch, or a rule on the path or a folder above. A rule that leaves such access out and comes
// first takes it back.
type Watch struct {
	// Paths have to be watched, there or not. A path that ends in a slash is a folder and
	// all that is in it.
	Paths []string
	// IfThere have to be watched where they are there.
	IfThere []string `yaml:"if-there"`
	// If is a file without which there is nothing to judge.
	If     string
	Perms  string // of "rwxa"; "wa" by default
	MinUID int64  `yaml:"min-uid"` // the first user ID of people, 1000 by default
}

// Check makes the check.
func (a Watch) Check() (check.Check, error) {
	if a.Perms == "" {
		a.Perms = "wa"
	}
	if strings.Trim(a.Perms, "rwxa") != "" {
		return nil, fmt.Errorf("%q is more than rwxa", a.Perms)
	}
	if len(a.Paths)+len(a.IfThere) == 0 {
		return nil, errors.New("want paths or if-there")
	}
	for _, p := range slices.Concat(a.Paths, a.IfThere) {
		if !filetree.ValidName(strings.TrimSuffix(p, "/")) {
			return nil, fmt.Errorf("%q is no name in the tree", p)
		}
	}
	if a.If != "" && !filetree.ValidName(a.If) {
		return nil, fmt.Errorf("%q is no name in the tree", a.If)
	}
	return loaded(func(ctx context.Context, sys *inventory.System, r *auditrules.Rules) check.Result {
		if a.If != "" {
			if there, err := exists(ctx, sys, a.If); err != nil || !there {
				return absentOr(err, "no "+a.If)
			}
		}
		paths := slices.Clone(a.Paths)
		for _, p := range a.IfThere {
			there, err := exists(ctx, sys, strings.TrimSuffix(p, "/"))
			if err != nil {
				return check.FromError(err)
			}
			if there {
				paths = append(paths, p)
			}
		}
		var events []event
		for _, p := range paths {
			var some []auditrules.Event
			for _, arch := range r.Archs() {
				for i := range len(a.Perms) {
					some = append(some, auditrules.Event{Arch: arch, Path: p, Perm: a.Perms[i], Facts: people(a.MinUID)})
				}
			}
			events = append(events, event{"/" + p, "access recorded (" + a.Perms + ")", some})
		}
		return judge(r, events)
	}), nil
}

// exists reports whether a file is there. What only a running system has an image does not
// have.
func exists(ctx context.Context, sys *inventory.System, name string) (bool, error) {
	_, err := files.Follow(ctx, sys, name)
	if inventory.IsAbsent(err, name) || errors.Is(err, inventory.ErrNotLive) {
		return false, nil
	}
	return err == nil, err
}

func absentOr(err error, message string) check.Result {
	if err != nil {
		return check.FromError(err)
	}
	return check.Absent(message)
}

func people(first int64) map[string]auditrules.Range {
	if first == 0 {
		first = firstUser
	}
	return map[string]auditrules.Range{"auid": {Min: first, Max: lastUser}}
}

// Calls asks that system calls are recorded, for programs of 64 and of 32 bits where the
// machine has both; a call that it does not have is passed over.
type Calls struct {
	Calls []string `yaml:"calls,required"` // by name
	// Exit are errors, each of which has to be recorded: EACCES, EPERM. Without any, every
	// call has to be.
	Exit []string
	// Facts are what is known of the calls beside: {euid: 0} for those of programs with root's rights,
	// {a0: 0} for a first argument.
	Facts map[string]int64
	// Raised says that the calls are of programs whose effective user is not the real one.
	Raised bool
	// Ignored are folders of which nothing need be recorded.
	Ignored []string
	MinUID  int64 `yaml:"min-uid"` // the first user ID of people, 1000 by default
}

var errnos = map[string]int64{"": 0, "EPERM": 1, "EACCES": 13}

// Check makes the check.
func (a Calls) Check() (check.Check, error) {
	if len(a.Calls) == 0 {
		return nil, errors.New("calls must not be empty")
	}
	for _, c := range a.Calls {
		if !auditrules.Known(c) {
			return nil, fmt.Errorf("%q is no system call that is known", c)
		}
	}
	for _, e := range a.Exit {
		if errnos[e] == 0 {
			return nil, fmt.Errorf("%q is none of EACCES, EPERM", e)
		}
	}
	if len(a.Exit) == 0 {
		a.Exit = []string{""}
	}
	return loaded(func(_ context.Context, _ *inventory.System, r *auditrules.Rules) check.Result {
		var events []event
		for _, call := range a.Calls {
			for _, exit := range a.Exit {
				var some []auditrules.Event
				for _, arch := range r.Archs() {
					if r.Has(call, arch) {
						some = append(some, a.event(call, arch, exit))
					}
				}
				if len(some) > 0 {
					events = append(events, event{strings.TrimSpace(call + " " + exit), "recorded", some})
				}
			}
		}
		return judge(r, events)
	}), nil
}

func (a Calls) event(call, arch, exit string) auditrules.Event {
	e := auditrules.Event{Arch: arch, Syscall: call, Facts: people(a.MinUID), Ignored: a.Ignored}
	for name, n := range a.Facts {
		e.Facts[name] = auditrules.Range{Min: n, Max: n}
	}
	if exit != "" {
		e.Facts["exit"] = auditrules.Range{Min: -errnos[exit], Max: -errnos[exit]}
		e.Facts["success"] = auditrules.Range{}
	}
	if a.Raised {
		e.Differ = [][2]string{{"uid", "euid"}}
	}
	return e
}

// event is what evidence tells of several events that differ in detail.
type event struct {
	subject, want string
	all           []auditrules.Event
}

// judge asks that every event is recorded.
func judge(r *auditrules.Rules, events []event) check.Result {
	result := check.Each(events, func(e event) (check.Evidence, bool) {
		for _, x := range e.all {
			rule, recorded := r.Decides(x)
			if recorded {
				continue
			}
			ev := check.Evidence{Subject: e.subject, Want: e.want, Got: "no rule does for " + x.Arch}
			if rule != nil {
				ev.Source, ev.Line, ev.Got = rule.Source, rule.Line, "left out by a rule"
			}
			return ev, true
		}
		return check.Evidence{}, false
	})
	if s := r.Stopped; s != nil && result.Status == check.Fail {
		result.Evidence = append(result.Evidence, refusal(*s))
	}
	return result
}

func refusal(s auditrules.Refusal) check.Evidence {
	return check.Evidence{Position: s.Position, Subject: "loading of rules", Want: "a line that auditctl takes", Got: s.Why}
}

// loaded judges rules that are loaded, and finds that none are.
func loaded(judge func(context.Context, *inventory.System, *auditrules.Rules) check.Result) check.Check {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		r, err := auditrules.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if r.Loader == "" {
			return check.Failed("", check.Evidence{Subject: "loading of rules", Want: "by a unit that starts at boot", Got: "no such unit"})
		}
		if off := r.Controls["enabled"]; off.Value == "0" {
			return check.Failed("", check.Evidence{Position: off.Position, Subject: "enabled (-e)", Want: "1 or 2", Got: "0"})
		}
		return judge(ctx, sys, r)
	})
}

// Control asks that a setting of the audit system has an accepted value: "enabled" (-e),
// "failure" (-f), "backlog" (-b), "rate" (-r), "backlog_wait_time" or "loginuid-immutable", whose value is yes.
type Control struct {
	Name string `yaml:"name,required"`
	setting.Accept
}

var controls = []string{"enabled", "failure", "backlog", "rate", "backlog_wait_time", "loginuid-immutable"}

// Check makes the check.
func (a Control) Check() (check.Check, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if !slices.Contains(controls, a.Name) {
		return nil, fmt.Errorf("%q is none of %s", a.Name, strings.Join(controls, ", "))
	}
	return loaded(func(_ context.Context, _ *inventory.System, r *auditrules.Rules) check.Result {
		v, ok := r.Controls[a.Name]
		ev := check.Evidence{Position: v.Position, Subject: a.Name, Want: a.Wanted(), Got: a.Got(v.Value)}
		switch {
		case ok && a.Accepts(v.Value):
			return check.Passed("", ev)
		case !ok:
			ev.Got = "not set"
		}
		result := check.Failed("", ev)
		if r.Stopped != nil {
			result.Evidence = append(result.Evidence, refusal(*r.Stopped))
		}
		return result
	}), nil
}

// Complete asks that every line of the rules is loaded: none is refused or passed over, and
// on a running system etc/audit/audit.rules is what augenrules makes of the files of today.
type Complete struct{}

// Check makes the check.
func (Complete) Check() (check.Check, error) {
	return loaded(func(_ context.Context, _ *inventory.System, r *auditrules.Rules) check.Result {
		var ev []check.Evidence
		if r.Stopped != nil {
			ev = append(ev, refusal(*r.Stopped))
		}
		for _, s := range r.Skipped {
			ev = append(ev, refusal(s))
		}
		if r.Stale {
			ev = append(ev, check.Evidence{Position: inventory.Position{Source: "etc/audit/audit.rules"}, Subject: "generated rules",
				Want: "those of etc/audit/rules.d", Got: "others: what was changed is not loaded"})
		}
		if len(ev) > check.MaxEvidence {
			ev = ev[:check.MaxEvidence]
		}
		if len(ev) > 0 {
			return check.Failed("", ev...)
		}
		return check.Passed(fmt.Sprintf("%d rules", len(r.All)))
	}), nil
}
