package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
	"github.com/hardening-sdk/hardening/inventory/logins/pamlimits"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// NoCoreDumps is the kind session.no-core-dumps. It requires that programs of people leave no
// images of their memory: pam_limits, which every session meets, sets the hard limit "core" to 0
// for everybody. A line for all ("*") has to, and lines for single users and groups must not say
// otherwise, nor may etc/profile raise the limit for root by ulimit -c. Root needs a line of its own on Debian, whose "*" leaves root out (limits.conf(5)),
// and where the distribution is not known. Services that systemd starts are not sessions.
type NoCoreDumps struct {
	Services []string `default:"login,sshd,su-l,remote,cockpit,gdm-password,lightdm,sddm,xrdp-sesman,su,cron,crond" doc:"names of the services of PAM that are judged, where they have a file of their own"`
}

// Check returns the check.
func (a NoCoreDumps) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return check.Func(a.examine), nil
}

func (a NoCoreDumps) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	stacks, err := opened(ctx, sys, a.Services)
	if err != nil {
		return err
	}
	all, names, err := a.limited(stacks)
	if err != nil {
		return err
	}
	if len(stacks) == 0 {
		v.Say("no PAM, and so no limits for sessions")
		v.Absent(check.Evidence{Position: inventory.Position{Source: "etc/pam.d"}, Subject: "services of PAM"})
		return nil
	}
	files, err := readLimits(ctx, sys, names)
	if err != nil {
		return err
	}
	raised, err := raisedByRoot(ctx, sys)
	if err != nil {
		return err
	}
	for _, l := range all {
		l.judge(v)
	}
	f := newFinder(v)
	for _, o := range raised {
		ev := check.Evidence{Position: o.Core.Position, Subject: "core for root", Want: wantCore, Got: "raised by ulimit"}
		switch {
		case !o.Core.Set || o.Core.Value == "0":
		case len(raised) > 1 || !o.Core.Value.Known():
			f.unsure(ev)
		default:
			f.bad(ev)
		}
	}
	for _, l := range files {
		l.judge(f)
	}
	return nil
}

// raisedByRoot returns what the login shell of root makes of its limits, which it may raise.
func raisedByRoot(ctx context.Context, sys *inventory.System) ([]shellrc.Outcome, error) {
	return shellrc.Outcomes.Of(ctx, sys, shellrc.Shell{Script: profile, Bash: true, Interactive: true, Root: true, Mask: none})
}

// limited returns the services that open sessions, and the names of the files that pam_limits reads
// for them.
func (a NoCoreDumps) limited(stacks map[string]pam.Stack) ([]limited, map[string]bool, error) {
	var all []limited
	files := map[string]bool{}
	for _, name := range a.Services {
		st, ok := stacks[name]
		if !ok {
			continue
		}
		entries, always, opens, err := met(st, "pam_limits")
		if err != nil {
			return nil, nil, err
		}
		if !opens {
			continue
		}
		all = append(all, limited{name, len(entries) > 0 && always})
		for _, e := range entries {
			conf, _ := e.Arg("conf")
			files[strings.TrimPrefix(conf, "/")] = true
		}
	}
	return all, files, nil
}

// limited is a service, and whether all its sessions meet pam_limits.
type limited struct {
	service string
	always  bool
}

func (l limited) judge(v *check.Verdict) {
	got := "not met on some way through the stack"
	if l.always {
		got = "met on every way through the stack"
	}
	v.Judge(l.always, check.Evidence{Position: inventory.Position{Source: "etc/pam.d/" + l.service}, Subject: "session of " + l.service,
		Want: "pam_limits in every session", Got: got})
}

// limits is a file of limits, and the domains that need a line.
type limits struct {
	name   string
	lines  []pamlimits.Line
	needed []string
}

// readLimits reads all files before one is judged, so that one that cannot be read counts.
func readLimits(ctx context.Context, sys *inventory.System, names map[string]bool) ([]limits, error) {
	var all []limits
	for _, conf := range slices.Sorted(maps.Keys(names)) {
		lines, err := pamlimits.File.Of(ctx, sys, conf)
		if err != nil {
			return nil, err
		}
		platform, err := sys.Platform(ctx)
		if err != nil {
			return nil, err
		}
		needed := []string{"*"}
		if debian, known := platform.Match("linux/debian"); debian || !known {
			needed = append(needed, "root")
		}
		all = append(all, limits{nameOf(conf), lines, needed})
	}
	return all, nil
}

const wantCore = "a hard limit of 0"

func (l limits) judge(f finder) {
	hard := pamlimits.HardLines(l.lines, "core")
	for _, domain := range l.needed {
		if _, ok := hard[domain]; !ok {
			f.bad(check.Evidence{Position: inventory.Position{Source: l.name}, Subject: "core for " + domain, Want: wantCore, Got: "no line sets it"})
		}
	}
	seen := map[string]bool{}
	for _, line := range l.lines {
		if strings.HasPrefix(line.Domain, "%") || seen[line.Domain] {
			continue
		}
		if line.Item == "" && line.Domain != "*" {
			f.bad(check.Evidence{Position: line.Position, Subject: "limits for " + line.Domain, Want: wantCore, Got: "no limits at all"})
		}
		if line.Item != "core" {
			continue
		}
		seen[line.Domain] = true
		// Where there is none it is soft, which cannot be more than hard.
		if last, ok := hard[line.Domain]; ok {
			ev := check.Evidence{Position: last.Position, Subject: "core for " + last.Domain, Want: wantCore, Got: last.Value}
			if zero(last.Value) {
				f.good(ev)
			} else {
				f.bad(ev)
			}
		}
	}
}

func nameOf(conf string) string {
	if conf == "" {
		return "etc/security/limits.conf"
	}
	return conf
}

// zero reports whether the number that a text begins with is 0.
func zero(v string) bool {
	v = strings.TrimPrefix(v, "+")
	rest := strings.TrimLeft(v, "0")
	return rest != v && (rest == "" || rest[0] < '1' || rest[0] > '9')
}

// CoreDumpsDropped is the kind session.core-dumps-dropped. It requires that systemd-coredump(8),
// where the kernel hands images of memory to it, keeps nothing of them: Storage=none and
// ProcessSizeMax=0 of coredump.conf(5).
type CoreDumpsDropped struct{}

const handler = "systemd-coredump"

// Check returns the check.
func (CoreDumpsDropped) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		c, err := systemdconf.Fact.Of(ctx, sys, "coredump.conf")
		if err != nil {
			return err
		}
		pattern, err := sysctl.Fact.Of(ctx, sys, "kernel.core_pattern")
		if err != nil {
			return err
		}
		program, _, _ := strings.Cut(pattern.Value, " ")
		ev := check.Evidence{Position: pattern.Position, Subject: "kernel.core_pattern", Want: handler, Got: handler}
		if !strings.HasPrefix(program, "|/") || !strings.HasSuffix(program, "/"+handler) {
			ev.Got = "another way"
			v.Bad(ev)
			return nil
		}
		v.Good(ev)
		for name, want := range map[string]string{"Storage": "none", "ProcessSizeMax": "0"} {
			x, ok := c.Lookup("Coredump", name)
			ev := check.Evidence{Position: x.Position, Subject: name, Want: want, Got: x.Value}
			switch {
			case !ok:
				ev.Source, ev.Got = c.Name, "not set"
			case x.Compiled():
				ev.Source, ev.Got = c.Name, fmt.Sprintf("%s, which is the program's own value", x.Value)
			}
			v.Judge(ok && x.Value == want, ev)
		}
		return nil
	}), nil
}
