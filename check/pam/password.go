package pam

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// MinimumLength is the kind pam.minimum-length. It requires that nobody can choose a password that
// is shorter. What counts is the shortest password that a module lets through: pam_pwquality and
// pam_cracklib with their credits, pam_passwdqc, or pam_unix. Root may choose any password unless
// enforce_for_root is set, which is not asked for.
type MinimumLength struct {
	Length   int      `yaml:"length,required" unit:"characters" doc:"the shortest password"`
	Services []string `default:"passwd,login,sshd" doc:"services by which people choose a new password"`
}

// Check returns the check.
func (a MinimumLength) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
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

// Dictionary is the kind pam.dictionary. It requires that a password that is easily guessed is
// refused: one of a dictionary, of a simple pattern, or like the name of the account.
// pam_pwquality, unless its check of the dictionary is off, pam_cracklib and pam_passwdqc do so.
type Dictionary struct {
	Services []string `default:"passwd,login,sshd" doc:"services by which people choose a new password"`
}

// Check returns the check.
func (a Dictionary) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
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

// History is the kind pam.history. It requires that the last passwords of an account are refused,
// by pam_pwhistory or pam_unix.
type History struct {
	Remember int      `yaml:"remember,required" unit:"passwords" doc:"how many are refused, at least"`
	Services []string `default:"passwd,login,sshd" doc:"services by which people choose a new password"`
}

// Check returns the check.
func (a History) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
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
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		return judge(ctx, sys, v, services, func(c *pam.Config) ([]piece, error) {
			return changed(&storing{refuse: refuse, k: &known{ctx: ctx, sys: sys}}, c, want)
		})
	})
}

// changed returns what stops a new password that should be refused in a service, or what does not.
func changed(st *storing, c *pam.Config, want string) ([]piece, error) {
	stack := c.Stacks[pam.Password]
	keeps := slices.IndexFunc(stack, func(e pam.Entry) bool { return e.Name() == passwordModules[0] })
	if keeps < 0 {
		return nil, nil
	}
	st.gates = gates{}
	ends, err := stack.Walk(st.step)
	if err := errors.Join(err, st.k.err); err != nil {
		return nil, err
	}
	kept := slices.ContainsFunc(ends, func(e pam.End) bool { return e.State&stored != 0 })
	refused := slices.ContainsFunc(st.found, func(p piece) bool { return p.good })
	say := func(got string) []piece { return []piece{{!kept, at(stack[keeps], c.Name, want, got)}} }
	switch {
	case kept && refused:
		return say("another is stored all the same: the module that refuses it does not decide"), nil
	case kept && len(st.found) > 0:
		return st.found, nil
	case kept:
		return say("no module asks for it"), nil
	case refused:
		return slices.DeleteFunc(st.found, func(p piece) bool { return !p.good }), nil
	}
	return say("no other is stored"), nil
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
	refuse refusal
	k      *known
	gates  gates
	found  []piece // of modules that refuse it, which is good, and of those that do not
}

func (st *storing) step(e pam.Entry, state uint32) []pam.Move {
	if !slices.Contains(prompting, e.Name()) {
		return st.gates.plain(e, state)
	}
	if e.Name() == "pam_unix" && st.gates.foreign(state) {
		return moves(state, pam.UserUnknown) // it changes accounts of etc/passwd
	}
	refuses, ev := st.refuse(e, st.k.of(e))
	if ev != (check.Evidence{}) {
		st.found = append(st.found, piece{refuses, ev})
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
