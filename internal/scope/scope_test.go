package scope_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/internal/scope"
)

func TestWaitCountsWhatIsLeft(t *testing.T) {
	_, run := scope.New(t.Context())
	if n := run.Wait(0); n != 0 {
		t.Errorf("nothing was started: got %d", n)
	}
	release := make(chan struct{})
	ended := make(chan struct{})
	run.Go(func() { <-release })
	run.Go(func() { close(ended) })
	<-ended
	if n := run.Wait(time.Millisecond); n != 1 && n != 2 {
		t.Errorf("got %d left, want the one that waits", n)
	}
	close(release)
	if n := run.Wait(time.Minute); n != 0 {
		t.Errorf("got %d left, want none", n)
	}
}

func TestFromMakesAScopeWhereThereIsNone(t *testing.T) {
	if r := scope.From(t.Context()); r == nil || r.Context().Err() != nil {
		t.Error("got no scope that can be used")
	}
	ctx, run := scope.New(t.Context())
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	if scope.From(inner) != run {
		t.Error("a context below a scope has another one")
	}
	cancel()
	if run.Context().Err() != nil {
		t.Error("the scope ended with a context below it")
	}
}

var errOver = errors.New("over")

func TestClockEndsWithItsCause(t *testing.T) {
	ctx, stop := scope.WithClock(t.Context(), time.Millisecond, errOver)
	defer stop()
	<-ctx.Done()
	if err := context.Cause(ctx); !errors.Is(err, errOver) {
		t.Errorf("got %v", err)
	}
}

// A clock that is paused, even twice, does not run; what was used before counts.
func TestPausedClockStands(t *testing.T) {
	const limit = 300 * time.Millisecond
	ctx, stop := scope.WithClock(t.Context(), limit, errOver)
	defer stop()
	first, second := scope.Pause(ctx), scope.Pause(ctx)
	used := scope.Used(ctx)
	first()
	time.Sleep(limit + limit/2)
	if err := ctx.Err(); err != nil {
		t.Fatal("it ended while one still paused it:", err)
	}
	if now := scope.Used(ctx); now != used {
		t.Errorf("got %v used after a pause, want %v", now, used)
	}
	second()
	<-ctx.Done()
	if used := scope.Used(ctx); used < limit {
		t.Errorf("it ended after %v of %v", used, limit)
	}
}

func TestWithoutAClock(t *testing.T) {
	scope.Pause(t.Context())()
	if scope.Used(t.Context()) != 0 {
		t.Error("time was used without a clock")
	}
}

func TestWatch(t *testing.T) {
	scope.Watch(t.Context(), "x", 1) // nobody watches
	var got []any
	ctx := scope.WithWatch(t.Context(), func(name string, v any) { got = append(got, name, v) })
	scope.Watch(ctx, "x", 1)
	if len(got) != 2 || got[0] != "x" || got[1] != 1 {
		t.Errorf("got %v", got)
	}
}
