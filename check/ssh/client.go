package ssh

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sshclient"
)

// Client is the kind ssh.client. It requires that no line of the SSH client's configuration for all
// users gives a directive, for whatever hosts, a value that is refused. Where no line sets it the
// client's own value counts, which is taken as good. Without the file there is nothing to judge.
type Client struct {
	Name   string   `yaml:"name,required" doc:"the directive, as ssh_config(5) spells it"`
	Refuse []string `yaml:"refuse,required" doc:"values that no line may have, in any letter case"`
	Except []string `doc:"words of Host lines; what is set for them alone is not judged"`
}

// Check returns the check.
func (a Client) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Refuse) == 0 {
		return nil, errors.New("want values that are refused")
	}
	return check.Of(sshclient.Fact, func(v *check.Verdict, all []sshclient.Line) {
		want := "not " + strings.Join(a.Refuse, " or ")
		set := false
		for _, l := range all {
			if !strings.EqualFold(l.Name, a.Name) {
				continue
			}
			set = true
			ev := check.Evidence{Position: l.Position, Subject: a.Name, Want: want, Got: a.told(l.Value)}
			if l.For != "" {
				ev.Subject += " (" + l.For + ")"
			}
			refused := slices.ContainsFunc(a.Refuse, func(r string) bool { return strings.EqualFold(r, l.Value) })
			if refused && a.excepts(l) {
				refused, ev.Got = false, a.told(l.Value)+", for hosts that are excepted"
			}
			v.Judge(!refused, ev)
		}
		if !set {
			v.Good(check.Evidence{Position: inventory.Position{Source: "etc/ssh/ssh_config"}, Subject: a.Name, Want: want, Got: "not set"})
		}
	}), nil
}

// told returns a value that may be shown: one that is refused, a word or a number. Others may hold
// a command with its secrets, such as ProxyCommand, or a variable, such as SetEnv.
func (a Client) told(value string) string {
	plain := !strings.ContainsFunc(value, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if plain && len(value) <= 32 || slices.ContainsFunc(a.Refuse, func(r string) bool { return strings.EqualFold(r, value) }) {
		return value
	}
	return "another value"
}

// excepts reports whether a line is for hosts alone that are not judged.
func (a Client) excepts(l sshclient.Line) bool {
	words := strings.Fields(l.For)
	return len(words) > 1 && strings.EqualFold(words[0], "host") &&
		!slices.ContainsFunc(words[1:], func(w string) bool { return !slices.Contains(a.Except, w) })
}
