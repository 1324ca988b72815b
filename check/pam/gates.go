package pam

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// gates remembers on a way through a stack what modules said that judge an account and not what
// it knows: the same question has the same answer again, so that ways on which an account is local
// here and is not there are not followed. It belongs to one walk.
type gates map[string]uint32

// The lower bits of a state are the caller's; each gate has two bits above them, of which there is
// room for twelve. What more gates say is not remembered.
const (
	firstGate = 1 << 8
	lastGate  = 1 << 30
)

// local is the question of pam_localuser: is the account in etc/passwd.
const local = "pam_localuser"

// answer returns the possible results of a gate in a state: those when it says yes, and when no.
func (g gates) answer(question string, state uint32, yes, no []pam.Code) []pam.Move {
	bit := g.bit(question)
	var all []pam.Move
	if state&(bit<<1) == 0 {
		all = append(all, moves(state|bit, yes...)...)
	}
	if state&bit == 0 {
		all = append(all, moves(state|bit<<1, no...)...)
	}
	return all
}

// bit returns the bit that says yes to a question; the next one says no. It is 0 where there is no
// room.
func (g gates) bit(question string) uint32 {
	bit, ok := g[question]
	if !ok {
		if bit = firstGate << (2 * len(g)); bit > lastGate || len(g) > 11 {
			bit = 0
		}
		g[question] = bit
	}
	return bit
}

// ended reports whether a way ended so, whatever the gates said.
func ended(ends []pam.End, ok bool, state uint32) bool {
	return slices.ContainsFunc(ends, func(e pam.End) bool { return e.OK == ok && e.State&(firstGate-1) == state })
}

// foreign reports whether the account is known in a state not to be in etc/passwd.
func (g gates) foreign(state uint32) bool {
	return state&(g.bit(local)<<1) != 0
}

// plain returns what modules do that always do the same, what gates do, and of others everything.
// Who asks is not root.
func (g gates) plain(e pam.Entry, state uint32) []pam.Move {
	switch e.Name() {
	case "pam_permit":
		return moves(state, pam.Success)
	case "pam_deny":
		return moves(state, denied[e.Group])
	case "pam_rootok":
		return moves(state, pam.AuthErr)
	case local:
		return g.answer(local, state, []pam.Code{pam.Success}, []pam.Code{pam.PermDenied})
	case "pam_usertype", "pam_succeed_if":
		return g.answer(e.Name()+" "+strings.Join(questions(e.Args), " "), state, []pam.Code{pam.Success}, []pam.Code{pam.AuthErr})
	}
	return moves(state, e.Any()...)
}

// questions returns the arguments that say what is asked, without those that say how it is logged.
func questions(args []string) []string {
	var all []string
	for _, a := range args {
		switch a {
		case "debug", "quiet", "quiet_fail", "quiet_success", "audit":
		default:
			all = append(all, a)
		}
	}
	return all
}
