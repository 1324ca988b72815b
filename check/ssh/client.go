package ssh

import (
	"errors"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/logins/sshclient"
)

// Client asks that no line of the SSH client's configuration for all users gives a
// directive, for whatever hosts, a value that is refused. Where no line sets it the client's
// own value counts, which is taken as good. Without the file there is nothing to judge.
type Client struct {
	Name   string   `yaml:"name,required"`
	Refuse []string `yaml:"refuse,required"` // values, in any letter case
	// Except are words of Host lines: a line that has no others is not judged.
	Except []string
}

// Check makes the check.
func (a Client) Check() (check.Check, error) {
	if a.Name == "" || len(a.Refuse) == 0 {
		return nil, errors.New("want a name and values that are refused")
	}
	return check.OldOf(sshclient.Fact, func(all []sshclient.Line) check.Result {
		var bad []check.Evidence
		for _, l := range all {
			if !strings.EqualFold(l.Name, a.Name) || !slices.ContainsFunc(a.Refuse, func(v string) bool { return strings.EqualFold(v, l.Value) }) {
				continue
			}
			if words := strings.Fields(l.For); len(words) > 1 && strings.EqualFold(words[0], "host") &&
				!slices.ContainsFunc(words[1:], func(w string) bool { return !slices.Contains(a.Except, w) }) {
				continue
			}
			ev := check.Evidence{Position: l.Position, Subject: a.Name, Want: "not " + strings.Join(a.Refuse, " or "), Got: l.Value}
			if l.For != "" {
				ev.Subject += " (" + l.For + ")"
			}
			bad = append(bad, ev)
		}
		if len(bad) > 0 {
			return check.Failed("", bad...)
		}
		return check.Passed("")
	}), nil
}
