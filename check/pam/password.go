package pam

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// MinimumLength asks that nobody can choose a password that is shorter. What counts is the
// shortest password that a module lets through: pam_pwquality and pam_cracklib with their
// credits, pam_passwdqc, or pam_unix. Root may choose any password unless enforce_for_root is
// set, which is not asked for.
type MinimumLength struct {
	Length   int      `yaml:"length,required"`
	Services []string // default passwd, login, sshd
}

// Check makes the check.
func (a MinimumLength) Check() (check.Check, error) {
	if a.Length < 1 {
		return nil, errors.New("a length of one or more")
	}
	want := fmt.Sprintf("%d characters or more", a.Length)
	return change(a.Services, func(e pam.Entry, s pam.Settings) (bool, check.Evidence) {
		setting, n := "minlen", 0
		switch e.Name() {
		case "pam_pwquality":
			if s["enforcing"].Value == "0" {
				return false, setTo(e, s, "enforcing", "a password is refused", "it is only warned of")
			}
			n = s.Shortest()
		case "pam_cracklib":
			n = s.Shortest()
		case "pam_passwdqc":
			if s["enforce"].Value == "none" {
				return false, setTo(e, s, "enforce", "a password is refused", "it is only warned of")
			}
			setting = "min"
			n, _ = s.ShortestPassphrase()
		case "pam_unix":
			if s["minlen"].Compiled() {
				return false, check.Evidence{}
			}
			n, _ = s.Number("minlen")
		default:
			return false, check.Evidence{}
		}
		return n >= a.Length, setTo(e, s, setting, want, fmt.Sprint(n))
	}, want), nil
}

// Dictionary asks that a password that is easily guessed is refused: one of a dictionary, of
// a simple pattern, or like the name of the account. pam_pwquality, unless its check of the
// dictionary is off, pam_cracklib and pam_passwdqc do so.
type Dictionary struct {
	Services []string // default passwd, login, sshd
}

// Check makes the check.
func (a Dictionary) Check() (check.Check, error) {
	const want = "a password that is easily guessed is refused"
	return change(a.Services, func(e pam.Entry, s pam.Settings) (bool, check.Evidence) {
		setting := ""
		switch e.Name() {
		case "pam_pwquality":
			for _, name := range []string{"dictcheck", "enforcing"} {
				if s[name].Value == "0" {
					return false, setTo(e, s, name, want, name+" is off")
				}
			}
			setting = "dictcheck"
		case "pam_passwdqc":
			if s["enforce"].Value == "none" {
				return false, setTo(e, s, "enforce", want, "it is only warned of")
			}
			setting = "enforce"
		case "pam_cracklib":
			return true, at(e, e.Name(), want, "it is checked")
		default:
			return false, check.Evidence{}
		}
		return true, setTo(e, s, setting, want, "it is checked")
	}, want), nil
}

// History asks that the last passwords of an account are refused, by pam_pwhistory or
// pam_unix.
type History struct {
	Remember int      `yaml:"remember,required"` // how many, at least
	Services []string // default passwd, login, sshd
}

// Check makes the check.
func (a History) Check() (check.Check, error) {
	if a.Remember < 1 {
		return nil, errors.New("remember one or more")
	}
	want := fmt.Sprintf("the last %d are refused", a.Remember)
	return change(a.Services, func(e pam.Entry, s pam.Settings) (bool, check.Evidence) {
		if e.Name() != "pam_pwhistory" && (e.Name() != "pam_unix" || s["remember"].Compiled()) {
			return false, check.Evidence{}
		}
		n, _ := s.Number("remember")
		return n >= a.Remember, setTo(e, s, "remember", want, fmt.Sprintf("the last %d", n))
	}, want), nil
}

// setTo returns evidence about a setting of the module of an entry.
func setTo(e pam.Entry, s pam.Settings, name, want, got string) check.Evidence {
	ev := check.Evidence{Subject: e.Name() + " " + name, Want: want, Got: got}
	ev.Source, ev.Line = s.Place(name, e)
	if x, ok := s[name]; ok && x.Compiled() {
		ev.Got += ", the module's own value"
	}
	return ev
}

// refusal says whether a module refuses the new password in question, with the setting that
// decides; the evidence is empty where the module has nothing to do with it.
type refusal func(e pam.Entry, s pam.Settings) (refuses bool, ev check.Evidence)

// change asks that a new password that should be refused is stored on no way through the
// stacks of the services.
func change(services []string, refuse refusal, want string) check.Check {
	if services == nil {
		services = changes
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		return judge(ctx, sys, services, func(c *pam.Config) (finding, error) {
			stack := c.Stacks[pam.Password]
			keeps := slices.IndexFunc(stack, func(e pam.Entry) bool { return e.Name() == passwordModules[0] })
			if keeps < 0 {
				return finding{}, nil
			}
			st := &storing{refuse: refuse, k: &known{ctx: ctx, sys: sys}}
			ends, err := stack.Walk(st.step)
			if err := errors.Join(err, st.k.err); err != nil {
				return finding{}, err
			}
			if !slices.ContainsFunc(ends, func(e pam.End) bool { return e.State&stored != 0 }) {
				return finding{good: append(st.good, at(stack[keeps], c.Name, want, "no other is stored"))[:max(1, len(st.good))]}, nil
			}
			if len(st.good) > 0 {
				return finding{bad: []check.Evidence{at(stack[keeps], c.Name, want, "another is stored all the same: the module that refuses it does not decide")}}, nil
			}
			return finding{bad: append(st.bad, at(stack[keeps], c.Name, want, "no module asks for it"))[:max(1, len(st.bad))]}, nil
		})
	})
}

// The state of a way through a stack of passwords.
const (
	given  = 1 << iota // a password was typed and passed on
	stored             // it was stored
)

// prompting are the modules that ask for the new password where none was passed on.
var prompting = []string{"pam_pwquality", "pam_cracklib", "pam_passwdqc", "pam_pwhistory", "pam_unix"}

// storing follows a password that should be refused.
type storing struct {
	refuse    refusal
	k         *known
	good, bad []check.Evidence
}

func (st *storing) step(e pam.Entry, state uint32) []pam.Move {
	if !slices.Contains(prompting, e.Name()) {
		return plain(e, state)
	}
	refuses, ev := st.refuse(e, st.k.of(e))
	if ev != (check.Evidence{}) {
		if refuses {
			st.good = append(st.good, ev)
		} else {
			st.bad = append(st.bad, ev)
		}
	}
	if state&given == 0 && (e.Has("use_authtok") || e.Has("use_first_pass")) {
		return moves(state, pam.AuthtokErr) // nothing was passed on
	}
	if refuses {
		if e.Name() != "pam_passwdqc" { // it leaves what was passed on as it is
			state &^= given
		}
		return moves(state, pam.AuthtokErr, pam.MaxTries)
	}
	state |= given
	if e.Name() == "pam_unix" {
		state |= stored
	}
	return moves(state, pam.Success)
}
