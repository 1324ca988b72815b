package check_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// fresh makes a value of the type that a function takes, without naming it.
func fresh[T any](func(T) *inventory.System) T {
	var zero T
	return zero
}

// Each of these hides that it could not read a file, and must not pass.
func TestReadsThatAreHidden(t *testing.T) {
	type S = inventory.System
	swallow := inventory.NewFact("swallow", func(ctx context.Context, s *S) (int, error) {
		time.Sleep(20 * time.Millisecond)
		_, _ = s.ReadFile(ctx, "etc/shadow")
		return 1, nil
	})
	var kept *S
	slow := make(chan int)
	for name, hide := range map[string]func(context.Context, *S){
		"a trail by inference": func(ctx context.Context, s *S) {
			_, _ = s.Handle(fresh(s.Handle)).ReadFile(ctx, "etc/shadow")
		},
		"a context whose cause is absence": func(ctx context.Context, s *S) {
			c, cancel := context.WithCancelCause(ctx)
			cancel(fs.ErrNotExist)
			if _, err := s.ReadFile(c, "etc/ok"); inventory.IsAbsent(err, "etc/ok") {
				t.Error("the end of a context is absence")
			}
		},
		"a context whose cause is an absent subject": func(ctx context.Context, s *S) {
			c, cancel := context.WithTimeoutCause(ctx, time.Millisecond, inventory.ErrAbsent)
			defer cancel()
			if _, err := swallow.Of(c, s); errors.Is(err, inventory.ErrAbsent) {
				t.Error("the end of a context is an absent subject")
			}
		},
		"a context of its own": func(_ context.Context, s *S) {
			_, _ = s.ReadFile(over{context.Background()}, "etc/ok")
		},
		"a fact in a goroutine": func(ctx context.Context, s *S) {
			begun := make(chan int)
			endless := inventory.NewFact("endless", func(ctx context.Context, _ *S) (int, error) {
				close(begun)
				<-ctx.Done()
				return 0, ctx.Err()
			})
			go endless.Of(ctx, s)
			<-begun
		},
		"a read in a goroutine": func(ctx context.Context, s *S) {
			go s.ReadFile(ctx, "etc/slow")
			<-slow
		},
		"a collector that lends its handle": func(ctx context.Context, s *S) {
			lent, done := make(chan *S), make(chan int)
			f := inventory.NewFact("lender", func(_ context.Context, s *S) (int, error) { lent <- s; <-done; return 0, nil })
			go f.Of(ctx, s)
			_, _ = (<-lent).ReadFile(ctx, "etc/shadow")
			time.AfterFunc(5*time.Millisecond, func() { close(done) })
		},
		"a collector that replaces its handle": func(ctx context.Context, s *S) {
			var stash S
			_, _ = inventory.NewFact("a", func(_ context.Context, s *S) (int, error) { stash = *s; return 0, nil }).Of(ctx, s)
			_, _ = inventory.NewFact("b", func(ctx context.Context, s *S) (int, error) {
				_, _ = s.ReadFile(ctx, "etc/shadow")
				*s = stash
				return 0, nil
			}).Of(ctx, s)
		},
		"a panic in the intercept": func(ctx context.Context, s *S) {
			defer func() { _ = recover() }()
			_, _ = s.ReadFile(ctx, "etc/panics")
		},
		"joined errors, one of them of absence": func(ctx context.Context, s *S) {
			if _, err := s.ReadFile(ctx, "etc/joined"); inventory.IsAbsent(err, "etc/joined") {
				t.Error("joined errors are absence")
			}
		},
		"an intercept that says absent": func(ctx context.Context, s *S) { _, _ = s.ReadFile(ctx, "etc/absent") },
		"a file cut short": func(ctx context.Context, s *S) {
			f, err := s.FS(ctx).Open("etc/short")
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.ReadAll(f)
		},
		"the state of an open file": func(ctx context.Context, s *S) {
			f, err := s.FS(ctx).Open("etc/nostat")
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = f.Stat()
		},
	} {
		cfg := inventorytest.Inject(inventorytest.Config(t, "-- etc/shadow error=EACCES --\n-- etc/ok --\n-- etc/slow --\n-- etc/panics --\n-- etc/joined --\n-- etc/absent --\n-- etc/short --\n0123456789\n-- etc/nostat --\n"),
			inventorytest.Fault{Read: inventory.Read{Op: filetree.OpRead, Name: "etc/short"}, Kind: inventorytest.Short})
		before := cfg.Intercept
		cfg.Intercept = func(ctx context.Context, r inventory.Read) error {
			switch r.String() {
			case "read etc/slow":
				slow <- 1
				<-ctx.Done()
				return ctx.Err()
			case "read etc/panics":
				panic("intercept")
			case "read etc/joined":
				return errors.Join(&fs.PathError{Op: "open", Path: "a", Err: fs.ErrNotExist}, &fs.PathError{Op: "open", Path: "b", Err: fs.ErrPermission})
			case "read etc/absent":
				return inventory.ErrAbsent
			case "stat etc/nostat":
				return fs.ErrPermission
			}
			return before(ctx, r)
		}
		r := outcome(t, cfg, simple(func(ctx context.Context, s *inventory.System) check.Result { hide(ctx, s); return passed("") })).Result
		if r.Status == check.Pass || r.Status == check.NotApplicable {
			t.Errorf("%s: got %s", name, r.Status)
		}
	}
	// A handle ends with its check, whoever kept it.
	cfg := inventorytest.Config(t, "-- etc/shadow error=EACCES --\n-- etc/ok --\n")
	keep := simple(func(_ context.Context, s *inventory.System) check.Result { kept = s; return passed("") })
	use := simple(func(ctx context.Context, _ *inventory.System) check.Result {
		if _, err := kept.ReadFile(ctx, "etc/ok"); err == nil {
			t.Error("a handle reads after its check was judged")
		}
		return passed("")
	})
	if r := outcome(t, cfg, check.All(keep, use)).Result; r.Status == check.Pass && len(r.Children) == 2 {
		t.Log("the error was delivered; what it says of whoever kept the handle is that check's own")
	}
}

// over is a context that has ended by an error of its own.
type over struct{ context.Context }

func (over) Err() error { return fs.ErrNotExist }

// An agent that ends a run by a cause about files gets no verdict out of it.
func TestCauseOfTheRunIsNoKnowledge(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	rules := rulesOf(simple(func(ctx context.Context, s *inventory.System) check.Result {
		cancel(&fs.PathError{Op: "dial", Path: "etc/ok", Err: fs.ErrNotExist})
		if _, err := s.ReadFile(ctx, "etc/ok"); inventory.IsAbsent(err, "etc/ok") {
			return passed("it is not there")
		}
		return failed("")
	}), is(check.Pass))
	out, err := check.Run(ctx, inventorytest.System(t, "-- etc/ok --\n"), rules, check.Options{Concurrency: 1})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cause is the caller's: got %v", err)
	}
	for _, o := range out {
		if o.Result.Status != check.Unknown || o.Result.Reason != reason.Canceled {
			t.Errorf("got %s %s", o.Result.Status, o.Result.Reason)
		}
	}
}

// A fact that asks for itself by the owner's System, as a deny list can, is a cycle and no hang.
func TestRingThroughTheOwner(t *testing.T) {
	var s *inventory.System
	homes := inventory.NewFact("homes", func(ctx context.Context, s *inventory.System) (int, error) {
		_, err := s.ReadFile(ctx, "etc/passwd")
		return 1, err
	})
	cfg := inventorytest.Config(t, "-- etc/passwd --\n")
	cfg.Intercept = func(ctx context.Context, _ inventory.Read) error { _, err := homes.Of(ctx, s); return err }
	s = inventorytest.Open(t, cfg)
	out, err := check.Run(t.Context(), s, rulesOf(check.Of(homes, func(v *check.Verdict, _ int) { v.Good(check.Evidence{}) })), check.Options{})
	if err != nil || out[0].Result.Status != check.Error || !strings.Contains(out[0].Result.Message, "cycle") {
		t.Errorf("got %s %s, %v", out[0].Result.Status, out[0].Result.Message, err)
	}
}

// Facts that ask one another many times over are gone through once each.
func TestSharedFactsCostOnce(t *testing.T) {
	var fib *inventory.Keyed[int, int]
	fib = inventory.NewKeyed("fib", func(ctx context.Context, s *inventory.System, n int) (int, error) {
		if n < 2 {
			_, _ = s.ReadFile(ctx, "etc/shadow")
			return n, nil
		}
		a, _ := fib.Of(ctx, s, n-1)
		b, err := fib.Of(ctx, s, n-2)
		return a + b, err
	})
	const deep = 90 // by ways through it, 10^18
	r := outcome(t, inventorytest.Config(t, "-- etc/shadow error=EACCES --\n"), check.OfKey(fib, deep, func(v *check.Verdict, _ int) { v.Good(check.Evidence{}) })).Result
	if r.Status != check.Unknown || r.Reason != reason.Permission {
		t.Errorf("got %s %s: %s", r.Status, r.Reason, r.Message)
	}
}

// A run that has ended collects nothing any more, whoever asks without its end.
func TestEndedRunCollectsNothing(t *testing.T) {
	var inner context.Context
	var lent *inventory.System
	sys := inventorytest.System(t, "")
	f := inventory.NewFact("f", func(ctx context.Context, _ *inventory.System) (int, error) { return 1, ctx.Err() })
	c := simple(func(ctx context.Context, s *inventory.System) check.Result {
		inner, lent = ctx, sys
		return passed("")
	})
	if _, err := check.Run(t.Context(), sys, rulesOf(c), check.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Of(context.WithoutCancel(inner), lent); err == nil {
		t.Error("it was collected")
	}
}

func TestObserverThatEndsItsGoroutine(t *testing.T) {
	defer func() {
		if p := recover(); p == nil {
			t.Error("nothing was told")
		}
	}()
	_, _ = check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(is(check.Pass)), check.Options{Observe: func(check.Event) { runtime.Goexit() }})
}
