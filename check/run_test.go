package check_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func rulesOf(checks ...check.Check) []check.Compiled {
	rules := make([]check.Compiled, len(checks))
	for i, c := range checks {
		rules[i] = check.Compiled{Rule: check.Rule{ID: fmt.Sprintf("r%02d", i)}, Check: c}
	}
	return rules
}

func TestRunKeepsTheOrderOfRules(t *testing.T) {
	var checks []check.Check
	for i := range 40 {
		checks = append(checks, simple(func(context.Context, *inventory.System) check.Result {
			time.Sleep(time.Duration(40-i) * 100 * time.Microsecond)
			return passed(fmt.Sprint(i))
		}))
	}
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(checks...), check.Options{Concurrency: 8})
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range out {
		if o.Result.Message != fmt.Sprint(i) || o.Rule.ID != fmt.Sprintf("r%02d", i) {
			t.Errorf("got %s %q at %d", o.Rule.ID, o.Result.Message, i)
		}
	}
}

func TestRunRefusesRulesBeforeExamining(t *testing.T) {
	ok := is(check.Pass)
	_, err := check.Run(t.Context(), inventorytest.System(t, ""), []check.Compiled{{Rule: check.Rule{ID: "a"}, Check: ok}, {Rule: check.Rule{ID: "a"}, Check: ok}, {Rule: check.Rule{}, Check: ok}, {Rule: check.Rule{ID: "b"}}}, check.Options{})
	for _, want := range []string{"a: the id is there twice", "rule 3 of 4 has no id", "b has no check"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

func TestRunIsolatesPanicsAndGoexit(t *testing.T) {
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(
		simple(func(context.Context, *inventory.System) check.Result { panic("boom") }),
		simple(func(context.Context, *inventory.System) check.Result { runtime.Goexit(); return check.Result{} }),
		check.All(is(check.Pass), simple(func(context.Context, *inventory.System) check.Result { panic("boom") })),
		is(check.Pass),
	), check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []check.Status{check.Error, check.Error, check.Error, check.Pass} {
		if got := out[i].Result.Status; got != want {
			t.Errorf("%d: got %s, want %s", i, got, want)
		}
	}
	if got := out[2].Result.Reason; got != reason.Panic {
		t.Errorf("got reason %q, want panic", got)
	}
}

func TestRuleTimeEndsOneRule(t *testing.T) {
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(
		simple(func(ctx context.Context, _ *inventory.System) check.Result {
			<-ctx.Done()
			return passed("too late")
		}), is(check.Pass)), check.Options{RuleTime: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if r := out[0].Result; r.Status != check.Unknown || r.Reason != reason.Timeout {
		t.Errorf("got %s %s, want unknown timeout", r.Status, r.Reason)
	}
	if out[1].Result.Status != check.Pass {
		t.Errorf("the other rule: got %s", out[1].Result.Status)
	}
}

// The rule that happens to ask first for a slow fact is not charged for it.
func TestRuleIsNotChargedForFacts(t *testing.T) {
	slow := inventory.NewFact("slow", func(context.Context, *inventory.System) (int, error) {
		time.Sleep(150 * time.Millisecond)
		return 1, nil
	})
	c := check.Of(slow, good)
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(c, c, c), check.Options{RuleTime: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range out {
		if o.Result.Status != check.Pass {
			t.Errorf("%d: got %s: %s", i, o.Result.Status, o.Result.Message)
		}
	}
}

func TestStuckCollectorIsLeftBehindAndCounted(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	stuck := inventory.NewFact("stuck", func(context.Context, *inventory.System) (int, error) {
		<-release
		return 1, nil
	})
	cfg := inventorytest.Config(t, "")
	cfg.Limits.FactTime = 10 * time.Millisecond
	out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), rulesOf(
		check.Of(stuck, good), is(check.Pass)), check.Options{Grace: 10 * time.Millisecond})
	if !errors.Is(err, check.ErrAbandoned) {
		t.Errorf("got error %v, want ErrAbandoned", err)
	}
	if r := out[0].Result; r.Status != check.Unknown || r.Reason != reason.Timeout {
		t.Errorf("got %s %s, want unknown timeout", r.Status, r.Reason)
	}
}

func TestCancelledRunAnswersForEveryRule(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, err := check.Run(ctx, inventorytest.System(t, ""), rulesOf(is(check.Pass),
		simple(func(ctx context.Context, _ *inventory.System) check.Result { cancel(); return passed("") }),
		is(check.Pass), is(check.Pass)), check.Options{Concurrency: 1})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	if r := out[3].Result; r.Status != check.Unknown || r.Reason != reason.Canceled {
		t.Errorf("got %s %s, want unknown canceled", r.Status, r.Reason)
	}
}

// What one run did not collect because it was ended, the next one does.
func TestFactIsCollectedAgainAfterACancelledRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int32
	f := inventory.NewFact("f", func(fctx context.Context, s *inventory.System) (int, error) {
		if calls.Add(1) == 1 {
			cancel()
			<-fctx.Done()
			return 0, fctx.Err()
		}
		return 7, nil
	})
	c := check.Of(f, func(v *check.Verdict, n int) { v.Good(check.Evidence{Got: fmt.Sprint(n)}) })
	sys := inventorytest.System(t, "")
	if out, _ := check.Run(ctx, sys, rulesOf(c), check.Options{}); out[0].Result.Status == check.Pass {
		t.Errorf("the ended run: got %v", out[0].Result)
	}
	out, err := check.Run(t.Context(), sys, rulesOf(c), check.Options{})
	if err != nil || out[0].Result.Evidence[0].Got != "7" {
		t.Errorf("got %+v, %v, want 7", out[0].Result, err)
	}
}

func TestObserverIsToldInTurn(t *testing.T) {
	var mu sync.Mutex
	busy, ended := false, 0
	o := check.Options{Concurrency: 4, Observe: func(e check.Event) {
		if !mu.TryLock() {
			t.Error("called twice at once")
			return
		}
		defer mu.Unlock()
		busy = !busy
		if e.Outcome != nil {
			ended++
			if e.Done != ended || e.Total != 20 {
				t.Errorf("got %d of %d, want %d of 20", e.Done, e.Total, ended)
			}
		}
	}}
	checks := make([]check.Check, 20)
	for i := range checks {
		checks[i] = is(check.Pass)
	}
	if _, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(checks...), o); err != nil || ended != 20 {
		t.Errorf("got %d ends, %v", ended, err)
	}
}

func TestPlatforms(t *testing.T) {
	debian := "-- etc/os-release --\nID=debian\nVERSION_ID=\"12\"\n"
	ubuntu := "-- etc/os-release --\nID=ubuntu\nID_LIKE=debian\nVERSION_ID=24.04\n"
	for name, c := range map[string]struct {
		fixture  string
		patterns []string
		want     check.Status
	}{
		"any":                                {"", nil, check.Pass},
		"os":                                 {debian, []string{"linux"}, check.Pass},
		"distribution":                       {debian, []string{"linux/debian"}, check.Pass},
		"release":                            {debian, []string{"linux/debian/12"}, check.Pass},
		"other release":                      {debian, []string{"linux/debian/11"}, check.NotApplicable},
		"one of two":                         {debian, []string{"windows", "linux/debian"}, check.Pass},
		"derived":                            {ubuntu, []string{"linux/debian"}, check.Pass},
		"derived has its own releases":       {ubuntu, []string{"linux/debian/12"}, check.NotApplicable},
		"other os":                           {debian, []string{"windows"}, check.NotApplicable},
		"undetermined":                       {"", []string{"linux"}, check.Unknown},
		"undetermined distribution":          {"os: linux\n", []string{"linux/debian"}, check.Unknown},
		"os known without os-release":        {"os: linux\n", []string{"linux"}, check.Pass},
		"unreadable":                         {"-- etc/os-release error=EIO --\n", []string{"linux"}, check.Unknown},
		"the one below usr is as good":       {"-- usr/lib/os-release --\nID=alpine\n", []string{"linux/alpine"}, check.Pass},
		"a file without an ID tells nothing": {"-- etc/os-release --\nNAME=x\n", []string{"linux"}, check.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			r := check.Compiled{Rule: check.Rule{ID: "r", Platforms: c.patterns}, Check: is(check.Pass)}
			out, err := check.Run(t.Context(), inventorytest.System(t, c.fixture), []check.Compiled{r}, check.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := out[0].Result; got.Status != c.want || got.Status == check.Unknown && got.Reason != reason.Platform {
				t.Errorf("got %s (%s) %s, want %s", got.Status, got.Reason, got.Message, c.want)
			}
		})
	}
}

func TestErrorsBecomeStatuses(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status check.Status
		reason reason.Reason
	}{
		"absent":              {fmt.Errorf("x: %w", inventory.ErrAbsent), check.NotApplicable, ""},
		"missing file":        {&fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, check.Error, ""},
		"not permitted":       {&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, check.Unknown, reason.Permission},
		"limit":               {inventory.ErrLimit, check.Unknown, reason.Limit},
		"deadline":            {context.DeadlineExceeded, check.Unknown, reason.Timeout},
		"canceled":            {context.Canceled, check.Unknown, reason.Canceled},
		"not live":            {inventory.ErrNotLive, check.Unknown, reason.NotLive},
		"fifo":                {filetree.ErrIrregular, check.Unknown, reason.Unavailable},
		"unsupported":         {errors.ErrUnsupported, check.Unknown, reason.Unavailable},
		"disk":                {&fs.PathError{Op: "read", Path: "x", Err: syscall.EIO}, check.Error, ""},
		"gravest of joined":   {errors.Join(inventory.ErrAbsent, syscall.EACCES, errors.New("x"), inventory.ErrLimit), check.Error, ""},
		"joined unknowns":     {errors.Join(inventory.ErrNotLive, syscall.EACCES), check.Unknown, reason.Permission},
		"absent and no more":  {errors.Join(inventory.ErrAbsent, inventory.ErrAbsent), check.NotApplicable, ""},
		"panic":               {inventory.ErrPanic, check.Error, reason.Panic},
		"nothing was said":    {nil, check.NotApplicable, ""},
		"text is not decided": {errors.New("permission denied"), check.Error, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if r := fromError(c.err); r.Status != c.status || r.Reason != c.reason {
				t.Errorf("got %s %q, want %s %q", r.Status, r.Reason, c.status, c.reason)
			}
		})
	}
}
