// Package session has ready-made checks of the sessions of people who log in: the mask for
// their new files, idle shells, images of memory, and where root looks for programs.
//
// They judge what PAM and the start files of shells of the system set. What users set in
// their own files is not looked at.
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

// logins are the services that begin a session with a shell.
var logins = []string{"login", "sshd", "su-l", "remote", "cockpit", "gdm-password", "lightdm", "sddm", "xrdp-sesman"}

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

// shell reports whether the system has a shell that people may log in to.
func shell(ctx context.Context, sys *inventory.System) (bool, error) {
	found, err := files.FindFirst(ctx, sys, "bin/sh", "usr/bin/sh", "bin/bash", "etc/profile")
	return found != "", err
}

// verdict gathers what is found: what certainly fails, what may, and what decides a pass.
type verdict struct{ bad, unsure, good []check.Evidence }

func (v verdict) result() check.Result {
	switch {
	case len(v.bad) > 0:
		r := check.Each(distinct(v.bad), func(e check.Evidence) (check.Evidence, bool) { return e, true })
		r.Message = ""
		return r
	case len(v.unsure) > 0:
		var places []string
		for _, e := range distinct(v.unsure) {
			places = append(places, strings.TrimPrefix(fmt.Sprintf("%s:%d %s", e.Source, e.Line, e.Got), ":0 "))
		}
		return check.FromError(fmt.Errorf("it depends on what a shell has to work out: %s: %w", strings.Join(places, ", "), inventory.ErrUnavailable))
	case len(v.good) == 0:
		return check.Absent("nothing to judge")
	}
	good := distinct(v.good)
	return check.Passed("", good[:min(len(good), check.MaxEvidence)]...)
}

func distinct(all []check.Evidence) []check.Evidence {
	seen := map[check.Evidence]bool{}
	return slices.DeleteFunc(all, func(e check.Evidence) bool {
		twice := seen[e]
		seen[e] = true
		return twice
	})
}
