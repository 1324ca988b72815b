package check_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// typedNil is an error type whose nil pointer has no text.
type typedNil struct{ text string }

func (e *typedNil) Error() string { return e.text }

// wild panics when it is asked for its text or its kind.
type wild struct{ where string }

func (w wild) Error() string {
	if w.where == "Error" {
		panic("no text")
	}
	return "wild"
}

func (w wild) Is(error) bool {
	if w.where == "Is" {
		panic("no kind")
	}
	return false
}

func (w wild) Unwrap() error {
	if w.where == "Unwrap" {
		panic("nothing within")
	}
	return nil
}

// Errors of somebody else's make never end the process, and never pass.
func TestErrorsOfStrangers(t *testing.T) {
	var null *typedNil
	for name, err := range map[string]error{
		"a nil pointer": null, "a wrapped nil pointer": fmt.Errorf("x: %w", error(null)),
		"a joined nil pointer": errors.Join(fs.ErrPermission, null),
		"Error panics":         wild{"Error"}, "Is panics": wild{"Is"}, "Unwrap panics": wild{"Unwrap"},
		"joined": errors.Join(fs.ErrPermission, wild{"Is"}),
	} {
		broken := inventory.NewFact("broken", func(context.Context, *inventory.System) (int, error) { return 1, err })
		checks := map[string]check.Check{
			"returned": check.Of(broken, good),
			"swallowed": simple(func(ctx context.Context, s *inventory.System) check.Result {
				_, _ = broken.Of(ctx, s)
				return passed("")
			}),
			"in the result": simple(func(context.Context, *inventory.System) check.Result {
				return check.Result{Status: check.Pass, Err: err}
			}),
			"made a result": simple(func(context.Context, *inventory.System) check.Result { return fromError(err) }),
			"of a read": simple(func(ctx context.Context, s *inventory.System) check.Result {
				_, _ = s.ReadFile(ctx, "etc/denied")
				return absent("")
			}),
		}
		for how, c := range checks {
			cfg := inventorytest.Config(t, "-- etc/denied --\n")
			cfg.Intercept = func(context.Context, inventory.Read) error { return err }
			for _, c := range []check.Check{c, check.All(c), check.Not(c), check.When(is(check.Pass), c)} {
				r := outcome(t, cfg, c).Result
				if r.Status == check.Pass || r.Status == check.NotApplicable {
					t.Errorf("%s %s: got %s", name, how, r.Status)
				}
				if r.Err != nil {
					_ = r.Err.Error() // whoever writes a report asks for it
				}
			}
		}
	}
}

// A panic's stack is for who debugs, not for the report.
func TestStacksOfPanicsAreLogged(t *testing.T) {
	var log bytes.Buffer
	cfg := inventorytest.Config(t, "")
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	panics := inventory.NewFact("panics", func(context.Context, *inventory.System) (int, error) { panic("in the collector") })
	out := outcome(t, cfg, check.All(
		simple(func(context.Context, *inventory.System) check.Result { panic("in the check") }),
		check.Of(panics, good)))
	for _, want := range []string{"in the check", "in the collector", "stranger_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not logged:\n%s", want, &log)
		}
	}
	if strings.Contains(out.Result.Message, "stranger_test.go") {
		t.Errorf("the stack is in the message: %s", out.Result.Message)
	}
}

func TestPanickingObserverFailsInTheCaller(t *testing.T) {
	defer func() {
		if p := recover(); p != "observer" {
			t.Errorf("got %v", p)
		}
	}()
	n := 0
	_, _ = check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(is(check.Pass), is(check.Pass)), check.Options{Observe: func(check.Event) {
		if n++; n == 2 {
			panic("observer")
		}
	}})
	t.Error("the run went on")
}

func TestRunRefusesWhatItCannotUse(t *testing.T) {
	if _, err := check.Run(t.Context(), nil, rulesOf(is(check.Pass)), check.Options{}); err == nil {
		t.Error("no system: no error")
	}
}

// A message is one line, whatever errors were joined, and says nothing twice.
func TestMessagesAreOneLine(t *testing.T) {
	broken, other := errors.New("broken"), errors.New("other")
	r := fromError(errors.Join(broken, other, broken, errors.Join(other, broken)))
	if r.Message != "broken; other" {
		t.Errorf("got %q", r.Message)
	}
	long := fromError(errors.New(strings.Repeat("line\n", 5000) + strings.Repeat("x", 5000)))
	if strings.Contains(long.Message, "\n") || !strings.HasPrefix(long.Message, "line; xxx") || len(long.Message) > 2010 {
		t.Errorf("got %d bytes: %.100q", len(long.Message), long.Message)
	}
}

// Many parts that say the same say it once.
func TestEqualMessagesOnce(t *testing.T) {
	said := func(s string) check.Check {
		return simple(func(context.Context, *inventory.System) check.Result { return failed(s) })
	}
	if got := run(t, check.All(said("a"), said("b"), said("a"), said("b"))).Message; got != "a; b" {
		t.Errorf("got %q", got)
	}
}
