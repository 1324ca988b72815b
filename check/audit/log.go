package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
)

// Kept is the kind audit.log-kept. It requires that the audit daemon writes its log and does not
// overwrite it before it holds an amount: that it keeps all files, or rotates so many that they
// add up to it.
type Kept struct {
	MinTotal int `yaml:"min-total,required" unit:"MiB" doc:"what the log holds, at least"`
}

// Check returns the check.
func (a Kept) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MinTotal < 1 {
		return nil, errors.New("min-total must be 1 or more")
	}
	return check.Of(auditd.Fact, a.judge), nil
}

func (a Kept) judge(v *check.Verdict, s auditd.Settings) {
	if w := s["write_logs"]; w.Value != "yes" {
		v.Bad(evidence(w, "yes"))
		return
	}
	if f := s["log_format"]; f.Value == "nolog" {
		v.Bad(evidence(f, "raw or enriched"))
		return
	}
	action, size, number := s["max_log_file_action"], atoi(s["max_log_file"].Value), atoi(s["num_logs"].Value)
	ev := evidence(action, fmt.Sprintf("keep_logs, or rotate with %d MiB in all", a.MinTotal))
	good := action.Value == "keep_logs" // else one file goes on growing, is not written to any more, or is left to a program
	if action.Value == "rotate" {
		ev.Got = fmt.Sprintf("rotate, %d MiB in %d files", size*number, number)
		// The daemon does not rotate below two files (num_logs of auditd.conf(5)).
		good = size*number >= a.MinTotal && number > 1
	}
	v.Judge(good, ev)
}

func atoi(s string) int {
	n, err := strconv.ParseInt(s, 10, 32) // one of auditd.conf is no larger
	if err != nil {
		return 0
	}
	return int(n)
}

func evidence(v inventory.Setting, want string) check.Evidence {
	e := check.Evidence{Position: v.Position, Subject: v.Name, Want: want, Got: v.Value}
	if v.Compiled() {
		e.Source, e.Got = "etc/audit/auditd.conf", v.Value+", which is the program's own value"
	}
	return e
}

// Private is the kind audit.log-private. It requires that the audit daemon's log can be read by
// root and the members of log_group only, and that its folder can be written to by nobody else:
// that of log_file, and the files in it whose names begin with that of log_file.
type Private struct {
	MaxMode       file.Mode `yaml:"max-mode,required" doc:"the permission bits that files may have, in octal"`
	MaxFolderMode file.Mode `yaml:"max-folder-mode,required" doc:"the permission bits that the folder may have, in octal"`
	Groups        []string  `doc:"names of groups that log_group may be, beside root"`
}

// Check returns the check.
func (a Private) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return private(a), nil
}

// private is the check of a [Private]. Its parts depend on where the log is.
type private Private

// Examine judges the folder, the files and their group.
func (a private) Examine(ctx context.Context, sys *inventory.System) check.Result {
	parts, err := a.parts(ctx, sys)
	if err != nil {
		parts = []check.Check{check.Func(func(context.Context, *inventory.System, *check.Verdict) error { return err })}
	}
	r := check.All(parts...).Examine(ctx, sys)
	r.Children = nil
	return r
}

func (a private) parts(ctx context.Context, sys *inventory.System) ([]check.Check, error) {
	log, err := auditd.Log.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	if !log.There {
		return []check.Check{check.Of(auditd.Log, func(v *check.Verdict, log auditd.Folder) {
			v.Say("there is no log yet")
			v.Absent(check.Evidence{Position: inventory.Position{Source: log.Name}, Subject: log.Name})
		})}, nil
	}
	groups := []string{"root"}
	if len(a.Groups) > 0 {
		known, err := group.Fact.Of(ctx, sys)
		if err != nil {
			return nil, err
		}
		for _, g := range known {
			if slices.Contains(a.Groups, g.Name) {
				groups = append(groups, g.Name)
			}
		}
	}
	folder, err := file.Permissions{Files: []string{log.Name}, MaxMode: &a.MaxFolderMode, Groups: groups}.Check()
	if err != nil {
		return nil, err
	}
	parts := []check.Check{check.Of(auditd.Fact, a.judgeGroup), folder}
	if len(log.Files) > 0 {
		files, err := file.Permissions{Files: log.Files, MaxMode: &a.MaxMode, Groups: groups}.Check()
		if err != nil {
			return nil, err
		}
		parts = append(parts, files)
	}
	return parts, nil
}

// judgeGroup judges whom the daemon lets read its log.
func (a private) judgeGroup(v *check.Verdict, s auditd.Settings) {
	want := "root"
	if len(a.Groups) > 0 {
		want = fmt.Sprintf("root or one of %q", a.Groups)
	}
	g := s["log_group"]
	v.Judge(g.Value == "root" || slices.Contains(a.Groups, g.Value), evidence(g, want))
}
