package session

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

// Timeout asks that idle shells end: etc/profile sets TMOUT to a number of seconds, for
// programs that it starts as well (export), and so that nobody can change it (readonly).
// bash(1) and others heed it; sessions without a shell do not.
type Timeout struct {
	MaxSeconds int `yaml:"max-seconds,required"`
}

// Check makes the check.
func (a Timeout) Check() (check.Check, error) {
	if a.MaxSeconds < 1 {
		return nil, errors.New("one second or more")
	}
	want := fmt.Sprintf("1 to %d, readonly and exported", a.MaxSeconds)
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		if there, err := shell(ctx, sys); err != nil {
			return check.FromError(err)
		} else if !there {
			return check.Absent("no shell")
		}
		all, err := shellrc.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		var bad, good []check.Evidence
		sure := true
		for _, v := range shellrc.Variables(all, "TMOUT") {
			ev := check.Evidence{Position: v.Position, Subject: "TMOUT", Want: want, Got: state(v)}
			if !v.Set {
				ev.Source = "etc/profile"
			}
			if sure = sure && v.Value.Known(); a.accepts(v) {
				good = append(good, ev)
			} else {
				bad = append(bad, ev)
			}
		}
		switch {
		case len(bad) == 0:
			return verdict{good: good}.result()
		case len(good) > 0 || !sure:
			return verdict{unsure: bad}.result()
		}
		return verdict{bad: bad}.result()
	}), nil
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
