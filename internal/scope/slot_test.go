package scope_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/internal/scope"
)

// slots opens a scope with one slot.
func slots(t *testing.T) (context.Context, *scope.Run) {
	ctx, run := scope.New(t.Context())
	run.SetSlots(1)
	return ctx, run
}

// taken reports whether no slot is free.
func taken(ctx context.Context, run *scope.Run) bool {
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	_, leave, err := run.Enter(short)
	leave()
	return err != nil
}

func TestSlotIsLentWhileOneWaits(t *testing.T) {
	ctx, run := slots(t)
	work, leave, err := run.Enter(ctx)
	if err != nil || !taken(ctx, run) {
		t.Fatal("the slot is not taken", err)
	}
	first, second := scope.Pause(work), scope.Pause(work)
	if taken(ctx, run) {
		t.Error("who waits keeps the slot")
	}
	first()
	if taken(ctx, run) {
		t.Error("who still waits for another takes the slot")
	}
	second()
	if !taken(ctx, run) {
		t.Error("who goes on has no slot")
	}
	leave()
	leave()
	if taken(ctx, run) {
		t.Error("who left keeps the slot")
	}
	scope.Pause(work)() // of a goroutine that was left behind
	if taken(ctx, run) {
		t.Error("who left took the slot again")
	}
}

// Who goes on waits for a slot, and its clock stands meanwhile.
func TestResumeWaitsForASlot(t *testing.T) {
	ctx, run := slots(t)
	work, leave, err := run.Enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	work, stop := scope.WithClock(work, time.Minute, errOver)
	defer stop()
	resume := scope.Pause(work)
	used := scope.Used(work)
	_, other, err := run.Enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	resumed := make(chan struct{})
	go func() { resume(); close(resumed) }()
	select {
	case <-resumed:
		t.Error("two have the one slot")
	case <-time.After(20 * time.Millisecond):
	}
	if now := scope.Used(work); now != used {
		t.Errorf("it was charged %v for the wait", now-used)
	}
	other()
	<-resumed
}

// Who only has to end needs no slot for it.
func TestCanceledWorkNeedsNoSlot(t *testing.T) {
	ctx, run := slots(t)
	cctx, cancel := context.WithCancelCause(ctx)
	work, leave, err := run.Enter(cctx)
	if err != nil {
		t.Fatal(err)
	}
	resume := scope.Pause(work)
	_, other, err := run.Enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer other()
	cancel(errOver)
	resume()
	leave()
	if !taken(ctx, run) {
		t.Error("the slot of another was given up")
	}
	if _, _, err := run.Enter(cctx); !errors.Is(err, context.Canceled) || err.Error() != errOver.Error() {
		t.Errorf("got %v, want the cause", err)
	}
}

func TestWithoutSlots(t *testing.T) {
	ctx, run := scope.New(t.Context())
	for range 3 {
		if _, _, err := run.Enter(ctx); err != nil {
			t.Error(err)
		}
	}
}
