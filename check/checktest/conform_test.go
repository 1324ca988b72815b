package checktest_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const motd = `
os: linux
-- etc/motd --
keep out
-- etc/extra --
more
`

var (
	text = inventory.NewFact("text", func(ctx context.Context, s *inventory.System) (string, error) {
		b, err := s.ReadFile(ctx, "etc/motd")
		return string(b), err
	})
	words = inventory.NewFact("words", func(ctx context.Context, s *inventory.System) ([]string, error) {
		t, err := text.Of(ctx, s)
		return strings.Fields(t), err
	})
)

func rule(c check.Check) check.Compiled {
	return check.Compiled{Rule: check.Rule{ID: "test.rule"}, Check: c}
}

func saysKeepOut(t string) check.Result {
	if strings.Contains(t, "keep out") {
		return passed("it says so")
	}
	return failed("it does not say so")
}

func TestConformAcceptsACarefulCheck(t *testing.T) {
	checktest.Conform(t, rule(of(text, saysKeepOut)),
		inventorytest.Config(t, motd), inventorytest.Config(t, "os: linux\n-- etc/motd --\nwelcome\n"), inventorytest.Config(t, ""))
}

func TestConformAcceptsADeclaredAbsence(t *testing.T) {
	optional := simple(func(ctx context.Context, s *inventory.System) check.Result {
		b, err := s.ReadFile(ctx, "etc/motd")
		if inventory.IsAbsent(err, "etc/motd") {
			return check.Result{Status: check.NotApplicable, Message: "no banner"}
		}
		if err != nil {
			return check.Result{Status: check.Error, Err: err}
		}
		return saysKeepOut(string(b))
	})
	welcoming := inventorytest.Config(t, "os: linux\n-- etc/motd --\nwelcome\n")
	checktest.Conformance{Optional: []string{"etc/motd"}}.Test(t, rule(optional), inventorytest.Config(t, motd), welcoming)
}

// A rule that no system fails is not tested.
func TestConformDemandsASystemThatFails(t *testing.T) {
	c := rule(of(text, saysKeepOut))
	tb := &recorder{TB: t}
	checktest.Conform(tb, c, inventorytest.Config(t, motd))
	if len(tb.errors) != 1 || !strings.Contains(tb.errors[0], "it fails on none of the 1 systems") {
		t.Errorf("got %q", tb.errors)
	}
	checktest.Conformance{NeverFails: true}.Test(t, c, inventorytest.Config(t, motd))
}

// recorder keeps the errors of a test.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

// Each of these is a mistake that authors make; the kit has to name each.
func TestConformCatchesSloppyChecks(t *testing.T) {
	for name, c := range map[string]struct {
		check check.Check
		want  string
	}{
		"absence of any file is not applicable": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				for _, name := range []string{"etc/motd", "etc/extra"} {
					if _, err := s.ReadFile(ctx, name); errors.Is(err, fs.ErrNotExist) {
						return check.Result{Status: check.NotApplicable, Message: "no banner"}
					} else if err != nil {
						return check.Result{Status: check.Error, Err: err}
					}
				}
				return failed("both are there")
			}), "read etc/extra gone] it answers notapplicable",
		},
		"an absent file passes": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				if b, err := s.ReadFile(ctx, "etc/motd"); err == nil && strings.Contains(string(b), "keep") {
					return failed("it says keep")
				}
				return passed("it does not")
			}), "read etc/motd gone] it answers pass",
		},
		"garbage passes": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				b, err := s.ReadFile(ctx, "etc/motd")
				switch {
				case err != nil:
					return check.Result{Status: check.Error, Err: err}
				case strings.Contains(string(b), "keep"):
					return failed("it says keep")
				}
				return passed("it does not")
			}), "read etc/motd garbage] it answers pass, not fail; if the absence of etc/motd says so, use checktest.Conformance{Optional: []string{\"etc/motd\"}}.Test",
		},
		"an error is excused without need": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				s.Excuse("etc/motd")
				if b, err := s.ReadFile(ctx, "etc/motd"); err == nil && strings.Contains(string(b), "keep") {
					return failed("it says keep")
				}
				return passed("it does not")
			}), "read etc/motd denied] it answers pass",
		},
		"a fallback that is worse, seen only under a fault": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				s.Excuse("etc/motd")
				if _, err := s.ReadFile(ctx, "etc/motd"); err == nil {
					return failed("it is there")
				}
				s.Excuse("etc/extra")
				if _, err := s.ReadFile(ctx, "etc/extra"); err == nil {
					return failed("the other is there")
				}
				return passed("neither")
			}), "read etc/extra denied] it answers pass",
		},
		"what could not be read is a breach": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				if _, err := s.ReadFile(ctx, "etc/motd"); err != nil {
					return failed("it says nothing")
				}
				return passed("it says something")
			}), "read etc/motd denied] it answers fail, not pass",
		},
		"an empty system passes": {
			simple(func(context.Context, *inventory.System) check.Result { return passed("always") }),
			"passes on an empty system",
		},
		"facts are sorted in place": {
			swapping(), `changes facts: ["words"]`,
		},
		"answers depend on a counter": {
			counting(), "two runs differ",
		},
		"the context is not heeded": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				if _, err := s.ReadFile(ctx, "etc/motd"); errors.Is(err, context.Canceled) {
					time.Sleep(1500 * time.Millisecond)
				}
				return failed("")
			}), "goroutines left behind",
		},
		"a goroutine stays": {
			simple(func(ctx context.Context, s *inventory.System) check.Result {
				_, err := s.ReadFile(ctx, "etc/motd")
				go func() { time.Sleep(3 * time.Second) }()
				return check.Result{Status: check.Fail, Err: err}
			}), "leaves a goroutine behind",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			errs := checktest.Conformance{}.Violations(t.Context(), rule(c.check), inventorytest.Config(t, motd))
			for _, err := range errs {
				if strings.Contains(err.Error(), c.want) {
					return
				}
			}
			t.Errorf("got %v, want one with %q", errs, c.want)
		})
	}
}

// swapping writes to a fact, one run at a time so that the race detector, which would
// name the mistake as well, does not end the test.
func swapping() check.Check {
	var mu sync.Mutex
	return of(words, func(w []string) check.Result {
		mu.Lock()
		defer mu.Unlock()
		w[0], w[1] = w[1], w[0]
		return passed("")
	})
}

func counting() check.Check {
	var mu sync.Mutex
	n := 0
	return simple(func(context.Context, *inventory.System) check.Result {
		mu.Lock()
		defer mu.Unlock()
		n++
		return failed(strings.Repeat("x", n))
	})
}

// A swallowed error needs no kit: the runner overrules the check itself.
func TestRunnerOverrulesASwallowedError(t *testing.T) {
	swallow := simple(func(ctx context.Context, s *inventory.System) check.Result {
		b, _ := s.ReadFile(ctx, "etc/motd")
		if strings.Contains(string(b), "welcome") {
			return failed("it welcomes")
		}
		return passed("no welcome")
	})
	for _, kind := range []inventorytest.Kind{inventorytest.Denied, inventorytest.Broken, inventorytest.Short, inventorytest.Timeout} {
		t.Run(kind.String(), func(t *testing.T) {
			read := inventory.Read{Op: filetree.OpRead, Name: "etc/motd"}
			cfg := inventorytest.Inject(inventorytest.Config(t, motd), inventorytest.Fault{Read: read, Kind: kind})
			out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), []check.Compiled{rule(swallow)}, check.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if s := out[0].Result.Status; s != check.Unknown && s != check.Error {
				t.Errorf("got %s, want no verdict", s)
			}
		})
	}
}

// simple is a check that makes its result by hand.
type simple func(context.Context, *inventory.System) check.Result

func (f simple) Examine(ctx context.Context, s *inventory.System) check.Result { return f(ctx, s) }

func of[T any](f *inventory.Fact[T], judge func(T) check.Result) check.Check {
	return simple(func(ctx context.Context, s *inventory.System) check.Result {
		value, err := f.Of(ctx, s)
		if err != nil {
			v := new(check.Verdict)
			v.Err(err)
			return v.Result()
		}
		return judge(value)
	})
}

func passed(message string) check.Result { return check.Result{Status: check.Pass, Message: message} }

func failed(message string) check.Result { return check.Result{Status: check.Fail, Message: message} }
