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
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// Lockout is the kind pam.lockout. It requires that an account is locked after wrong passwords: on
// every way through the stacks of the services on which a wrong password is refused it is
// counted, and on none is a locked account let in with the right one. pam_faillock and the older
// pam_tally2 and pam_tally do so. Ways on which no password is looked up do not matter.
type Lockout struct {
	MaxDeny     int      `yaml:"max-deny,required" unit:"passwords" doc:"after how many wrong passwords an account is locked, at most"`
	MinUnlock   int      `yaml:"min-unlock,required" unit:"seconds" doc:"for how long it is locked, at least; for good is more than any time"`
	MinInterval int      `unit:"seconds" doc:"within what time wrong passwords are counted, at least; of pam_faillock only"`
	Services    []string `default:"login,sshd,su,su-l,sudo,sudo-i,remote,cockpit,polkit-1,vlock,gdm-password,lightdm,sddm,xrdp-sesman,vsftpd" doc:"services by which people log in or take on the rights of another account"`
}

// Check returns the check.
func (a Lockout) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MaxDeny < 1 || a.MinUnlock < 0 || a.MinInterval < 0 {
		return nil, errors.New("at least one wrong password, and times of zero seconds or more")
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		return judge(ctx, sys, v, a.Services, func(c *pam.Config) ([]piece, error) {
			found, err := a.judge(&known{ctx: ctx, sys: sys}, c)
			if err != nil || c.Name != "sshd" {
				return found, err
			}
			more, err := withoutPAM(ctx, sys)
			return append(found, more...), err
		})
	}), nil
}

// withoutPAM returns what is wrong with an SSH server that looks passwords up itself: no module
// counts them then.
func withoutPAM(ctx context.Context, sys *inventory.System) ([]piece, error) {
	c, err := sshd.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	passwords, errP := c.Values("PasswordAuthentication")
	all, errA := c.Values("UsePAM")
	if err := errors.Join(errP, errA); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(passwords, func(s sshd.Value) bool { return s.Value != "no" }) {
		return nil, nil
	}
	var found []piece
	for _, s := range all {
		ev := check.Evidence{Position: s.Position, Subject: "UsePAM", Want: "yes, so that wrong passwords are counted", Got: s.Value}
		if s.Compiled() && len(c.Files) > 0 {
			ev.Source = c.Files[0]
		}
		found = append(found, piece{s.Value == "yes", ev})
	}
	return found, nil
}

var (
	faillock = []string{"pam_faillock"}
	tally    = []string{"pam_tally2", "pam_tally"}
)

func locks(e pam.Entry) bool {
	return slices.Contains(faillock, e.Name()) || slices.Contains(tally, e.Name())
}

// The state of a way through a stack of logins.
const (
	looked  = 1 << iota // a password was looked up
	counted             // a wrong one was counted
)

func (a Lockout) judge(k *known, c *pam.Config) ([]piece, error) {
	stack := c.Stacks[pam.Auth]
	i := slices.IndexFunc(stack, func(e pam.Entry) bool { return slices.Contains(passwordModules, e.Name()) })
	if i < 0 {
		return nil, nil
	}
	if !slices.ContainsFunc(stack, locks) {
		return []piece{{false, at(stack[i], "auth of "+c.Name, "a module that locks accounts, such as pam_faillock", "none")}}, nil
	}
	met := map[string]pam.Entry{} // the modules that lock, by place
	g := gates{}
	wrong, err := stack.Walk(func(e pam.Entry, state uint32) []pam.Move { return a.wrong(k, g, met, e, state) })
	locked, errLocked := stack.Walk(func(e pam.Entry, state uint32) []pam.Move { return lockedOut(g, met, e, state) })
	if err := errors.Join(err, errLocked, k.err); err != nil {
		return nil, err
	}
	var found []piece
	if ended(locked, true, looked) {
		found = append(found, piece{false, at(stack[i], "auth of "+c.Name, "a locked account is refused", "the right password opens it on some way through the stack")})
	}
	if ended(wrong, false, looked) {
		found = append(found, piece{false, at(stack[i], "auth of "+c.Name, "every wrong password is counted", "it is not on some way through the stack")})
	}
	for _, place := range sortedKeys(met) {
		found = append(found, a.settings(k, met[place])...)
	}
	return found, k.err
}

// wrong returns what modules do where the account is not locked and the password is wrong.
func (a Lockout) wrong(k *known, g gates, met map[string]pam.Entry, e pam.Entry, state uint32) []pam.Move {
	switch {
	case slices.Contains(tally, e.Name()):
		met[e.Place()] = e
		return moves(state|counted, pam.Success)
	case slices.Contains(faillock, e.Name()):
		met[e.Place()] = e
		if k.of(e)["action"].Value == "authfail" {
			return moves(state|counted, pam.Ignore)
		}
		return moves(state, pam.Success)
	case slices.Contains(passwordModules, e.Name()):
		return moves(state|looked, pam.AuthErr, pam.UserUnknown, pam.InfoUnavail, pam.MaxTries)
	}
	return g.plain(e, state)
}

// lockedOut returns what modules do where the account is locked and the password is right.
func lockedOut(g gates, met map[string]pam.Entry, e pam.Entry, state uint32) []pam.Move {
	switch {
	case locks(e):
		met[e.Place()] = e
		return moves(state, pam.AuthErr)
	case slices.Contains(passwordModules, e.Name()):
		return append(moves(state|looked, pam.Success), moves(state, pam.UserUnknown)...)
	}
	return g.plain(e, state)
}

// settings judges how soon and for how long a module locks.
func (a Lockout) settings(k *known, e pam.Entry) []piece {
	s := k.of(e)
	var found []piece
	judge := func(name, want string, good bool) {
		n, _ := s.Number(name)
		found = append(found, piece{good, setTo(e, s, name, want, fmt.Sprint(n))})
	}
	deny, _ := s.Number("deny")
	judge("deny", fmt.Sprintf("1 to %d", a.MaxDeny), deny >= 1 && deny <= a.MaxDeny)
	unlock, _ := s.Number("unlock_time")
	judge("unlock_time", fmt.Sprintf("%d or more, or 0 for good", a.MinUnlock), unlock == 0 || unlock >= a.MinUnlock)
	_, rootToo := s["even_deny_root"]
	if s["admin_group"].Value != "" && !rootToo {
		found = append(found, piece{false, setTo(e, s, "admin_group", "no other than root is never locked, or even_deny_root", "members of a group are never locked")})
	}
	if interval, ok := s.Number("fail_interval"); ok {
		judge("fail_interval", fmt.Sprintf("%d or more", a.MinInterval), interval >= a.MinInterval)
	}
	return found
}
