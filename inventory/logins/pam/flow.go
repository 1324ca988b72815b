package pam

import (
	"fmt"

	"github.com/hardening-sdk/hardening/inventory"
)

// Move is one possible result of a module.
type Move struct {
	Code Code
	// State is what the caller remembers of the way so far, such as whether a module was reached.
	State uint32
}

// End is the end of a way through a stack: what the program that asked is told, and the last state.
type End struct {
	OK    bool
	State uint32
}

// maxWays is how many different ways [Stack.Walk] follows.
const maxWays = 200_000

// Walk follows all ways through the stack that Linux-PAM may take to authenticate a user, to check
// an account, to open a session or to set a password. step returns the possible results of a module
// in the state of the way so far; the first state is 0. Walk returns the different ends. Other
// functions, such as closing a session or setting credentials, take other ways and are not
// followed.
//
// A jump beyond the end of the stack or substack fails. A stack without entries fails.
func (st Stack) Walk(step func(e Entry, state uint32) []Move) ([]End, error) {
	seen, ends := map[way]bool{}, map[End]bool{}
	var out []End
	todo := []way{{}}
	for len(todo) > 0 {
		w := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[w] {
			continue
		}
		if seen[w] = true; len(seen) > maxWays {
			return nil, fmt.Errorf("more than %d ways through the stack: %w", maxWays, inventory.ErrLimit)
		}
		// The end of the stack.
		if w.at == len(st) {
			if end := (End{w.good && w.said == positive, w.state}); !ends[end] {
				ends[end] = true
				out = append(out, end)
			}
			continue
		}
		e := st[w.at]
		if e.Include != "" { // it begins a substack
			if e.Level+1 < len(w.saved) {
				w.saved[e.Level+1] = w.verdict
			}
			w.at++
			todo = append(todo, w)
			continue
		}
		// Each result of the module is a way of its own.
		for _, m := range step(e, w.state) {
			next := w
			next.state = m.State
			next.apply(st, e.Control.On(m.Code), m.Code)
			todo = append(todo, next)
		}
	}
	return out, nil
}

// impression is whether a stack succeeds or fails so far, as in Linux-PAM.
type impression int8

const (
	undecided impression = iota
	positive
	negative
)

// verdict is the result of the stack so far.
type verdict struct {
	said impression
	good bool // the code of the result is success
}

// way is a place on a way through the stack.
type way struct {
	verdict
	at    int // the index of the next entry
	state uint32
	saved [maxDepth + 1]verdict // the verdict before each substack, by its level
}

// apply performs the action of the entry at w and goes on to the next entry.
func (w *way) apply(st Stack, a Action, code Code) {
	level := st[w.at].Level
	switch {
	case a == DoReset:
		w.verdict = w.saved[min(level, maxDepth)]
	case a == DoOK || a == DoDone:
		if w.said == undecided || w.said == positive && w.good {
			w.said, w.good = positive, code == Success
		}
		if a == DoDone && w.said == positive {
			w.leave(st, level)
		}
	case a == DoBad || a == DoDie:
		w.said, w.good = negative, false
		if a == DoDie {
			w.leave(st, level)
		}
	case a > 0:
		w.jump(st, level, int(a))
	}
	w.at++
}

// leave goes to the last entry of the stack or substack.
func (w *way) leave(st Stack, level int) {
	for w.at+1 < len(st) && st[w.at+1].Level >= level {
		w.at++
	}
}

// jump goes to the last entry that is jumped over. A substack counts as one entry.
func (w *way) jump(st Stack, level, n int) {
	for ; n > 0 && w.at+1 < len(st) && st[w.at+1].Level >= level; n-- {
		w.at++
		for w.at+1 < len(st) && st[w.at+1].Level > level {
			w.at++
		}
	}
	if n > 0 {
		w.said, w.good = negative, false
	}
}

// Any returns codes that stand for all results of a module: one for each different effect in its
// control. It is for unknown modules.
func (e Entry) Any() []Code {
	type effect struct {
		a       Action
		success bool
	}
	var all []Code
	seen := map[effect]bool{}
	for _, c := range codes {
		x := effect{e.Control.On(c), c == Success}
		if c == "incomplete" || seen[x] {
			continue
		}
		seen[x] = true
		all = append(all, c)
	}
	return all
}
