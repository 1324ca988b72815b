// Package banner has ready-made checks of what a system shows before a login: that it warns
// who has no business there, and tells nobody which system it is. [Kinds] has the names of the
// checks in baselines.
package banner

import (
	"context"
	"errors"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/logins/banner"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
	"github.com/hardening-sdk/hardening/inventory/platforms/osrelease"
)

// Warns is the kind banner.warns: it asks that a text is shown before a login that has one of
// the words. Evidence never shows the text.
type Warns struct {
	// On ssh it is the file that Banner of sshd_config(5) names. Without an SSH server there is
	// nothing to judge.
	On    string   `yaml:"on,required" enum:"console,ssh" doc:"where the text is shown"`
	Words []string `yaml:"words,required" doc:"words or phrases, one of which is in the text, in any letter case"`
}

// Check makes the check.
func (a Warns) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Words) == 0 {
		return nil, errors.New("words must not be empty")
	}
	texts := onConsole
	if a.On == "ssh" {
		texts = overSSH
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		places, err := texts(ctx, sys)
		for _, s := range places {
			a.judge(v, s)
		}
		return err
	}), nil
}

// judge judges what is shown in one place.
func (a Warns) judge(v *check.Verdict, s shown) {
	ev := check.Evidence{Position: s.Position, Subject: s.subject, Want: "a text with one of " + strings.Join(a.Words, ", "), Got: "none"}
	for _, t := range s.texts {
		for _, w := range a.Words {
			if t.HasWord([]string{w}) {
				ev.Position, ev.Got = t.Position, "a text with "+w
				v.Good(ev)
				return
			}
		}
	}
	if len(s.texts) > 0 {
		ev.Got = "another text"
	}
	v.Bad(ev)
}

// shown is what is shown in one place, all of it together.
type shown struct {
	inventory.Position // what says so
	subject            string
	texts              []banner.Text
}

// onConsole returns what is shown before a login on the console.
func onConsole(ctx context.Context, sys *inventory.System) ([]shown, error) {
	all, err := banner.Console.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	return []shown{{inventory.Position{Source: issue}, "console", all}}, nil
}

const issue = "etc/issue"

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
		s := shown{Position: v.Position, subject: "SSH"}
		if v.Compiled() && len(c.Files) > 0 {
			s.Source = c.Files[0]
		}
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

// Reveals is the kind banner.reveals: it asks that what is shown before a login on the console
// and over SSH, and in the files besides, does not tell which system this is: no escapes for it,
// issue(5), and neither its name nor its version in words.
type Reveals struct {
	Files []string `doc:"further files, as names in the tree without the first slash, such as etc/issue.net and etc/motd"`
}

// Check makes the check.
func (a Reveals) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	for _, name := range a.Files {
		if !filetree.ValidName(name) {
			return nil, errors.New("files are names in the tree, without the first slash")
		}
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		texts, err := a.texts(ctx, sys)
		if err != nil {
			return err
		}
		names, err := namesOf(ctx, sys)
		if err != nil {
			return err
		}
		for _, t := range texts {
			judge(v, t, names)
		}
		for _, name := range append([]string{issue}, a.Files...) {
			v.Absent(check.Evidence{Position: inventory.Position{Source: name}, Subject: name})
		}
		return nil
	}), nil
}

// judge judges one text by the names of the system.
func judge(v *check.Verdict, t banner.Text, names []string) {
	ev := check.Evidence{Position: t.Position, Subject: t.Source, Want: "neither name nor version of the system"}
	escapes := t.Reveals()
	named := t.HasWord(names)
	switch {
	case len(escapes) > 0:
		ev.Got = strings.Join(escapes, " ")
	case named:
		ev.Got = "its name"
	case len(names) == 0:
		ev.Got = "no escape for it; the system says no name of its own"
	default:
		ev.Got = "neither an escape for it nor its name"
	}
	v.Judge(len(escapes) == 0 && !named, ev)
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
