package pam

import (
	"fmt"

	"github.com/hardening-sdk/hardening/inventory"
)

// Move is one way in which a module may answer.
type Move struct {
	Code Code
	// State is what the caller keeps of the way so far, such as whether a module was reached.
	State uint32
}

// End is a way through a stack: what the program that asked is told, and the state that the
// moves left.
type End struct {
	OK    bool
	State uint32
}

// maxWays is how many different ways [Stack.Walk] follows.
const maxWays = 200_000

// Walk follows every way through the stack, as Linux-PAM takes it when it is asked to
// authenticate, or for an account, a session or a new password: step says what a module may
// answer in the state of the way so far, the state being 0 at first. It answers the different
// ends. Closing a session and credentials go other ways and are not followed.
//
// A jump that leads past the end of the stack, or of the substack, fails. A stack without
// entries fails.
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
		for _, m := range step(e, w.state) {
			next := w
			next.state = m.State
			next.apply(st, e.Control.On(m.Code), m.Code)
			todo = append(todo, next)
		}
	}
	return out, nil
}

type impression int8

const (
	undecided impression = iota
	positive
	negative
)

// verdict is what the stack has come to so far.
type verdict struct {
	said impression
	good bool // the code that would be told is success
}

type way struct {
	verdict
	at    int
	state uint32
	saved [maxDepth + 1]verdict // as it was when a substack began, by its level
}

// apply does what an answer of the entry at w asks for and goes on to the next entry.
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

// jump goes to the last entry that is jumped over; a substack counts as one.
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

// Any answers codes that stand for all that a module may answer: one for each different
// thing that its control makes of them. It is for modules that are not known.
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
