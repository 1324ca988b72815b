package file

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/internal/glob"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/programs"
)

// Protected is the kind file.protected. It requires that only root can change or replace some files:
// they belong to root, nobody else may write to them, by permissions or an access control list, and
// the same is so of every folder on the way to them, also behind links. A file that is not there is
// passed over, unless others can make it; where none is, there is nothing to judge.
type Protected struct {
	Files  []string `doc:"names in the tree, without the first slash, or patterns of glob(7)"`
	Below  []string `doc:"names of folders that are judged with all that is in them"`
	Except []string `doc:"patterns of path.Match for whole names of files, or of folders with all that is in them, that are not judged"`
}

// Check returns the check.
func (a Protected) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Files)+len(a.Below) == 0 {
		return nil, errors.New("want files, or folders to look below")
	}
	if err := errors.Join(validNames(a.Files), validNames(a.Below), validPatterns(a.Except)); err != nil {
		return nil, err
	}
	return check.Func(a.examine), nil
}

const wantProtected = "only root can change it"

func (a Protected) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	guard, there, said := &Guard{}, false, map[string]bool{}
	for _, pattern := range slices.Concat(a.Files, a.Below) {
		names, err := a.names(ctx, sys, pattern)
		if err != nil {
			return err
		}
		found, bad := 0, 0
		for _, name := range names {
			how, is, err := guard.Change(ctx, sys, name)
			switch {
			case err != nil:
				v.Err(err)
				bad++
			case how != "" && said[how]: // of a folder once
				bad++
			case how != "":
				said[how] = true
				v.Bad(about(name, wantProtected, how))
				bad++
			case is:
				found++
			}
		}
		there = there || found+bad > 0
		if bad == 0 && found > 0 {
			v.Good(check.Evidence{Position: inventory.Position{Source: fixed(pattern)}, Subject: pattern, Want: wantProtected, Got: fmt.Sprintf("only root can change it (%d judged)", found)})
		}
	}
	if !there {
		v.Say("none of the files is there")
		for _, name := range slices.Concat(a.Files, a.Below) {
			v.Absent(lookedFor(name))
		}
	}
	return nil
}

// names returns the names that an argument stands for.
func (a Protected) names(ctx context.Context, sys *inventory.System, pattern string) ([]string, error) {
	except := func(name string) bool {
		return slices.ContainsFunc(a.Except, func(p string) bool { return glob.Match(p, name) })
	}
	if slices.Contains(a.Below, pattern) {
		some, err := files.ListBelow(ctx, sys, pattern, except)
		if err == nil && len(some) == 0 && !except(pattern) {
			return []string{pattern}, nil
		}
		var names []string
		for _, f := range some {
			names = append(names, f.Name)
		}
		return names, err
	}
	names, err := files.Expand(ctx, sys, []string{pattern})
	return slices.DeleteFunc(names, except), err
}

// fixed returns the folder of a pattern that is the same for all that it matches.
func fixed(pattern string) string {
	for strings.ContainsAny(pattern, "*?[") {
		pattern = path.Dir(pattern)
	}
	return pattern
}

// Libraries is the kind file.libraries-protected. It requires that only root can change the code that
// is loaded into programs of root: the dynamic loader and its configuration, what etc/ld.so.preload
// and etc/ld.so.conf name, the libraries in all folders in which they are searched for, and the
// modules and programs that services of PAM name, with all folders on the way.
type Libraries struct{}

// Check returns the check. The error is always nil.
func (Libraries) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		found, err := programs.NewFollower(ctx, sys).Libraries()
		judgeUses(ctx, sys, v, &Guard{}, found, err, "libraries")
		return nil
	}), nil
}

// judgeUses judges a group of files. Of those that are as wanted one piece of evidence tells.
func judgeUses(ctx context.Context, sys *inventory.System, v *check.Verdict, guard *Guard, found programs.Found, failed error, subject string) {
	good, bad, said := 0, 0, map[string]bool{}
	var first inventory.Position
	for _, u := range found.Uses {
		how, there, err := guard.ask(ctx, sys, u)
		switch {
		case err != nil:
			v.Err(err)
			bad++
		case how != "" && said[how]: // of a folder once
			bad++
		case how != "":
			said[how] = true
			v.Bad(check.Evidence{Position: u.Position, Subject: u.Name, Want: wantProtected, Got: how})
			bad++
		case there:
			if good++; good == 1 {
				first = inventory.Position{Source: u.Name}
			}
		}
	}
	for _, err := range append(found.Unknown, failed) {
		if err != nil {
			v.Err(err)
			bad++
		}
	}
	if bad == 0 && good > 0 {
		v.Good(check.Evidence{Position: first, Subject: subject, Want: wantProtected, Got: fmt.Sprintf("only root can change any of %d", good)})
	}
}

// Hooks is the kind file.hooks-protected. It requires that only root can change what the system runs
// as root when something happens: start files of shells, programs at boot, at logins and when the
// network changes, rules of udev(7), services of D-Bus, actions of polkit(8), scripts of logrotate(8),
// commands of apt.conf(5) and modprobe.d(5), and the program for crashes of core(5). It judges these
// files, the programs that they name, as far as [programs.Follower] follows them, the folders in which
// they are searched for, and all folders on the way.
type Hooks struct{}

// Check returns the check. The error is always nil.
func (Hooks) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		for _, h := range programs.NewFollower(ctx, sys).Hooks() {
			guard := &Guard{}
			if h.Daemon != "" {
				var err error
				guard.Trusted, err = uids(ctx, sys, []string{h.Daemon})
				v.Err(err)
			}
			judgeUses(ctx, sys, v, guard, h.Found, h.Err, h.Name)
		}
		v.Absent(check.Evidence{Subject: "hooks", Got: "none"})
		return nil
	}), nil
}
