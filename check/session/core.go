package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
	"github.com/hardening-sdk/hardening/inventory/logins/pamlimits"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// NoCoreDumps asks that programs of people leave no images of their memory: pam_limits, which
// every session meets, sets the hard limit "core" to 0 for everybody. A line for all ("*") has
// to, and lines for single users and groups must not say otherwise. Root needs a line of its
// own on Debian, whose "*" leaves root out (limits.conf(5)), and where the distribution is not
// known. Services that systemd starts are not sessions.
type NoCoreDumps struct {
	Services []string // default those that log people in, su and cron
}

// Check makes the check.
func (a NoCoreDumps) Check() (check.Check, error) {
	if a.Services == nil {
		a.Services = append(slices.Clone(logins), "su", "cron", "crond")
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		stacks, err := opened(ctx, sys, a.Services)
		if err != nil {
			return check.FromError(err)
		}
		var v verdict
		files := map[string]pam.Entry{} // read by pam_limits, and by which entry
		for _, name := range a.Services {
			st, ok := stacks[name]
			if !ok {
				continue
			}
			entries, always, opens, err := met(st, "pam_limits")
			if err != nil {
				return check.FromError(err)
			}
			if !opens {
				continue
			}
			if len(entries) == 0 || !always {
				v.bad = append(v.bad, check.Evidence{Position: inventory.Position{Source: "etc/pam.d/" + name}, Subject: "session of " + name, Want: "pam_limits in every session", Got: "not met on some way through the stack"})
			}
			for _, e := range entries {
				conf, _ := e.Arg("conf")
				files[strings.TrimPrefix(conf, "/")] = e
			}
		}
		if len(stacks) == 0 {
			return check.Absent("no PAM, and so no limits for sessions")
		}
		for conf := range files {
			if err := judgeLimits(ctx, sys, conf, &v); err != nil {
				return check.FromError(err)
			}
		}
		return v.result()
	}), nil
}

const wantCore = "a hard limit of 0"

func judgeLimits(ctx context.Context, sys *inventory.System, conf string, v *verdict) error {
	all, err := pamlimits.File.Of(ctx, sys, conf)
	if err != nil {
		return err
	}
	platform, err := sys.Platform(ctx)
	if err != nil {
		return err
	}
	needed := []string{"*"}
	if debian, known := platform.Match("linux/debian"); debian || !known {
		needed = append(needed, "root")
	}
	for _, domain := range needed {
		if _, ok := pamlimits.Hard(all, domain, "core"); !ok {
			v.bad = append(v.bad, check.Evidence{Position: inventory.Position{Source: nameOf(conf)}, Subject: "core for " + domain, Want: wantCore, Got: "no line sets it"})
		}
	}
	seen := map[string]bool{}
	for _, l := range all {
		if strings.HasPrefix(l.Domain, "%") || seen[l.Domain] {
			continue
		}
		if l.Item == "" && l.Domain != "*" {
			v.bad = append(v.bad, check.Evidence{Position: l.Position, Subject: "limits for " + l.Domain, Want: wantCore, Got: "no limits at all"})
		}
		if l.Item != "core" {
			continue
		}
		seen[l.Domain] = true
		last, ok := pamlimits.Hard(all, l.Domain, "core")
		if !ok {
			continue // soft, which cannot be more than hard
		}
		ev := check.Evidence{Position: last.Position, Subject: "core for " + last.Domain, Want: wantCore, Got: last.Value}
		if zero(last.Value) {
			v.good = append(v.good, ev)
		} else {
			v.bad = append(v.bad, ev)
		}
	}
	return nil
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

// CoreDumpsDropped asks that systemd-coredump(8), where the kernel hands images of memory to
// it, keeps nothing of them: Storage=none and ProcessSizeMax=0 of coredump.conf(5).
type CoreDumpsDropped struct{}

const handler = "systemd-coredump"

// Check makes the check.
func (CoreDumpsDropped) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		c, err := systemdconf.Fact.Of(ctx, sys, "coredump.conf")
		if err != nil {
			return check.FromError(err)
		}
		pattern, err := sysctl.Fact.Of(ctx, sys, "kernel.core_pattern")
		if err != nil {
			return check.FromError(err)
		}
		program, _, _ := strings.Cut(pattern.Value, " ")
		if !strings.HasPrefix(program, "|/") || !strings.HasSuffix(program, "/"+handler) {
			return check.Failed("", check.Evidence{Position: pattern.Position, Subject: "kernel.core_pattern", Want: handler, Got: "another way"})
		}
		var v verdict
		for name, want := range map[string]string{"Storage": "none", "ProcessSizeMax": "0"} {
			x, ok := c.Lookup("Coredump", name)
			ev := check.Evidence{Position: x.Position, Subject: name, Want: want, Got: x.Value}
			switch {
			case !ok:
				ev.Source, ev.Got = c.Name, "not set"
			case x.Compiled():
				ev.Source, ev.Got = c.Name, fmt.Sprintf("%s, which is the program's own value", x.Value)
			}
			if ok && x.Value == want {
				v.good = append(v.good, ev)
			} else {
				v.bad = append(v.bad, ev)
			}
		}
		slices.SortFunc(v.good, bySubject)
		slices.SortFunc(v.bad, bySubject)
		return v.result()
	}), nil
}

func bySubject(a, b check.Evidence) int { return strings.Compare(a.Subject, b.Subject) }
