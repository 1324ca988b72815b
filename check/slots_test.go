package check_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// A rule that waits for a slow fact holds up no other, at any concurrency.
func TestWaitingRulesMakeRoom(t *testing.T) {
	for _, n := range []int{1, 2, 8} {
		others := make(chan struct{})
		slow := inventory.NewFact("slow", func(ctx context.Context, _ *inventory.System) (int, error) {
			select {
			case <-others:
				return 1, nil
			case <-ctx.Done():
				return 0, context.Cause(ctx)
			}
		})
		inner := inventory.NewFact("inner", func(context.Context, *inventory.System) (int, error) { return 1, nil })
		outer := inventory.NewFact("outer", func(ctx context.Context, s *inventory.System) (int, error) { return inner.Of(ctx, s) })
		waits := check.Of(slow, good)
		var left atomic.Int32
		quick := check.Of(outer, func(v *check.Verdict, _ int) {
			if left.Add(-1) == 0 {
				close(others)
			}
			v.Good(check.Evidence{})
		})
		checks := []check.Check{waits, waits, waits}
		for range 20 {
			checks = append(checks, quick)
		}
		left.Store(20)
		// The slow collector works in one slot: with one alone it would hold up the others.
		if n == 1 {
			checks = checks[3:]
		}
		out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(checks...), check.Options{Concurrency: n, RuleTime: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out {
			if o.Result.Status != check.Pass {
				t.Errorf("%d at once: %s: got %s: %s", n, o.Rule.ID, o.Result.Status, o.Result.Message)
			}
		}
	}
}

// The walk takes no slot: whatever can be judged without it is, even one rule at a time.
func TestTheWalkHoldsUpNobody(t *testing.T) {
	judged := make(chan struct{})
	cfg := inventorytest.Config(t, "-- etc/motd --\n-- srv/x --\n")
	cfg.Intercept = func(_ context.Context, r inventory.Read) error {
		if r.String() == "walk srv" {
			<-judged
		}
		return nil
	}
	whole := check.Of(inventory.Tree, good)
	quick := simple(func(ctx context.Context, s *inventory.System) check.Result {
		defer close(judged)
		_, err := s.ReadFile(ctx, "etc/motd")
		if err != nil {
			return fromError(err)
		}
		return passed("")
	})
	out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), rulesOf(whole, whole, quick), check.Options{Concurrency: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range out {
		if o.Result.Status != check.Pass {
			t.Errorf("%s: got %s: %s", o.Rule.ID, o.Result.Status, o.Result.Message)
		}
	}
}

// No more rules and collectors work at once than the options allow.
func TestConcurrencyIsKept(t *testing.T) {
	const most = 3
	var now, peak atomic.Int32
	work := func() {
		n := now.Add(1)
		for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
		}
		time.Sleep(time.Millisecond)
		now.Add(-1)
	}
	fact := inventory.NewKeyed("worker", func(_ context.Context, _ *inventory.System, k int) (int, error) { work(); return k, nil })
	var checks []check.Check
	for i := range 60 {
		checks = append(checks, simple(func(ctx context.Context, s *inventory.System) check.Result {
			work()
			if _, err := fact.Of(ctx, s, i%20); err != nil {
				return fromError(err)
			}
			work()
			return passed("")
		}))
	}
	if _, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(checks...), check.Options{Concurrency: most}); err != nil {
		t.Fatal(err)
	}
	if got := peak.Load(); got > most || got < 2 {
		t.Errorf("%d worked at once, want at most %d", got, most)
	}
}

// A cancelled run keeps what was judged while others waited.
func TestCancelKeepsCheapVerdicts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	slow := inventory.NewFact("slow", func(ctx context.Context, _ *inventory.System) (int, error) {
		<-ctx.Done()
		return 0, context.Cause(ctx)
	})
	checks := []check.Check{check.Of(slow, good)}
	for range 30 {
		checks = append(checks, is(check.Pass))
	}
	var done atomic.Int32
	out, err := check.Run(ctx, inventorytest.System(t, ""), rulesOf(checks...), check.Options{Concurrency: 2, Observe: func(e check.Event) {
		if e.Outcome != nil && done.Add(1) == 30 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	for i, o := range out {
		if got := o.Result; (i > 0) != (got.Status == check.Pass) || i == 0 && got.Reason != reason.Canceled {
			t.Errorf("%d: got %s %s", i, got.Status, got.Reason)
		}
	}
}
