// Package cron reads which jobs a system runs at set times, and as which user. It reads the
// crontabs of the system (etc/crontab, etc/cron.d) and of users, crontab(5), etc/anacrontab,
// anacrontab(5), the scripts in folders such as etc/cron.daily, and the jobs of at(1).
package cron

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Job is one command, or one script in a folder.
type Job struct {
	inventory.Position // a script has no line

	User string // the user it runs as; for a job of at the user ID, or root
	// Schedule is when it runs, as written: five fields, a word such as @daily, or of an anacrontab
	// the days between, the delay and the name. It is empty for a script.
	Schedule string
	Command  string // a shell command; for a script its path
	Script   bool   // Command is the path of a script
	Path     string // PATH as set by the lines before; empty where none sets it
	Shell    string // SHELL as set by the lines before; empty where none sets it
	// Variables are all that the lines before set, PATH and SHELL among them.
	Variables []inventory.Setting
}

// maxVariables is how many lines of a file may set variables, each of which counts for all jobs
// after it.
const maxVariables = 200

// Form tells which fields the lines of a file have.
type Form uint8

// The forms of files.
const (
	System  Form = iota // time, user, command
	User                // time, command: the crontab of one user
	Anacron             // period, delay, name, command
)

// Parse reads the text of a file. A line that is neither a comment, a variable nor a job is a
// mistake: cron then runs nothing of the file, or skips the line. The error joins all mistakes,
// each with its line; on an error there are no jobs.
func Parse(b []byte, form Form) ([]Job, error) { return parse(b, form, &budget.Budget{}) }

// parse is Parse with the jobs that may still be kept.
func parse(b []byte, form Form, left *budget.Budget) ([]Job, error) {
	var all []Job
	var errs mistakes.List
	line, search, shell := 0, "", ""
	var variables []inventory.Setting
	ends := bytes.Count(b, []byte("\n"))
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s, err := cutBlanks(s, form != Anacron && line > ends)
		if err != nil {
			errs.Addf("line %d: %w", line, err)
		}
		if s == "" {
			continue
		}
		// Variables count for the jobs after them.
		split := splitAssignment
		if form == Anacron {
			split = splitVariable
		}
		if name, value, ok := split(s); ok {
			if len(variables) == maxVariables {
				return nil, fmt.Errorf("line %d: more than %d variables: %w", line, maxVariables, inventory.ErrLimit)
			}
			variables = append(variables, inventory.Setting{Name: name, Value: value, Position: inventory.Position{Line: line}})
			switch name {
			case "PATH":
				search = value
			case "SHELL":
				shell = value
			}
			continue
		}
		job, ok := parseJob(s, form)
		if !ok {
			errs.Addf("line %d: neither a variable nor a job", line)
			continue
		}
		if job.Line, job.Path, job.Shell, job.Variables = line, search, shell, variables[:len(variables):len(variables)]; job.Command != "" {
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			all = budget.Append(all, job)
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

var (
	errEnd  = errors.New("the last line does not end, with which cron of Debian refuses the file")
	errLong = errors.New("longer than cron of Debian reads")
	errCR   = errors.New("nothing but a carriage return")
)

// cutBlanks returns a line without the blanks around it, and nothing for a comment. Open is true for
// the last line if it does not end.
func cutBlanks(s string, open bool) (string, error) {
	s = strings.TrimLeft(s, " \t")
	if s == "" || s[0] == '#' {
		return "", nil
	}
	switch s = strings.TrimRight(s, " \t\r"); {
	case open:
		return "", errEnd
	case s == "":
		return "", errCR
	case len(s) > maxCommand:
		return "", errLong
	}
	return s, nil
}

// splitVariable splits a line NAME = value of an anacrontab.
func splitVariable(s string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(s, "=")
	name = strings.Trim(strings.TrimSpace(name), `"'`)
	ok = ok && name != "" && !strings.ContainsAny(name, " \t*@/") && (name[0] < '0' || name[0] > '9')
	return name, strings.Trim(strings.TrimSpace(value), `"'`), ok
}

// parseJob reads a line of a job. It returns false for any other line.
func parseJob(s string, form Form) (Job, bool) {
	times := 5
	switch {
	case form == Anacron:
		times = 3
	case strings.HasPrefix(s, "@"):
		times = 1
	}
	// The fields of the time.
	schedule := s
	for i := range times {
		part, rest, ok := cutField(s)
		if !ok || !isTime(part, form, i, times) {
			return Job{}, false
		}
		s = rest
	}
	job := Job{Schedule: strings.TrimRight(schedule[:len(schedule)-len(s)], " \t")}
	if form == Anacron {
		job.User = "root"
	}
	if form == System {
		user, rest, ok := cutField(s)
		if !ok {
			return Job{}, false
		}
		job.User, s = user, rest
	}
	// With "-" before the command, cron of Debian and cronie do not log the job.
	if strings.HasPrefix(s, "-") {
		s = strings.TrimLeft(s[1:], " \t")
	}
	job.Command = s
	return job, s != "" || form == User // cron accepts a line of a user without a command, and runs nothing
}

// cutField cuts the first field off s.
func cutField(s string) (first, rest string, ok bool) {
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], strings.TrimLeft(s[i:], " \t"), true
	}
	return s, "", s != ""
}

// timeChars are the characters of numbers, names, ranges, lists and steps.
const timeChars = "0123456789*-,/~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// isTime reports whether field number i of times is valid as a part of a time.
func isTime(f string, form Form, i, times int) bool {
	switch {
	case form == Anacron && i > 0: // the delay and the name
		return true
	case form != Anacron && times == 1:
		return slices.Contains(dates, f)
	case form != Anacron:
		return fields[i].accepts(f)
	case strings.HasPrefix(f, "@"):
		return len(f) > 1
	}
	return strings.IndexByte("-/,", f[0]) < 0 && strings.Trim(f, timeChars) == ""
}

// Programs returns the files that a command names by absolute paths, in their order.
func (j Job) Programs() []string {
	if j.Script {
		return []string{j.Command}
	}
	var all []string
	isSeparator := func(r rune) bool { return strings.ContainsRune(" \t;&|()<>\"'`=", r) }
	for _, w := range strings.FieldsFunc(j.Command, isSeparator) {
		if strings.HasPrefix(w, "/") && len(w) > 1 && !strings.ContainsAny(w, "$*?[%") {
			all = append(all, strings.TrimPrefix(w, "/"))
		}
	}
	return all
}
