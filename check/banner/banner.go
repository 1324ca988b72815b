// Package banner has ready-made checks of what a system shows before a login: that it warns
// who has no business there, and tells nobody which system it is.
package banner

import (
	"context"
	"errors"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/logins/banner"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
	"github.com/hardening-sdk/hardening/inventory/platforms/osrelease"
)

// Warns asks that a text is shown before a login that has one of the words. Evidence
// never shows the text.
type Warns struct {
	// On is where: console, or ssh, whose text is the file that Banner of sshd_config(5)
	// names. Without an SSH server there is nothing to judge.
	On    string   `yaml:"on,required"`
	Words []string `yaml:"words,required"`
}

// Check makes the check.
func (a Warns) Check() (check.Check, error) {
	if len(a.Words) == 0 {
		return nil, errors.New("words must not be empty")
	}
	texts, err := shownOn(a.On)
	if err != nil {
		return nil, err
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		groups, err := texts(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		return check.Each(groups, func(s shown) (check.Evidence, bool) {
			ev := check.Evidence{Position: inventory.Position{Source: s.source, Line: s.line}, Subject: s.subject, Want: "a text with one of " + strings.Join(a.Words, ", "), Got: "none"}
			for _, t := range s.texts {
				if t.HasWord(a.Words) {
					return ev, false
				}
			}
			if len(s.texts) > 0 {
				ev.Got = "another text"
			}
			return ev, true
		})
	}), nil
}

// shown is what is shown in one place, all of it together.
type shown struct {
	subject, source string
	line            int
	texts           []banner.Text
}

type teller func(context.Context, *inventory.System) ([]shown, error)

func shownOn(where string) (teller, error) {
	switch where {
	case "console":
		return func(ctx context.Context, sys *inventory.System) ([]shown, error) {
			all, err := banner.Console.Of(ctx, sys)
			return []shown{{subject: "console", source: "etc/issue", texts: all}}, err
		}, nil
	case "ssh":
		return overSSH, nil
	}
	return nil, errors.New("on is console or ssh")
}

// overSSH returns what the SSH server shows, in general and for each Match block that says
// something else.
func overSSH(ctx context.Context, sys *inventory.System) ([]shown, error) {
	c, err := sshd.Fact.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	values, err := c.Values("Banner")
	if err != nil {
		return nil, err
	}
	var all []shown
	for _, v := range values {
		s := shown{subject: "SSH", source: v.Source, line: v.Line}
		if v.Match != "" {
			s.subject += " (Match " + v.Match + ")"
		}
		if name := strings.TrimPrefix(v.Value, "/"); v.Value != "none" && name != v.Value {
			t, err := banner.Fact.Of(ctx, sys, name)
			if err == nil {
				s.texts = []banner.Text{t}
			} else if !errors.Is(err, inventory.ErrAbsent) {
				return nil, err
			}
		}
		all = append(all, s)
	}
	return all, nil
}

// Reveals asks that what is shown before a login on the console and over SSH, and in the files
// besides, does not tell which system this is: no escapes for it, issue(5), and neither its
// name nor its version in words.
type Reveals struct {
	Files []string // further names in the tree: etc/issue.net, etc/motd
}

// Check makes the check.
func (a Reveals) Check() (check.Check, error) {
	for _, name := range a.Files {
		if !filetree.ValidName(name) {
			return nil, errors.New("files are names in the tree, without the first slash")
		}
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		texts, err := a.texts(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		names, err := namesOf(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		return check.Each(texts, func(t banner.Text) (check.Evidence, bool) {
			ev := check.Evidence{Position: inventory.Position{Source: t.Source}, Subject: t.Source, Want: "neither name nor version of the system", Got: strings.Join(t.Reveals(), " ")}
			if ev.Got == "" && t.HasWord(names) {
				ev.Got = "its name"
			}
			return ev, ev.Got != ""
		})
	}), nil
}

// texts returns all that is shown, each file once.
func (a Reveals) texts(ctx context.Context, sys *inventory.System) ([]banner.Text, error) {
	all, err := banner.Console.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	ssh, err := overSSH(ctx, sys)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return nil, err
	}
	for _, s := range ssh {
		all = append(all, s.texts...)
	}
	for _, name := range a.Files {
		t, err := banner.Fact.Of(ctx, sys, name)
		if err == nil {
			all = append(all, t)
		} else if !errors.Is(err, inventory.ErrAbsent) {
			return nil, err
		}
	}
	seen := map[string]bool{}
	var once []banner.Text
	for _, t := range all {
		if !seen[t.Source] {
			seen[t.Source] = true
			once = append(once, t)
		}
	}
	return once, nil
}

// namesOf returns what the system is called. A system that does not say has no name to
// give away but by escapes.
func namesOf(ctx context.Context, sys *inventory.System) ([]string, error) {
	r, err := osrelease.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []string
	for _, n := range []string{r.Pretty, r.Name} {
		if n != "" && !strings.EqualFold(n, "Linux") {
			all = append(all, n)
		}
	}
	return all, nil
}
