package inventory_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

func open(t *testing.T, cfg inventory.Config) *inventory.System {
	t.Helper()
	s, err := inventory.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// files is a tree of an FS that is not ours.
func files(m map[string]string) inventory.Config {
	tree := fstest.MapFS{}
	for name, text := range m {
		mode := fs.FileMode(0o644)
		if target, ok := strings.CutPrefix(text, "->"); ok {
			text, mode = target, fs.ModeSymlink|0o777
		}
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: mode}
	}
	return inventory.Config{FS: tree}
}

func TestFactIsCollectedOnceForAll(t *testing.T) {
	var calls atomic.Int32
	f := inventory.NewFact("f", func(context.Context, *inventory.System) (int, error) {
		time.Sleep(time.Millisecond)
		return int(calls.Add(1)), nil
	})
	s := open(t, inventory.Config{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if v, err := f.Of(t.Context(), s.Handle(new(trail.Trail).Writer())); v != 1 || err != nil {
				t.Errorf("got %d, %v, want 1", v, err)
			}
		})
	}
	wg.Wait()
}

func TestGiven(t *testing.T) {
	f := inventory.NewFact("f", func(context.Context, *inventory.System) (int, error) { return 0, errors.New("collected") })
	k := inventory.NewKeyed("k", func(context.Context, *inventory.System, string) (int, error) { return 0, errors.New("collected") })
	s := open(t, inventory.Config{})
	f.Given(s, 7)
	k.Given(s, "a", 8)
	if v, err := f.Of(t.Context(), s); v != 7 || err != nil {
		t.Errorf("got %d, %v, want 7", v, err)
	}
	if v, err := k.Of(t.Context(), s, "a"); v != 8 || err != nil {
		t.Errorf("got %d, %v, want 8", v, err)
	}
	if _, err := k.Of(t.Context(), s, "b"); err == nil {
		t.Error("another key is given as well")
	}
}

// Three facts in a ring, asked for in any order and at once, all give one error.
func TestCycleGivesEachMemberTheSameError(t *testing.T) {
	for round := range 50 {
		var a, b, c *inventory.Fact[int]
		ask := func(next **inventory.Fact[int]) func(context.Context, *inventory.System) (int, error) {
			return func(ctx context.Context, s *inventory.System) (int, error) {
				v, err := (*next).Of(ctx, s)
				if err != nil {
					return 0, fmt.Errorf("wrapped: %w", err)
				}
				return v, nil
			}
		}
		a, b, c = inventory.NewFact("a", ask(&b)), inventory.NewFact("b", ask(&c)), inventory.NewFact("c", ask(&a))
		s := open(t, inventory.Config{})
		all := []*inventory.Fact[int]{a, b, c}
		var wg sync.WaitGroup
		errs := make([]error, 3)
		for i := range all {
			wg.Go(func() { _, errs[i] = all[(i+round)%3].Of(t.Context(), s.Handle(new(trail.Trail).Writer())) })
		}
		wg.Wait()
		for _, err := range errs {
			if !errors.Is(err, inventory.ErrCycle) || err.Error() != "facts form a cycle: a, b, c" {
				t.Fatalf("round %d: got %v", round, errs)
			}
		}
	}
}

func TestFactThatAsksForItself(t *testing.T) {
	var f *inventory.Fact[int]
	f = inventory.NewFact("f", func(ctx context.Context, s *inventory.System) (int, error) { return f.Of(ctx, s) })
	if _, err := f.Of(t.Context(), open(t, inventory.Config{})); !errors.Is(err, inventory.ErrCycle) {
		t.Errorf("got %v, want ErrCycle", err)
	}
}

func TestCollectorPanicsAndGoexit(t *testing.T) {
	for name, bad := range map[string]func(){"panic": func() { panic("boom") }, "goexit": runtime.Goexit} {
		f := inventory.NewFact("f", func(context.Context, *inventory.System) (int, error) { bad(); return 1, nil })
		if _, err := f.Of(t.Context(), open(t, inventory.Config{})); !errors.Is(err, inventory.ErrPanic) {
			t.Errorf("%s: got %v, want ErrPanic", name, err)
		}
	}
}

func TestKeyedCacheIsBounded(t *testing.T) {
	calls := 0
	k := inventory.NewKeyed("k", func(_ context.Context, _ *inventory.System, n int) (int, error) { calls++; return n, nil })
	s := open(t, inventory.Config{Limits: inventory.Limits{KeyedEntries: 4}})
	for range 2 {
		for n := range 8 {
			if v, err := k.Of(t.Context(), s, n); v != n || err != nil {
				t.Fatalf("got %d, %v, want %d", v, err, n)
			}
		}
	}
	if calls != 16 {
		t.Errorf("got %d collections, want 16: none of 8 can be left of a cache of 4", calls)
	}
	held := 0
	for range s.Facts() {
		held++
	}
	if held != 4 {
		t.Errorf("got %d answers held, want 4", held)
	}
}

func TestFactTimeLimit(t *testing.T) {
	f := inventory.NewFact("f", func(ctx context.Context, _ *inventory.System) (int, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	})
	s := open(t, inventory.Config{Limits: inventory.Limits{FactTime: 5 * time.Millisecond}})
	if _, err := f.Of(t.Context(), s); !errors.Is(err, inventory.ErrTimeout) {
		t.Errorf("got %v, want ErrTimeout", err)
	}
}

// A fact that waits for another is not charged for it: the other one ends only after
// the time limit of the first has long passed.
func TestFactIsNotChargedForAnother(t *testing.T) {
	const limit = 200 * time.Millisecond
	slow := inventory.NewFact("slow", func(ctx context.Context, _ *inventory.System) (int, error) {
		time.Sleep(limit * 3 / 4)
		return 1, nil
	})
	outer := inventory.NewFact("outer", func(ctx context.Context, s *inventory.System) (int, error) {
		if _, err := slow.Of(ctx, s); err != nil {
			return 0, err
		}
		again := inventory.NewFact("again", func(context.Context, *inventory.System) (int, error) {
			time.Sleep(limit * 3 / 4)
			return 2, nil
		})
		return again.Of(ctx, s)
	})
	s := open(t, inventory.Config{Limits: inventory.Limits{FactTime: limit}})
	if v, err := outer.Of(t.Context(), s); v != 2 || err != nil {
		t.Errorf("got %d, %v, want 2", v, err)
	}
}

func TestReadsOfFactsBelongToAllWhoAsk(t *testing.T) {
	f := inventory.NewFact("f", func(ctx context.Context, s *inventory.System) (string, error) {
		b, err := s.ReadFile(ctx, "etc/motd")
		return string(b), err
	})
	s := open(t, files(map[string]string{"etc/motd": "x"}))
	first, second := s.Handle(new(trail.Trail).Writer()), s.Handle(new(trail.Trail).Writer())
	for _, h := range []*inventory.System{first, second} {
		if _, err := f.Of(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(h.Reads()); got != "[read etc/motd]" {
			t.Errorf("got %s", got)
		}
	}
}

func TestIsAbsent(t *testing.T) {
	missing := func(name string) error { return &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist} }
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"the file itself":       {missing("etc/x"), true},
		"wrapped":               {fmt.Errorf("x: %w", missing("etc/x")), true},
		"an included file":      {missing("etc/x.d/y"), false},
		"included, then itself": {&fs.PathError{Op: "open", Path: "etc/y", Err: missing("etc/x")}, true},
		"one of two":            {errors.Join(missing("etc/x"), missing("etc/y")), false},
		"not permitted":         {&fs.PathError{Op: "open", Path: "etc/x", Err: fs.ErrPermission}, false},
		"no error":              {nil, false},
		"no path":               {fs.ErrNotExist, false},
	} {
		if got := inventory.IsAbsent(c.err, "etc/x"); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
