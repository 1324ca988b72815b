package budget_test

import (
	"errors"
	"math"
	"runtime"
	"testing"

	"github.com/hardening-sdk/hardening/internal/budget"
)

func TestBudget(t *testing.T) {
	var b budget.Budget
	for _, n := range []int{budget.MaxItems - 1, 1, 0} {
		if err := b.Items(n); err != nil {
			t.Errorf("%d items: %v", n, err)
		}
	}
	for _, n := range []int{1, math.MaxInt, -1} {
		if err := b.Items(n); !errors.Is(err, budget.ErrLimit) {
			t.Errorf("%d more: got %v", n, err)
		}
	}
	if err := b.Expanded(budget.MaxExpanded); err != nil {
		t.Error(err)
	}
	if err := b.Expanded(1); !errors.Is(err, budget.ErrLimit) {
		t.Errorf("got %v", err)
	}
	for range budget.MaxIncludes {
		if err := b.Include(); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Include(); !errors.Is(err, budget.ErrLimit) {
		t.Errorf("got %v", err)
	}
	if b.Items(0); b.Items(math.MaxInt) == nil {
		t.Error("an overflow is taken")
	}
}

func TestAppendAllocatesLittle(t *testing.T) {
	const n = 100_000
	var before, after runtime.MemStats
	var all []int
	runtime.ReadMemStats(&before)
	for i := range n {
		all = budget.Append(all, i)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 3*8*n {
		t.Errorf("%d bytes for %d", got, 8*n)
	}
	for i, x := range all {
		if i != x {
			t.Fatal(i, x)
		}
	}
}
