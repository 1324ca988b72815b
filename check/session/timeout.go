package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

// Timeout is the kind session.timeout. It requires that idle shells end: etc/profile sets TMOUT to
// a number of seconds, for programs that it starts as well (export), and so that nobody can change
// it (readonly). bash(1) and others heed it; sessions without a shell do not.
type Timeout struct {
	MaxSeconds int `yaml:"max-seconds,required" unit:"seconds" doc:"the longest that a shell may be idle"`
}

// Check returns the check.
func (a Timeout) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MaxSeconds < 1 {
		return nil, errors.New("one second or more")
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		if there, err := shell(ctx, sys); err != nil {
			return err
		} else if !there {
			return noShell(v)
		}
		var all [][]shellrc.Variable
		for _, sh := range logins {
			if !sh.Interactive {
				continue // nobody is idle in it
			}
			one, err := variables(ctx, sys, sh, "TMOUT")
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		f := newFinder(v)
		for _, one := range all {
			a.judge(f, one)
		}
		return nil
	}), nil
}

// judge judges the values that there may be at last. Where some are as wanted it is not certain
// that the others count.
func (a Timeout) judge(f finder, all []shellrc.Variable) {
	certain := !slices.ContainsFunc(all, func(x shellrc.Variable) bool { return a.accepts(x) || !x.Value.Known() })
	for _, x := range all {
		ev := check.Evidence{Position: x.Position, Subject: "TMOUT", Want: fmt.Sprintf("1 to %d, readonly and exported", a.MaxSeconds), Got: state(x)}
		if !x.Set {
			ev.Source = "etc/profile"
		}
		switch {
		case a.accepts(x):
			f.good(ev)
		case certain:
			f.bad(ev)
		default:
			f.unsure(ev)
		}
	}
}

func (a Timeout) accepts(v shellrc.Variable) bool {
	n, err := strconv.Atoi(string(v.Value))
	return v.Set && err == nil && n >= 1 && n <= a.MaxSeconds && v.Protected && v.Exported
}

// state tells a value and what is lacking.
func state(v shellrc.Variable) string {
	if !v.Set {
		return "not set"
	}
	text := "a value that is worked out"
	if v.Value.Known() {
		text = "no number"
		if _, err := strconv.Atoi(string(v.Value)); err == nil {
			text = string(v.Value)
		}
	}
	var lacks []string
	if !v.Protected {
		lacks = append(lacks, "not readonly")
	}
	if !v.Exported {
		lacks = append(lacks, "not exported")
	}
	return strings.Join(append([]string{text}, lacks...), ", ")
}
