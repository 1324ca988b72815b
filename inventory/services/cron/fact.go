package cron

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// spools are the folders with one crontab for each user, of Debian, Red Hat and BusyBox.
var spools = []string{"var/spool/cron/crontabs", "var/spool/cron", "etc/crontabs"}

// folders hold scripts. The first are those of Debian and Red Hat, the others those of BusyBox.
var folders = []string{"etc/cron.hourly", "etc/cron.daily", "etc/cron.weekly", "etc/cron.monthly", "etc/cron.yearly",
	"etc/periodic/15min", "etc/periodic/hourly", "etc/periodic/daily", "etc/periodic/weekly", "etc/periodic/monthly"}

// partName matches the names that count in etc/cron.d and in the folders of scripts, by
// run-parts(8) and cron(8) of Debian. Other systems accept more names.
var partName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// leftover matches names of backup copies and package updates, which no system accepts.
var leftover = regexp.MustCompile(`(^\.)|(~$)|(,$)|(\.(dpkg-[a-z]+|rpmsave|rpmorig|rpmnew|swp|cfsaved|placeholder)$)`)

// Jobs returns all jobs. A file that no cron accepts because of its name is left out. A system
// without any has no jobs.
var Jobs = inventory.NewFact("cron", collectJobs)

func collectJobs(ctx context.Context, s *inventory.System) ([]Job, error) {
	all := []Job{}
	left := &budget.Budget{}
	for _, f := range []struct {
		name string
		form Form
	}{{"etc/crontab", System}, {"etc/anacrontab", Anacron}} {
		some, err := readFile(ctx, s, f.name, f.form, "", left)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	names, err := listParts(ctx, s, "etc/cron.d")
	if err != nil {
		return nil, err
	}
	for _, e := range names {
		some, err := readFile(ctx, s, "etc/cron.d/"+e.Name(), System, "", left)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	users, err := readSpools(ctx, s, left)
	if err != nil {
		return nil, err
	}
	scripts, err := listScripts(ctx, s, left)
	if err != nil {
		return nil, err
	}
	later, err := readAtJobs(ctx, s, left)
	if err != nil {
		return nil, err
	}
	return slices.Concat(all, users, scripts, later), nil
}

// atSpools are where at(1) keeps jobs until their time, on Debian and on Red Hat.
var atSpools = []string{"var/spool/cron/atjobs", "var/spool/at"}

// readAtJobs returns the jobs in the spools of at. They are scripts that name the ID of their user
// in a comment at the top.
func readAtJobs(ctx context.Context, s *inventory.System, left *budget.Budget) ([]Job, error) {
	var all []Job
	for _, dir := range atSpools {
		entries, err := s.ReadDir(ctx, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !atJob.MatchString(e.Name()) {
				continue // the counter of jobs, or a job that is running
			}
			name := dir + "/" + e.Name()
			b, err := s.ReadText(ctx, name)
			if inventory.IsAbsent(err, name) {
				continue
			}
			if err != nil {
				return nil, err
			}
			uid := atUser.FindSubmatch(b)
			if uid == nil {
				return nil, fmt.Errorf("%s does not say whose job it is: %w", name, inventory.ErrUnavailable)
			}
			user := string(uid[1])
			if user == "0" {
				user = "root"
			}
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			all = append(all, Job{User: user, Command: name, Script: true, Position: inventory.Position{Source: name}})
		}
	}
	return all, nil
}

var (
	atJob  = regexp.MustCompile(`^[a-zA-Z=][0-9a-f]{13}$`)
	atUser = regexp.MustCompile(`(?m)^# atrun uid=([0-9]+) `)
)

// readFile returns the jobs of a file. A file that does not exist has none.
func readFile(ctx context.Context, s *inventory.System, name string, form Form, user string, left *budget.Budget) ([]Job, error) {
	if err := left.Items(1); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	some, err := inventory.ParseFile(ctx, s, name, func(b []byte) ([]Job, error) { return parse(b, form, left) })
	if inventory.IsAbsent(err, name) {
		return nil, nil
	}
	for i := range some {
		some[i].Source = name
		if form == User {
			some[i].User = user
		}
	}
	return some, err
}

// listParts returns the entries of a folder whose names count.
func listParts(ctx context.Context, s *inventory.System, dir string) ([]fs.DirEntry, error) {
	entries, err := s.ReadDir(ctx, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var some []fs.DirEntry
	for _, e := range entries {
		if n := e.Name(); partName.MatchString(n) && !leftover.MatchString(n) && !e.IsDir() {
			some = append(some, e)
		}
	}
	return some, err
}

// readSpools returns the jobs of the users' crontabs. The name of a file is that of its user.
func readSpools(ctx context.Context, s *inventory.System, left *budget.Budget) ([]Job, error) {
	var all []Job
	for _, dir := range spools {
		entries, err := s.ReadDir(ctx, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == "cron.update" {
				continue
			}
			some, err := readFile(ctx, s, dir+"/"+e.Name(), User, e.Name(), left)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// listScripts returns the executable scripts in the folders.
func listScripts(ctx context.Context, s *inventory.System, left *budget.Budget) ([]Job, error) {
	var all []Job
	for _, dir := range folders {
		entries, err := listParts(ctx, s, dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			name := dir + "/" + e.Name()
			info, err := s.Stat(ctx, name)
			if inventory.IsAbsent(err, name) { // a dangling link
				continue
			}
			if err != nil {
				return nil, err
			}
			if filetree.SysOf(info).Has&filetree.HasMode != 0 && info.Mode().Perm()&0o111 == 0 {
				continue
			}
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			all = append(all, Job{User: "root", Command: name, Script: true,
				Position: inventory.Position{Source: name}})
		}
	}
	return all, nil
}
