// Package cron tells what cron(8), at(1) and their kin run by the clock, and as whom: the
// crontabs of the system and of users, crontab(5), anacrontab(5), the scripts in folders for
// each hour, day, week and month, and the jobs that at keeps for later.
package cron

import (
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Job is one command, or a script in one of the folders.
type Job struct {
	User    string // whom it runs as; of a job of at its number, but for root
	Command string // a line for the shell; of a script its path
	Script  bool
	Path    string // PATH as a line before it sets it, empty where none does
	Shell   string // SHELL as a line before it sets it, empty where none does
	Source  string
	Line    int // in Source, counted from 1; 0 of a script
}

// Form is which fields the lines of a file have.
type Form uint8

// The forms of files.
const (
	System  Form = iota // with the user between the time and the command
	User                // of one user
	Anacron             // a period, a delay, a name and the command
)

// Parse reads the text of a file. A line that is none of a comment, a variable and a job is a
// mistake; cron then runs nothing of the file, or passes over the line.
func Parse(b []byte, form Form) ([]Job, error) {
	var all []Job
	var errs mistakes.List
	line, search, shell := 0, "", ""
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.TrimSpace(s)
		if s == "" || s[0] == '#' {
			continue
		}
		if name, value, ok := variable(s); ok {
			switch name {
			case "PATH":
				search = value
			case "SHELL":
				shell = value
			}
			continue
		}
		job, ok := jobOf(s, form)
		if !ok {
			errs.Addf("line %d: neither a variable nor a job", line)
			continue
		}
		if job.Line, job.Path, job.Shell = line, search, shell; job.Command != "" {
			all = append(all, job)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// variable answers the parts of a line NAME = value.
func variable(s string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(s, "=")
	name = strings.Trim(strings.TrimSpace(name), `"'`)
	ok = ok && name != "" && !strings.ContainsAny(name, " \t*@/") && (name[0] < '0' || name[0] > '9')
	return name, strings.Trim(strings.TrimSpace(value), `"'`), ok
}

func jobOf(s string, form Form) (Job, bool) {
	times := 5
	switch {
	case form == Anacron && strings.HasPrefix(s, "@"):
		times = 3
	case form == Anacron:
		times = 3
	case strings.HasPrefix(s, "@"):
		times = 1
	}
	for i := range times {
		field, rest, ok := field(s)
		if !ok || !validTime(field, form, i, times) {
			return Job{}, false
		}
		s = rest
	}
	job := Job{}
	if form == Anacron {
		job.User = "root"
	}
	if form == System {
		user, rest, ok := field(s)
		if !ok {
			return Job{}, false
		}
		job.User, s = user, rest
	}
	if strings.HasPrefix(s, "-") { // "-" before the command of Debian and cronie: not logged
		s = strings.TrimLeft(s[1:], " \t")
	}
	job.Command = s
	return job, s != "" || form == User // cron takes a line without a command, and runs none
}

// field cuts the first field of s.
func field(s string) (first, rest string, ok bool) {
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], strings.TrimLeft(s[i:], " \t"), true
	}
	return s, "", s != ""
}

// validTime reports whether a field can be a part of a time.
func validTime(f string, form Form, i, times int) bool {
	switch {
	case form == Anacron && i > 0: // the delay, and a name
		return true
	case times == 1 || strings.HasPrefix(f, "@"):
		return strings.HasPrefix(f, "@") && len(f) > 1
	}
	return strings.IndexByte("-/,", f[0]) < 0 && strings.Trim(f, "0123456789*-,/~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Programs answers the files that a command names by their full path, in their order.
func (j Job) Programs() []string {
	if j.Script {
		return []string{j.Command}
	}
	var all []string
	for _, w := range strings.FieldsFunc(j.Command, func(r rune) bool { return strings.ContainsRune(" \t;&|()<>\"'`=", r) }) {
		if strings.HasPrefix(w, "/") && len(w) > 1 && !strings.ContainsAny(w, "$*?[%") {
			all = append(all, strings.TrimPrefix(w, "/"))
		}
	}
	return all
}
