package cron

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// spools are where the crontabs of users lie, one a user: of Debian, of Red Hat and of
// busybox.
var spools = []string{"var/spool/cron/crontabs", "var/spool/cron", "etc/crontabs"}

// folders hold scripts: of Debian and Red Hat, and of busybox.
var folders = []string{"etc/cron.hourly", "etc/cron.daily", "etc/cron.weekly", "etc/cron.monthly", "etc/cron.yearly",
	"etc/periodic/15min", "etc/periodic/hourly", "etc/periodic/daily", "etc/periodic/weekly", "etc/periodic/monthly"}

// partName is which names in etc/cron.d and in the folders count, run-parts(8) and cron(8)
// of Debian. Others take more; what has the form of a copy or an update of a package is taken by none.
var partName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

var leftover = regexp.MustCompile(`(^\.)|(~$)|(,$)|(\.(dpkg-[a-z]+|rpmsave|rpmorig|rpmnew|swp|cfsaved|placeholder)$)`)

// Jobs is all that runs by the clock. A file that no cron of the system would take, because
// of its name, is left out. A system without any has none.
var Jobs = inventory.NewFact("cron", func(ctx context.Context, s *inventory.System) ([]Job, error) {
	all := []Job{}
	for _, f := range []struct {
		name string
		form Form
	}{{"etc/crontab", System}, {"etc/anacrontab", Anacron}} {
		some, err := read(ctx, s, f.name, f.form, "")
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	names, err := in(ctx, s, "etc/cron.d")
	if err != nil {
		return nil, err
	}
	for _, e := range names {
		some, err := read(ctx, s, "etc/cron.d/"+e.Name(), System, "")
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	users, err := ofUsers(ctx, s)
	if err != nil {
		return nil, err
	}
	scripts, err := inFolders(ctx, s)
	if err != nil {
		return nil, err
	}
	later, err := ofAt(ctx, s)
	if err != nil {
		return nil, err
	}
	return slices.Concat(all, users, scripts, later), nil
})

// atSpools are where at(1) keeps jobs until their time, of Debian and of Red Hat.
var atSpools = []string{"var/spool/cron/atjobs", "var/spool/at"}

// ofAt answers the jobs that wait in the spool of at: scripts that name their user by number
// in a comment at the top.
func ofAt(ctx context.Context, s *inventory.System) ([]Job, error) {
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
				continue // the counter of jobs, and what is being run
			}
			name := dir + "/" + e.Name()
			b, err := s.ReadFile(ctx, name)
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
			all = append(all, Job{User: user, Command: name, Script: true, Source: name})
		}
	}
	return all, nil
}

var (
	atJob  = regexp.MustCompile(`^[a-zA-Z=][0-9a-f]{13}$`)
	atUser = regexp.MustCompile(`(?m)^# atrun uid=([0-9]+) `)
)

// read answers the jobs of a file, none where it is not there.
func read(ctx context.Context, s *inventory.System, name string, form Form, user string) ([]Job, error) {
	some, err := inventory.ParseFile(ctx, s, name, func(b []byte) ([]Job, error) { return Parse(b, form) })
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

// in answers the entries of a folder that count.
func in(ctx context.Context, s *inventory.System, dir string) ([]fs.DirEntry, error) {
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

func ofUsers(ctx context.Context, s *inventory.System) ([]Job, error) {
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
			some, err := read(ctx, s, dir+"/"+e.Name(), User, e.Name())
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// inFolders answers the scripts in folders, those that may be run.
func inFolders(ctx context.Context, s *inventory.System) ([]Job, error) {
	var all []Job
	for _, dir := range folders {
		entries, err := in(ctx, s, dir)
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
			all = append(all, Job{User: "root", Command: name, Script: true, Source: name})
		}
	}
	return all, nil
}
