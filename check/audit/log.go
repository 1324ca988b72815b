package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
)

// Kept asks that the audit daemon writes its log and does not overwrite it before it holds
// an amount: that it keeps all files, or rotates so many that they add up to it.
type Kept struct {
	MinTotal int `yaml:"min-total,required"` // in MiB
}

// Check makes the check.
func (a Kept) Check() (check.Check, error) {
	if a.MinTotal < 1 {
		return nil, errors.New("min-total must be 1 or more")
	}
	return check.OldOf(auditd.Fact, func(s auditd.Settings) check.Result {
		if v := s["write_logs"]; v.Value != "yes" {
			return check.Failed("", evidence(v, "yes"))
		}
		if v := s["log_format"]; v.Value == "nolog" {
			return check.Failed("", evidence(v, "raw or enriched"))
		}
		action, size, number := s["max_log_file_action"], s["max_log_file"], s["num_logs"]
		want := fmt.Sprintf("keep_logs, or rotate with %d MiB in all", a.MinTotal)
		switch action.Value {
		case "keep_logs":
			return check.Passed("", evidence(action, want))
		case "rotate":
		default:
			// One file goes on growing, is not written to any more, or is left to a program.
			return check.Failed("", evidence(action, want))
		}
		total := atoi(size.Value) * atoi(number.Value)
		ev := evidence(action, want)
		ev.Got = fmt.Sprintf("rotate, %d MiB in %d files", total, atoi(number.Value))
		// The daemon does not rotate below two files (num_logs of auditd.conf(5)).
		if total >= a.MinTotal && atoi(number.Value) > 1 {
			return check.Passed("", ev)
		}
		return check.Failed("", ev)
	}), nil
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
		e.Source, e.Got = "auditd.conf", v.Value+", which is the program's own value"
	}
	return e
}

// Private asks that the audit daemon's log can be read by root and the members of log_group only, and
// that its folder can be written to by nobody else: that of log_file, and the files in
// it whose names begin with that of log_file.
type Private struct {
	MaxMode       file.Mode `yaml:"max-mode,required"`        // of files
	MaxFolderMode file.Mode `yaml:"max-folder-mode,required"` // of the folder
	Groups        []string  // that log_group may be, beside root
}

// Check makes the check.
func (a Private) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		s, err := auditd.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		log, err := auditd.Log.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if !log.There {
			return check.Absent("there is no log yet")
		}
		r, err := a.judge(ctx, sys, log.Name, log.Files)
		if err != nil {
			return check.FromError(err)
		}
		if v := s["log_group"]; v.Value != "root" && !slices.Contains(a.Groups, v.Value) {
			r = check.Failed("", append(slices.Clone(r.Evidence), evidence(v, fmt.Sprintf("root or one of %q", a.Groups)))...)
		}
		return r
	}), nil
}

// judge asks permissions of the folder and its files.
func (a Private) judge(ctx context.Context, sys *inventory.System, dir string, files []string) (check.Result, error) {
	groups := []string{"root"}
	if len(a.Groups) > 0 {
		known, err := group.Fact.Of(ctx, sys)
		if err != nil {
			return check.Result{}, err
		}
		for _, g := range known {
			if slices.Contains(a.Groups, g.Name) {
				groups = append(groups, g.Name)
			}
		}
	}
	folder, err := file.Permissions{Files: []string{dir}, MaxMode: &a.MaxFolderMode, Groups: groups}.Check()
	if err != nil {
		return check.Result{}, err
	}
	all := []check.Check{folder}
	if len(files) > 0 {
		logs, err := file.Permissions{Files: files, MaxMode: &a.MaxMode, Groups: groups}.Check()
		if err != nil {
			return check.Result{}, err
		}
		all = append(all, logs)
	}
	r := check.All(all...).Examine(ctx, sys)
	r.Children = nil
	return r, nil
}
