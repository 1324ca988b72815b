// Package banner provides ready-made checks of the text that a system shows before a login: that it
// contains a warning, and that it does not reveal the operating system. [Kinds] lists the names of
// the checks in baselines.
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

// Warns is the kind banner.warns. It requires that the text shown before a login contains one of
// the words. The evidence never contains the text.
type Warns struct {
	// On is where the text is shown, "console" or "ssh". For ssh it is the file that Banner of
	// sshd_config(5) names, and the check is NotApplicable if there is no SSH server.
	On    string   `yaml:"on,required" enum:"console,ssh" doc:"where the text is shown"`
	Words []string `yaml:"words,required" doc:"words or phrases, one of which is in the text, in any letter case"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Warns) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Words) == 0 {
		return nil, errors.New("words must not be empty")
	}
	texts := consoleTexts
	if a.On == "ssh" {
		texts = sshTexts
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		places, err := texts(ctx, sys)
		for _, s := range places {
			a.judge(v, s)
		}
		return err
	}), nil
}

// judge judges the text that is shown in one place.
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

// shown is the complete text that is shown in one place.
type shown struct {
	inventory.Position // where the text or its file is configured
	subject            string
	texts              []banner.Text
}

// consoleTexts returns the text that is shown before a login on the console.
func consoleTexts(ctx context.Context, sys *inventory.System) ([]shown, error) {
	all, err := banner.Console.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	return []shown{{inventory.Position{Source: issue}, "console", all}}, nil
}

const issue = "etc/issue"

// sshTexts returns the text that the SSH server shows, and the text of each Match block with a
// different setting.
func sshTexts(ctx context.Context, sys *inventory.System) ([]shown, error) {
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

// Reveals is the kind banner.reveals. It requires that the text shown before a login, on the
// console and over SSH, does not reveal the operating system: it has no escapes for its name or
// version, see issue(5), and does not contain its name. The same applies to Files.
type Reveals struct {
	Files []string `doc:"further files, as names in the tree without the first slash, such as etc/issue.net and etc/motd"`
}

// Check returns the check. It returns an error if the arguments are invalid.
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

// judge judges whether one text reveals one of the names of the system.
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

// texts returns all shown texts, each file once.
func (a Reveals) texts(ctx context.Context, sys *inventory.System) ([]banner.Text, error) {
	all, err := banner.Console.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	ssh, err := sshTexts(ctx, sys)
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

// namesOf returns the names of the operating system from os-release(5). It returns none if the
// system has no such file.
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
