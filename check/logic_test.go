package check_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// run examines a system of one file, etc/shadow, which cannot be read.
func run(t *testing.T, c check.Check) check.Result {
	t.Helper()
	sys := inventorytest.System(t, "-- etc/shadow error=EACCES --\n-- etc/passwd --\nroot\n")
	out, err := check.Run(t.Context(), sys, []check.Compiled{{Rule: check.Rule{ID: "r"}, Check: c}}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Result
}

func is(s check.Status) check.Check {
	return simple(func(context.Context, *inventory.System) check.Result { return check.Result{Status: s} })
}

// blind returns s over a read that failed and that it does not mention.
func blind(s check.Status) check.Check {
	return simple(func(ctx context.Context, sys *inventory.System) check.Result {
		_, _ = sys.ReadFile(ctx, "etc/shadow")
		return check.Result{Status: s}
	})
}

func TestCombinations(t *testing.T) {
	const (
		P, F, E, U = check.Pass, check.Fail, check.Error, check.Unknown
		N, K       = check.NotApplicable, check.NotChecked
	)
	for _, c := range []struct {
		in       []check.Status
		all, any check.Status
	}{
		{nil, N, N},
		{[]check.Status{P}, P, P},
		{[]check.Status{F}, F, F},
		{[]check.Status{N}, N, N},
		{[]check.Status{P, F}, F, P},
		{[]check.Status{P, N}, P, P},
		{[]check.Status{F, N}, F, F},
		{[]check.Status{P, U}, U, P},
		{[]check.Status{F, U}, F, U},
		{[]check.Status{E, U, K}, E, E},
		{[]check.Status{U, K, P}, U, P},
		{[]check.Status{K, P}, K, P},
		{[]check.Status{K, F}, F, K},
		{[]check.Status{E, F}, F, E},
		{[]check.Status{E, P}, E, P},
		{[]check.Status{check.Fixed, N}, P, P},
		{[]check.Status{check.Informational, check.NotSelected}, N, N},
		{[]check.Status{check.Informational, F}, F, F},
	} {
		for _, order := range permutations(c.in) {
			checks := make([]check.Check, len(order))
			for i, s := range order {
				checks[i] = is(s)
			}
			if got := run(t, check.All(checks...)).Status; got != c.all {
				t.Errorf("All%v: got %s, want %s", order, got, c.all)
			}
			if got := run(t, check.Any(checks...)).Status; got != c.any {
				t.Errorf("Any%v: got %s, want %s", order, got, c.any)
			}
		}
	}
}

func permutations(in []check.Status) [][]check.Status {
	if len(in) < 2 {
		return [][]check.Status{in}
	}
	var all [][]check.Status
	for i := range in {
		rest := append(append([]check.Status{}, in[:i]...), in[i+1:]...)
		for _, p := range permutations(rest) {
			all = append(all, append([]check.Status{in[i]}, p...))
		}
	}
	return all
}

func TestNotAndWhen(t *testing.T) {
	swap := map[check.Status]check.Status{check.Pass: check.Fail, check.Fail: check.Pass}
	for s := check.Unknown; s <= check.Fixed; s++ {
		want := s
		if w, ok := swap[s]; ok {
			want = w
		}
		if got := run(t, check.Not(is(s))).Status; got != want {
			t.Errorf("Not(%s): got %s, want %s", s, got, want)
		}
	}
	for s, want := range map[check.Status]check.Status{
		check.Pass: check.Fail, check.Fixed: check.Fail,
		check.Fail: check.NotApplicable, check.NotApplicable: check.NotApplicable,
		check.Unknown: check.Unknown, check.Error: check.Error, check.NotChecked: check.NotChecked,
	} {
		if got := run(t, check.When(is(s), is(check.Fail))).Status; got != want {
			t.Errorf("When(%s, fail): got %s, want %s", s, got, want)
		}
	}
}

func TestNotTurnsEvidence(t *testing.T) {
	fail := simple(func(context.Context, *inventory.System) check.Result {
		return failed("m", check.Evidence{Subject: "telnet", Want: "installed", Got: "absent"})
	})
	got := run(t, check.Not(fail)).Evidence
	want := []check.Evidence{{Subject: "telnet", Want: "not installed", Got: "absent", Method: "computed"}}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
	if got := run(t, check.Not(check.Not(fail))).Evidence[0].Want; got != "installed" {
		t.Errorf("got %q turned twice, want installed", got)
	}
}

// Whatever is composed of them, an answer that a failed read could change is none.
func TestFailClosed(t *testing.T) {
	wrapped := func(c check.Check) check.Check {
		return simple(func(ctx context.Context, s *inventory.System) check.Result { return c.Examine(ctx, s) })
	}
	for name, c := range map[string]struct {
		check check.Check
		want  check.Status
	}{
		"pass":                            {blind(check.Pass), check.Unknown},
		"not applicable":                  {blind(check.NotApplicable), check.Unknown},
		"informational":                   {blind(check.Informational), check.Unknown},
		"fixed":                           {blind(check.Fixed), check.Unknown},
		"fail is seen evidence":           {blind(check.Fail), check.Fail},
		"not pass":                        {check.Not(blind(check.Pass)), check.Unknown},
		"not fail":                        {check.Not(blind(check.Fail)), check.Unknown},
		"not not fail":                    {check.Not(check.Not(blind(check.Fail))), check.Unknown},
		"when fail":                       {check.When(blind(check.Fail), is(check.Pass)), check.Unknown},
		"when pass":                       {check.When(blind(check.Pass), is(check.Pass)), check.Unknown},
		"any of pass and blind":           {check.Any(is(check.Pass), blind(check.Pass)), check.Pass},
		"all of fail and blind":           {check.All(is(check.Fail), blind(check.Pass)), check.Fail},
		"all of pass and blind":           {check.All(is(check.Pass), blind(check.Pass)), check.Unknown},
		"not all, clean fail":             {check.Not(check.All(is(check.Fail), blind(check.Fail))), check.Pass},
		"not all, blind fail only":        {check.Not(check.All(is(check.Pass), blind(check.Fail))), check.Unknown},
		"not any, one blind":              {check.Not(check.Any(is(check.Fail), blind(check.Fail))), check.Unknown},
		"not any, all clean":              {check.Not(check.Any(is(check.Fail), is(check.Fail))), check.Pass},
		"when any blind":                  {check.When(check.Any(blind(check.Fail), is(check.Fail)), is(check.Pass)), check.Unknown},
		"wrapped any, so unknown to pass": {wrapped(check.Any(is(check.Pass), blind(check.Pass))), check.Unknown},
		"when then":                       {check.When(is(check.Pass), blind(check.Pass)), check.Unknown},
		"not when, blind then":            {check.Not(check.When(is(check.Pass), blind(check.Fail))), check.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, c.check)
			if r.Status != c.want {
				t.Errorf("got %s (%s), want %s", r.Status, r.Message, c.want)
			}
			if r.Status == check.Unknown && r.Reason != reason.Permission {
				t.Errorf("got reason %q, want permission", r.Reason)
			}
		})
	}
}

// What a check reads by a handle of its own, or learns of a fact whose error it swallows,
// is held against it as well.
func TestFailClosedByOtherWays(t *testing.T) {
	missing := inventory.NewFact("missing", func(ctx context.Context, sys *inventory.System) (int, error) {
		_, err := sys.ReadFile(ctx, "etc/none")
		return 0, err
	})
	joined := inventory.NewFact("joined", func(ctx context.Context, sys *inventory.System) (int, error) {
		return 0, errors.Join(inventory.ErrAbsent, errors.New("and a malformed line"))
	})
	without := inventory.NewFact("absent", func(ctx context.Context, sys *inventory.System) (int, error) {
		return 0, fmt.Errorf("wrapped: %w", inventory.ErrAbsent)
	})
	var ring *inventory.Fact[int]
	ring = inventory.NewFact("ring", func(ctx context.Context, sys *inventory.System) (int, error) {
		_, _ = ring.Of(ctx, sys)
		return 1, nil
	})
	slow := inventory.NewFact("slow", func(ctx context.Context, sys *inventory.System) (int, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	})
	for name, c := range map[string]struct {
		check simple
		want  check.Status
	}{
		"a fact in a cycle": {func(ctx context.Context, sys *inventory.System) check.Result {
			_, _ = ring.Of(ctx, sys)
			return passed("")
		}, check.Error},
		"a fact that was not waited for": {func(ctx context.Context, sys *inventory.System) check.Result {
			short, cancel := context.WithTimeout(ctx, time.Millisecond)
			defer cancel()
			_, _ = slow.Of(short, sys)
			return passed("")
		}, check.Unknown},
		"a handle that is dropped": {func(ctx context.Context, sys *inventory.System) check.Result {
			_, _ = sys.Handle(new(trail.Trail).Writer()).ReadFile(ctx, "etc/shadow")
			return passed("")
		}, check.Unknown},
		"a fact without its file": {func(ctx context.Context, sys *inventory.System) check.Result {
			_, _ = missing.Of(ctx, sys)
			return passed("")
		}, check.Error},
		"a fact of two minds": {func(ctx context.Context, sys *inventory.System) check.Result {
			_, _ = joined.Of(ctx, sys)
			return absent("")
		}, check.Error},
		"a fact without a subject": {func(ctx context.Context, sys *inventory.System) check.Result {
			_, _ = without.Of(ctx, sys)
			return passed("")
		}, check.Pass},
	} {
		if r := run(t, c.check); r.Status != c.want {
			t.Errorf("%s: got %s (%s), want %s", name, r.Status, r.Message, c.want)
		}
	}
}

func TestExcuseHoldsForItsHandleOnly(t *testing.T) {
	excused := simple(func(ctx context.Context, sys *inventory.System) check.Result {
		_, _ = sys.ReadFile(ctx, "etc/shadow")
		sys.Excuse("etc/shadow")
		return passed("")
	})
	if got := run(t, excused).Status; got != check.Pass {
		t.Errorf("got %s, want pass", got)
	}
	if got := run(t, check.All(excused, blind(check.Pass))).Status; got != check.Unknown {
		t.Errorf("got %s beside one that is not, want unknown", got)
	}
}

func TestContradictionsAreErrors(t *testing.T) {
	for name, r := range map[string]check.Result{
		"pass with an error":   {Status: check.Pass, Err: errors.New("x")},
		"no such status":       {Status: 99},
		"absent with an error": {Status: check.NotApplicable, Err: errors.New("x")},
	} {
		c := simple(func(context.Context, *inventory.System) check.Result { return r })
		if got := run(t, c).Status; got != check.Error {
			t.Errorf("%s: got %s, want error", name, got)
		}
	}
}

// A table of somebody else settles its parts, and may not pass over what is not known.
func TestTables(t *testing.T) {
	none := check.Table{Op: "none", Decide: func(parts []check.Status) check.Status {
		switch {
		case slices.Contains(parts, check.Pass):
			return check.Fail
		case slices.Contains(parts, check.Unknown):
			return check.Unknown
		}
		return check.Pass
	}}
	sloppy := check.Table{Op: "sloppy", Decide: func(parts []check.Status) check.Status {
		if slices.Contains(parts, check.Fail) {
			return check.Fail
		}
		return check.Pass
	}}
	bare := check.Table{Op: "bare", Decide: func([]check.Status) check.Status { return 77 }}
	panics := check.Table{Op: "panics", Decide: func([]check.Status) check.Status { panic("no such row") }}
	for name, c := range map[string]struct {
		check check.Check
		want  check.Status
	}{
		"none passes":                {none.Of(is(check.Fail), is(check.NotApplicable)), check.Pass},
		"none fails":                 {none.Of(is(check.Fail), is(check.Pass)), check.Fail},
		"none, over a blind pass":    {none.Of(is(check.Fail), blind(check.Pass)), check.Unknown},
		"none, over a blind fail":    {none.Of(blind(check.Fail)), check.Unknown},
		"none fails, a blind fail":   {none.Of(blind(check.Fail), is(check.Pass)), check.Fail},
		"not none, over a pass":      {check.Not(none.Of(is(check.Pass))), check.Pass},
		"not none, blind":            {check.Not(none.Of(blind(check.Fail))), check.Unknown},
		"any of none and a pass":     {check.Any(none.Of(blind(check.Fail)), is(check.Pass)), check.Pass},
		"sloppy, all known":          {sloppy.Of(is(check.Pass)), check.Pass},
		"sloppy, one unknown":        {sloppy.Of(is(check.Pass), is(check.Unknown)), check.Error},
		"sloppy, one error":          {sloppy.Of(is(check.Pass), is(check.Error)), check.Error},
		"sloppy, failing either way": {sloppy.Of(is(check.Fail), is(check.Unknown)), check.Fail},
		"no such status":             {bare.Of(is(check.Pass)), check.Error},
		"nothing decides":            {check.Table{Op: "x"}.Of(is(check.Pass)), check.Error},
		"two parts for one":          {check.Table{Op: "x", Parts: 1, Decide: sloppy.Decide}.Of(is(check.Pass), is(check.Pass)), check.Error},
		"panics":                     {check.All(panics.Of(is(check.Pass)), is(check.Pass)), check.Error},
	} {
		if r := run(t, c.check); r.Status != c.want {
			t.Errorf("%s: got %s (%s), want %s", name, r.Status, r.Message, c.want)
		}
	}
}

// What decided is shown, turned where the table turned it.
func TestTablesShowWhatDecided(t *testing.T) {
	none := check.Table{Op: "none", Decide: func(parts []check.Status) check.Status {
		if slices.Contains(parts, check.Pass) {
			return check.Fail
		}
		return check.Pass
	}}
	c := simple(func(context.Context, *inventory.System) check.Result {
		return failed("m", check.Evidence{Subject: "telnet", Want: "installed", Got: "absent"})
	})
	r := run(t, none.Of(c))
	if got := fmt.Sprint(r.Evidence); r.Status != check.Pass || got != "[telnet: absent, want not installed]" {
		t.Errorf("got %s %s", r.Status, got)
	}
}
