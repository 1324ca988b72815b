package session

import (
	"context"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

const profile = "etc/profile"

// logins are the shells that people log in to, by typing or for one command.
var logins = []shellrc.Shell{
	{Script: profile, Bash: true, Interactive: true},
	{Script: profile, Bash: true},
	{Script: profile, Bash: true, Interactive: true, Root: true},
}

// others are the shells that begin without a login, where people type: those of "su alice". What
// they read is compiled in, or named by the file that new accounts get.
var others = []shellrc.Shell{
	{Script: "etc/bash.bashrc", Bash: true, Interactive: true},
	{Script: "etc/bashrc", Bash: true, Interactive: true},
}

// plainShells are the login shells of dash, where the system has it and an account logs in to it.
func plainShells(ctx context.Context, sys *inventory.System) ([]shellrc.Shell, error) {
	found, err := files.FindFirst(ctx, sys, "usr/bin/dash", "bin/dash")
	if err != nil || found == "" {
		return nil, err
	}
	users, err := passwd.Fact.Of(ctx, sys)
	if inventory.IsAbsent(err, "etc/passwd") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		switch u.Shell {
		case "", "/bin/sh", "/usr/bin/sh", "/bin/dash", "/usr/bin/dash":
			if u.UID >= 1000 && u.UID < 65534 {
				return []shellrc.Shell{{Script: profile, Interactive: true}, {Script: profile}}, nil
			}
		}
	}
	return nil, nil
}

// masks returns what a shell that begins with a mask may have at last.
func masks(ctx context.Context, sys *inventory.System, sh shellrc.Shell, begin shellrc.Mask) ([]shellrc.Mask, error) {
	if begin.Text.Known() {
		sh.Mask = string(begin.Text)
	}
	all, err := shellrc.Outcomes.Of(ctx, sys, sh)
	if err != nil {
		return nil, err
	}
	var out []shellrc.Mask
	for _, o := range all {
		m := o.Mask
		switch {
		case o.Lost:
			m = shellrc.Mask{Position: inventory.Position{Source: sh.Script}, Text: notKnown}
		case m.Source == "":
			m = begin
		}
		out = append(out, m)
	}
	return out, nil
}

// notKnown is a text that is not known.
const notKnown = "\x00?\x00"

// variables returns the values that a variable may have at last in a shell.
func variables(ctx context.Context, sys *inventory.System, sh shellrc.Shell, name string) ([]shellrc.Variable, error) {
	sh.Focus = name
	all, err := shellrc.Outcomes.Of(ctx, sys, sh)
	if err != nil {
		return nil, err
	}
	var out []shellrc.Variable
	for _, o := range all {
		v := o.Variable
		if o.Lost {
			v = shellrc.Variable{Position: inventory.Position{Source: sh.Script}, Set: true, Value: notKnown}
		}
		out = append(out, v)
	}
	return out, nil
}
