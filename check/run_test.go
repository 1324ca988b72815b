package check_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func rulesOf(checks ...check.Check) []check.Rule {
	rules := make([]check.Rule, len(checks))
	for i, c := range checks {
		rules[i] = check.Rule{ID: fmt.Sprintf("r%02d", i), Check: c}
	}
	return rules
}

func TestRunKeepsTheOrderOfRules(t *testing.T) {
	var checks []check.Check
	for i := range 40 {
		checks = append(checks, check.Func(func(context.Context, *inventory.System) check.Result {
			time.Sleep(time.Duration(40-i) * 100 * time.Microsecond)
			return check.Passed(fmt.Sprint(i))
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
	_, err := check.Run(t.Context(), inventorytest.System(t, ""), []check.Rule{{ID: "a", Check: ok}, {ID: "a", Check: ok}, {Check: ok}, {ID: "b"}}, check.Options{})
	for _, want := range []string{"a: the id is there twice", "rule 3 of 4 has no id", "b has no check"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

func TestRunIsolatesPanicsAndGoexit(t *testing.T) {
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(
		check.Func(func(context.Context, *inventory.System) check.Result { panic("boom") }),
		check.Func(func(context.Context, *inventory.System) check.Result { runtime.Goexit(); return check.Result{} }),
		check.All(is(check.Pass), check.Func(func(context.Context, *inventory.System) check.Result { panic("boom") })),
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
	if got := out[2].Result.Reason; got != check.ReasonPanic {
		t.Errorf("got reason %q, want panic", got)
	}
}

func TestRuleTimeEndsOneRule(t *testing.T) {
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(
		check.Func(func(ctx context.Context, _ *inventory.System) check.Result {
			<-ctx.Done()
			return check.Passed("too late")
		}), is(check.Pass)), check.Options{RuleTime: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if r := out[0].Result; r.Status != check.Unknown || r.Reason != check.ReasonTimeout {
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
	c := check.Of(slow, func(int) check.Result { return check.Passed("") })
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
		check.Of(stuck, func(int) check.Result { return check.Passed("") }), is(check.Pass)), check.Options{Grace: 10 * time.Millisecond})
	if !errors.Is(err, check.ErrAbandoned) {
		t.Errorf("got error %v, want ErrAbandoned", err)
	}
	if r := out[0].Result; r.Status != check.Unknown || r.Reason != check.ReasonTimeout {
		t.Errorf("got %s %s, want unknown timeout", r.Status, r.Reason)
	}
}

func TestCancelledRunAnswersForEveryRule(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, err := check.Run(ctx, inventorytest.System(t, ""), rulesOf(is(check.Pass),
		check.Func(func(ctx context.Context, _ *inventory.System) check.Result { cancel(); return check.Passed("") }),
		is(check.Pass), is(check.Pass)), check.Options{Concurrency: 1})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	if r := out[3].Result; r.Status != check.Unknown || r.Reason != check.ReasonCanceled {
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
	c := check.Of(f, func(n int) check.Result { return check.Passed(fmt.Sprint(n)) })
	sys := inventorytest.System(t, "")
	if out, _ := check.Run(ctx, sys, rulesOf(c), check.Options{}); out[0].Result.Status == check.Pass {
		t.Errorf("the ended run: got %v", out[0].Result)
	}
	out, err := check.Run(t.Context(), sys, rulesOf(c), check.Options{})
	if err != nil || out[0].Result.Message != "7" {
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
		"any":                              {"", nil, check.Pass},
		"os":                               {debian, []string{"linux"}, check.Pass},
		"distribution":                     {debian, []string{"linux/debian"}, check.Pass},
		"release":                          {debian, []string{"linux/debian/12"}, check.Pass},
		"other release":                    {debian, []string{"linux/debian/11"}, check.NotApplicable},
		"one of two":                       {debian, []string{"windows", "linux/debian"}, check.Pass},
		"derived":                          {ubuntu, []string{"linux/debian"}, check.Pass},
		"derived has its own releases":     {ubuntu, []string{"linux/debian/12"}, check.NotApplicable},
		"other os":                         {debian, []string{"windows"}, check.NotApplicable},
		"undetermined":                     {"", []string{"linux"}, check.Unknown},
		"undetermined distribution":        {"os: linux\n", []string{"linux/debian"}, check.Unknown},
		"os known without os-release":      {"os: linux\n", []string{"linux"}, check.Pass},
		"unreadable":                       {"-- etc/os-release error=EIO --\n", []string{"linux"}, check.Unknown},
		"the one below usr is as good":     {"-- usr/lib/os-release --\nID=alpine\n", []string{"linux/alpine"}, check.Pass},
		"file without an ID is some linux": {"-- etc/os-release --\nNAME=x\n", []string{"linux"}, check.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			r := check.Rule{ID: "r", Platforms: c.patterns, Check: is(check.Pass)}
			out, err := check.Run(t.Context(), inventorytest.System(t, c.fixture), []check.Rule{r}, check.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := out[0].Result; got.Status != c.want || got.Status == check.Unknown && got.Reason != check.ReasonPlatform {
				t.Errorf("got %s (%s) %s, want %s", got.Status, got.Reason, got.Message, c.want)
			}
		})
	}
}

func TestFromError(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status check.Status
		reason check.Reason
	}{
		"absent":              {fmt.Errorf("x: %w", inventory.ErrAbsent), check.NotApplicable, ""},
		"missing file":        {&fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, check.Error, ""},
		"not permitted":       {&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, check.Unknown, check.ReasonPermission},
		"limit":               {inventory.ErrLimit, check.Unknown, check.ReasonLimit},
		"deadline":            {context.DeadlineExceeded, check.Unknown, check.ReasonTimeout},
		"canceled":            {context.Canceled, check.Unknown, check.ReasonCanceled},
		"not live":            {inventory.ErrNotLive, check.Unknown, check.ReasonNotLive},
		"fifo":                {filetree.ErrIrregular, check.Unknown, check.ReasonUnavailable},
		"unsupported":         {errors.ErrUnsupported, check.Unknown, check.ReasonUnavailable},
		"disk":                {&fs.PathError{Op: "read", Path: "x", Err: syscall.EIO}, check.Error, ""},
		"gravest of joined":   {errors.Join(inventory.ErrAbsent, syscall.EACCES, errors.New("x"), inventory.ErrLimit), check.Error, ""},
		"joined unknowns":     {errors.Join(inventory.ErrNotLive, syscall.EACCES), check.Unknown, check.ReasonPermission},
		"absent and no more":  {errors.Join(inventory.ErrAbsent, inventory.ErrAbsent), check.NotApplicable, ""},
		"panic":               {inventory.ErrPanic, check.Error, check.ReasonPanic},
		"nil is no verdict":   {nil, check.Error, ""},
		"text is not decided": {errors.New("permission denied"), check.Error, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if r := check.FromError(c.err); r.Status != c.status || r.Reason != c.reason {
				t.Errorf("got %s %q, want %s %q", r.Status, r.Reason, c.status, c.reason)
			}
		})
	}
}

func TestPseudonyms(t *testing.T) {
	c := check.Func(func(ctx context.Context, s *inventory.System) check.Result {
		_, _ = s.ReadFile(ctx, "home/alice/.netrc")
		return check.Failed("alice, alice2 and host web-1.example.org at 192.0.2.7, fe80::1:2 or 02:42:ac:11:00:02; 127.0.0.1, 1.2.3 and 300.1.1.1 stay",
			check.Evidence{Source: "home/alice/.netrc", Subject: "alice", Want: "user", Got: "web-1.example.org"})
	})
	names := func(context.Context, *inventory.System) ([]check.Name, error) {
		return []check.Name{{Kind: "user", Value: "alice"}, {Kind: "user", Value: "user"}, {Kind: "host", Value: "web-1"}, {Kind: "host", Value: "web-1.example.org"}}, nil
	}
	p := &check.Pseudonyms{Key: []byte(strings.Repeat("k", 16)), Names: names}
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(c), check.Options{Pseudonyms: p})
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%+v %v", out[0].Result, out[0].Reads)
	for _, gone := range []string{"alice,", "alice/", "web-1", "192.0.2.7", "fe80", "02:42"} {
		if strings.Contains(all, gone) {
			t.Errorf("%q is still in %s", gone, all)
		}
	}
	for _, stays := range []string{"alice2", "127.0.0.1", "1.2.3 ", "300.1.1.1", "home/user~"} {
		if !strings.Contains(all, stays) {
			t.Errorf("%q is not in %s", stays, all)
		}
	}
	if name := p.Of(check.Name{Kind: "host", Value: "web-1.example.org"}); !strings.HasPrefix(name, "host~") || !strings.Contains(all, name) {
		t.Errorf("got %s for the host, and another one in %s", name, all)
	}
	again, _ := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(c), check.Options{Pseudonyms: p})
	if !reflect.DeepEqual(again[0].Result, out[0].Result) {
		t.Error("the same key gives other pseudonyms")
	}
	p.Names = func(context.Context, *inventory.System) ([]check.Name, error) { return nil, errors.New("no list") }
	if out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(c), check.Options{Pseudonyms: p}); err == nil || out != nil {
		t.Errorf("without the names: got %v, %v, want an error and nothing else", out, err)
	}
}

func TestAnyOf(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"a"}, "a"}, {[]string{"a", "b", "c", "d"}, "a or b or c or d"}, {[]string{"a", "b", "c", "d", "e"}, "a or b or c or one of 2 more"},
	} {
		if got := check.AnyOf(c.names); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
