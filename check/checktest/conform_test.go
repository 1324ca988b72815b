package checktest_test

import (
	"context"
	"errors"
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
		return check.Passed("it says so")
	}
	return check.Failed("it does not say so")
}

func TestConformAcceptsACarefulCheck(t *testing.T) {
	checktest.Conform(t, rule(check.OldOf(text, saysKeepOut)),
		inventorytest.Config(t, motd), inventorytest.Config(t, "os: linux\n-- etc/motd --\nwelcome\n"), inventorytest.Config(t, ""))
}

func TestConformAcceptsADeclaredAbsence(t *testing.T) {
	optional := check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
		b, err := s.ReadFile(ctx, "etc/motd")
		if inventory.IsAbsent(err, "etc/motd") {
			return check.Absent("no banner")
		}
		if err != nil {
			return check.FromError(err)
		}
		return saysKeepOut(string(b))
	})
	checktest.Conformance{Optional: []string{"etc/motd"}}.Test(t, rule(optional), inventorytest.Config(t, motd))
}

// Each of these is a mistake that authors make; the kit has to name each.
func TestConformCatchesSloppyChecks(t *testing.T) {
	for name, c := range map[string]struct {
		check check.Check
		want  string
	}{
		"absence of any file is not applicable": {
			check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
				for _, name := range []string{"etc/motd", "etc/extra"} {
					if _, err := s.ReadFile(ctx, name); errors.Is(err, fs.ErrNotExist) {
						return check.Absent("no banner")
					} else if err != nil {
						return check.FromError(err)
					}
				}
				return check.Failed("both are there")
			}), "read etc/extra gone] it answers notapplicable",
		},
		"an absent file passes": {
			check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
				if b, err := s.ReadFile(ctx, "etc/motd"); err == nil && strings.Contains(string(b), "keep") {
					return check.Failed("it says keep")
				}
				return check.Passed("it does not")
			}), "read etc/motd gone] it answers pass",
		},
		"an error is excused without need": {
			check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
				s.Excuse("etc/motd")
				if b, err := s.ReadFile(ctx, "etc/motd"); err == nil && strings.Contains(string(b), "keep") {
					return check.Failed("it says keep")
				}
				return check.Passed("it does not")
			}), "read etc/motd denied] it answers pass",
		},
		"a fallback that is worse, seen only under a fault": {
			check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
				s.Excuse("etc/motd")
				if _, err := s.ReadFile(ctx, "etc/motd"); err == nil {
					return check.Failed("it is there")
				}
				s.Excuse("etc/extra")
				if _, err := s.ReadFile(ctx, "etc/extra"); err == nil {
					return check.Failed("the other is there")
				}
				return check.Passed("neither")
			}), "read etc/extra denied] it answers pass",
		},
		"what could not be read is a breach": {
			check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
				if _, err := s.ReadFile(ctx, "etc/motd"); err != nil {
					return check.Failed("it says nothing")
				}
				return check.Passed("it says something")
			}), "read etc/motd denied] it answers fail, not pass",
		},
		"an empty system passes": {
			check.OldFunc(func(context.Context, *inventory.System) check.Result { return check.Passed("always") }),
			"passes on an empty system",
		},
		"facts are sorted in place": {
			swapping(), `changes facts: ["words"]`,
		},
		"answers depend on a counter": {
			counting(), "two runs differ",
		},
		"the context is not heeded": {
			check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
				if _, err := s.ReadFile(ctx, "etc/motd"); errors.Is(err, context.Canceled) {
					time.Sleep(1500 * time.Millisecond)
				}
				return check.Failed("")
			}), "goroutines left behind",
		},
		"a goroutine stays": {
			check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
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
	return check.OldOf(words, func(w []string) check.Result {
		mu.Lock()
		defer mu.Unlock()
		w[0], w[1] = w[1], w[0]
		return check.Passed("")
	})
}

func counting() check.Check {
	var mu sync.Mutex
	n := 0
	return check.OldFunc(func(context.Context, *inventory.System) check.Result {
		mu.Lock()
		defer mu.Unlock()
		n++
		return check.Failed(strings.Repeat("x", n))
	})
}

// A swallowed error needs no kit: the runner overrules the check itself.
func TestRunnerOverrulesASwallowedError(t *testing.T) {
	swallow := check.OldFunc(func(ctx context.Context, s *inventory.System) check.Result {
		b, _ := s.ReadFile(ctx, "etc/motd")
		if strings.Contains(string(b), "welcome") {
			return check.Failed("it welcomes")
		}
		return check.Passed("no welcome")
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
