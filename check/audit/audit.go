// Package audit has ready-made checks of the rules of the kernel's audit system that are
// loaded when the system boots, and of the audit daemon's log.
//
// They judge files, on a running system too: which rules the kernel has at this moment can
// only be asked of the kernel. A system without auditctl has nothing to judge. [Kinds] has the
// names of the checks in baselines.
package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

// lastUser is the last one; the number after it means that nobody is logged in.
const lastUser = 1<<32 - 2

// Watch is the kind audit.watch. It requires that access to files is recorded, for programs of 64
// and of 32 bits where the machine has both. Any rule will do that records what people do who are
// logged in: a watch, or a rule on the path or a folder above. A rule that leaves such access out
// and comes first takes it back.
type Watch struct {
	Paths   []string `doc:"files that have to be watched, there or not, as names in the tree; one that ends in a slash is a folder and all that is in it"`
	IfThere []string `yaml:"if-there" doc:"files that have to be watched where they are there"`
	If      string   `doc:"a file without which there is nothing to judge"`
	Perms   string   `default:"wa" doc:"the access to record, of r, w, x and a for attributes"`
	MinUID  int64    `yaml:"min-uid" default:"1000" doc:"the first user ID of people, UID_MIN of login.defs(5)"`
}

// Check returns the check.
func (a Watch) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
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
	return loaded(a.examine), nil
}

func (a Watch) examine(ctx context.Context, sys *inventory.System, v *check.Verdict, r *auditrules.Rules) error {
	if a.If != "" {
		if there, err := exists(ctx, sys, a.If); err != nil || !there {
			v.Say("no " + a.If)
			v.Absent(missing(a.If))
			return err
		}
	}
	paths := slices.Clone(a.Paths)
	for _, p := range a.IfThere {
		there, err := exists(ctx, sys, strings.TrimSuffix(p, "/"))
		if err != nil {
			return err
		}
		if there {
			paths = append(paths, p)
		} else {
			v.Absent(missing(strings.TrimSuffix(p, "/")))
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
		events = append(events, event{"/" + p, "access recorded (" + a.Perms + ")", some, false})
	}
	judge(v, r, events)
	return nil
}

// missing is evidence of a file that is not there.
func missing(name string) check.Evidence {
	return check.Evidence{Position: inventory.Position{Source: name}, Subject: "/" + name}
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

func people(first int64) map[string]auditrules.Range {
	return map[string]auditrules.Range{"auid": {Min: first, Max: lastUser}}
}

// Calls is the kind audit.syscalls. It requires that system calls are recorded, for programs of 64
// and of 32 bits where the machine has both; a call that it does not have is passed over.
type Calls struct {
	Calls   []string         `yaml:"calls,required" doc:"names of system calls"`
	Exit    []string         `enum:"EACCES,EPERM" doc:"errors, with each of which the calls have to be recorded; without any, every call has to be"`
	Facts   map[string]int64 `doc:"what is known of the calls beside: euid 0 of those of programs with root's rights, a0 0 of a first argument"`
	Raised  bool             `doc:"whether the calls are of programs whose effective user is not the real one"`
	Ignored []string         `doc:"folders of which nothing need be recorded"`
	MinUID  int64            `yaml:"min-uid" default:"1000" doc:"the first user ID of people, UID_MIN of login.defs(5)"`
}

var errnos = map[string]int64{"EPERM": 1, "EACCES": 13}

// Check returns the check.
func (a Calls) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Calls) == 0 {
		return nil, errors.New("calls must not be empty")
	}
	for _, c := range a.Calls {
		if !auditrules.Known(c) {
			return nil, fmt.Errorf("%q is no system call that is known", c)
		}
	}
	exits := a.Exit
	if len(exits) == 0 {
		exits = []string{""}
	}
	return loaded(func(ctx context.Context, sys *inventory.System, v *check.Verdict, r *auditrules.Rules) error {
		var events []event
		for _, call := range a.Calls {
			has, known, err := inKernels(ctx, sys, call)
			if err != nil {
				return err
			}
			if known && !has {
				v.Absent(check.Evidence{Position: inventory.Position{Source: "lib/modules"}, Subject: call, Want: "recorded", Got: "no kernel here has such a call"})
				continue
			}
			for _, exit := range exits {
				var some []auditrules.Event
				for _, arch := range r.Archs() {
					if r.Has(call, arch) {
						some = append(some, a.event(call, arch, exit))
					}
				}
				events = append(events, event{strings.TrimSpace(call + " " + exit), "recorded", some, !known})
			}
		}
		judge(v, r, events)
		return nil
	}), nil
}

// inKernels reports whether a kernel of the system, the running one or an installed one, has a system
// call, and whether that is known.
func inKernels(ctx context.Context, sys *inventory.System, call string) (has, known bool, err error) {
	if has, known := auditrules.Since(call, ""); known {
		return has, true, nil
	}
	k, err := kernel.Fact.Of(ctx, sys)
	if err != nil {
		return false, false, err
	}
	releases := k.Installed
	if k.Running != "" {
		releases = []string{k.Running}
	}
	known = len(releases) > 0
	for _, r := range releases {
		one, sure := auditrules.Since(call, r)
		has, known = has || one, known && sure
	}
	return has, known || has, nil
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
	unsure        bool // it is not known whether the kernel has the call
}

// judge asks that every event is recorded. Where one is not, the line at which loading stops is
// part of the answer.
func judge(v *check.Verdict, r *auditrules.Rules, events []event) {
	all := true
	for _, e := range events {
		ev := check.Evidence{Subject: e.subject, Want: e.want}
		if len(e.all) == 0 {
			ev.Got = "the machine has no such call"
			v.Absent(ev)
			continue
		}
		recorded := e.judge(r, &ev)
		if !recorded && e.unsure {
			v.Err(fmt.Errorf("%s is not recorded, and no kernel is found that would tell whether there is such a call: %w", e.subject, inventory.ErrUnavailable))
			continue
		}
		v.Judge(recorded, ev)
		all = all && recorded
	}
	if r.Stopped != nil && !all {
		v.Bad(refusal(*r.Stopped))
	}
}

// judge reports whether all are recorded, and tells by which rule or what is not.
func (e event) judge(r *auditrules.Rules, ev *check.Evidence) bool {
	var archs []string
	for _, x := range e.all {
		rule, recorded := r.Decides(x)
		if rule != nil {
			ev.Position = rule.Position
		}
		switch {
		case recorded:
			archs = append(archs, x.Arch)
			continue
		case rule == nil:
			ev.Position, ev.Got = inventory.Position{}, "no rule does for "+x.Arch
		default:
			ev.Got = "left out by a rule"
		}
		return false
	}
	ev.Got = "recorded for " + strings.Join(slices.Compact(archs), " and ")
	return true
}

func refusal(s auditrules.Refusal) check.Evidence {
	return check.Evidence{Position: s.Position, Subject: "loading of rules", Want: "a line that auditctl takes", Got: s.Why}
}

// loaded judges rules that are loaded, and finds that none are.
func loaded(judge func(context.Context, *inventory.System, *check.Verdict, *auditrules.Rules) error) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		r, err := auditrules.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		if r.Loader == "" {
			v.Bad(check.Evidence{Subject: "loading of rules", Want: "by a unit that starts at boot", Got: "no such unit"})
			return nil
		}
		if off := r.Controls["enabled"]; off.Value == "0" {
			v.Bad(check.Evidence{Position: off.Position, Subject: "enabled (-e)", Want: "1 or 2", Got: "0"})
			return nil
		}
		return judge(ctx, sys, v, r)
	})
}

// Control is the kind audit.control. It requires that a setting of the audit system has an accepted
// value.
type Control struct {
	Name string `yaml:"name,required" enum:"enabled,failure,backlog,rate,backlog_wait_time,loginuid-immutable" doc:"the setting: enabled (-e), failure (-f), backlog (-b), rate (-r), backlog_wait_time, or loginuid-immutable, whose value is yes"`
	setting.Accept
}

// Check returns the check.
func (a Control) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return loaded(func(_ context.Context, _ *inventory.System, v *check.Verdict, r *auditrules.Rules) error {
		found, ok := r.Controls[a.Name]
		ev := check.Evidence{Position: found.Position, Subject: a.Name, Want: a.Wanted(), Got: a.Got(found.Value)}
		if !ok {
			ev.Got = "not set"
		}
		good := ok && a.Accepts(found.Value)
		v.Judge(good, ev)
		if !good && r.Stopped != nil {
			v.Bad(refusal(*r.Stopped))
		}
		return nil
	}), nil
}

// Complete is the kind audit.complete. It requires that every line of the rules is loaded: none is
// refused or passed over, and on a running system etc/audit/audit.rules is what augenrules makes
// of the files of today.
type Complete struct{}

// Check returns the check.
func (Complete) Check() (check.Check, error) {
	return loaded(func(_ context.Context, _ *inventory.System, v *check.Verdict, r *auditrules.Rules) error {
		if r.Stopped != nil {
			v.Bad(refusal(*r.Stopped))
		}
		for _, s := range r.Skipped {
			v.Bad(refusal(s))
		}
		if r.Stale {
			v.Bad(check.Evidence{Position: inventory.Position{Source: "etc/audit/audit.rules"}, Subject: "generated rules",
				Want: "those of etc/audit/rules.d", Got: "others: what was changed is not loaded"})
		}
		if r.Stopped == nil && len(r.Skipped) == 0 && !r.Stale {
			ev := check.Evidence{Subject: "loading of rules", Want: "every line", Got: fmt.Sprintf("every line, by %s (rules: %d, files: %d)", r.Loader, len(r.All), len(r.Files))}
			if len(r.Files) > 0 {
				ev.Source = r.Files[0]
			}
			v.Good(ev)
		}
		return nil
	}), nil
}
