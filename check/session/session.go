// Package session has ready-made checks of the sessions of people who log in: the mask for
// their new files, idle shells, images of memory, and where root looks for programs.
//
// They judge what PAM and the start files of shells of the system set. What users set in
// their own files is not looked at. [Kinds] names the checks.
package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// opened returns the services with a file of their own, and of each the stack for sessions.
// One of an SSH server that does not ask PAM is empty. Without PAM there is none.
func opened(ctx context.Context, sys *inventory.System, names []string) (map[string]pam.Stack, error) {
	all := map[string]pam.Stack{}
	for _, name := range names {
		c, err := pam.Service.Of(ctx, sys, name)
		if errors.Is(err, inventory.ErrAbsent) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if !c.Own {
			continue
		}
		all[name] = c.Stacks[pam.Session]
		if name == "sshd" {
			asks, err := asksPAM(ctx, sys)
			if err != nil {
				return nil, err
			}
			if !asks {
				all[name] = pam.Stack{}
			}
		}
	}
	return all, nil
}

func asksPAM(ctx context.Context, sys *inventory.System) (bool, error) {
	c, err := sshd.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	all, err := c.Values("UsePAM")
	return !slices.ContainsFunc(all, func(s sshd.Value) bool { return s.Value != "yes" }), err
}

// met returns the entries of a module that sessions meet, and whether they all do. A stack
// that never opens a session has none to judge: opens is false.
func met(st pam.Stack, module string) (entries []pam.Entry, always, opens bool, err error) {
	const reached = 1
	places := map[string]bool{}
	ends, err := st.Walk(func(e pam.Entry, state uint32) []pam.Move {
		codes := e.Any()
		switch e.Name() {
		case module:
			if !places[e.Place()] {
				places[e.Place()] = true
				entries = append(entries, e)
			}
			state |= reached
		case "pam_permit":
			codes = []pam.Code{pam.Success}
		case "pam_deny":
			codes = []pam.Code{pam.SessionErr}
		}
		var all []pam.Move
		for _, c := range codes {
			all = append(all, pam.Move{Code: c, State: state})
		}
		return all
	})
	if len(st) == 0 {
		return nil, false, true, err
	}
	always = true
	for _, e := range ends {
		if e.OK {
			opens = true
			always = always && e.State&reached != 0
		}
	}
	return entries, always, opens, err
}

// shells are files by which a shell is known to be there.
var shells = []string{"bin/sh", "usr/bin/sh", "bin/bash", "etc/profile"}

// shell reports whether the system has a shell that people may log in to.
func shell(ctx context.Context, sys *inventory.System) (bool, error) {
	found, err := files.FindFirst(ctx, sys, shells...)
	return found != "", err
}

// finder hands findings on to a verdict, each once: sessions that begin in different ways may end
// alike.
type finder struct {
	verdict *check.Verdict
	seen    map[finding]bool
}

// finding is a piece of evidence and what it shows: good, bad or unsure.
type finding struct {
	check.Evidence
	shows string
}

func newFinder(v *check.Verdict) finder { return finder{v, map[finding]bool{}} }

// first reports whether a finding is new.
func (f finder) first(ev check.Evidence, shows string) bool {
	is := finding{ev, shows}
	twice := f.seen[is]
	f.seen[is] = true
	return !twice
}

func (f finder) good(ev check.Evidence) {
	if f.first(ev, "good") {
		f.verdict.Good(ev)
	}
}

func (f finder) bad(ev check.Evidence) {
	if f.first(ev, "bad") {
		f.verdict.Bad(ev)
	}
}

// unsure tells of what may be wrong, which only a shell could find out.
func (f finder) unsure(ev check.Evidence) {
	if f.first(ev, "unsure") {
		what := strings.TrimPrefix(ev.Place()+" "+ev.Got, " ")
		f.verdict.Err(fmt.Errorf("it depends on what a shell has to work out: %s: %w", what, inventory.ErrUnavailable), ev)
	}
}

// noShell says that there is nothing to judge without a shell.
func noShell(v *check.Verdict) error {
	v.Say("no shell")
	for _, name := range shells {
		v.Absent(check.Evidence{Position: inventory.Position{Source: name}, Subject: name})
	}
	return nil
}
