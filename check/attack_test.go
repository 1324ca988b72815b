package check_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

var deniedOfAttack = check.Func(func(ctx context.Context, s *inventory.System, v *check.Verdict) error {
	_, err := s.ReadFile(ctx, "etc/shadow")
	return err
})

// a Fail that rests on a read that failed
var taintedOfAttack = check.Func(func(ctx context.Context, s *inventory.System, v *check.Verdict) error {
	_, err := s.ReadFile(ctx, "etc/shadow")
	v.Bad(check.Evidence{Subject: "x"})
	return err
})

func statusOfAttack(t *testing.T, c check.Check) check.Result {
	t.Helper()
	return outcome(t, inventorytest.Config(t, "-- etc/shadow error=EACCES --\n-- etc/ok --\n"), c).Result
}

func countOfAttack(parts []check.Status, s check.Status) (n int) {
	for _, p := range parts {
		if p == s {
			n++
		}
	}
	return n
}

func TestAttackTables(t *testing.T) {
	strict := check.Table{Op: "strict", Decide: func(p []check.Status) check.Status {
		if countOfAttack(p, check.Pass) == len(p) {
			return check.Pass
		}
		return check.Fail
	}}
	atMostOne := check.Table{Op: "atmost", Decide: func(p []check.Status) check.Status {
		if countOfAttack(p, check.Fail) > 1 {
			return check.Fail
		}
		return check.Pass
	}}
	negate := check.Table{Op: "negate", Parts: 1, Decide: func(p []check.Status) check.Status {
		if p[0] == check.Pass {
			return check.Fail
		}
		return check.Pass
	}}
	onlyFail := check.Table{Op: "onlyfail", Parts: 1, Decide: func(p []check.Status) check.Status {
		switch p[0] {
		case check.Fail, check.Unknown:
			return check.Pass
		}
		return check.Fail
	}}
	info := check.Table{Op: "info", Decide: func(p []check.Status) check.Status { return check.Informational }}
	notsel := check.Table{Op: "notsel", Decide: func(p []check.Status) check.Status {
		if p[0] == check.Unknown {
			return check.NotSelected
		}
		return p[0]
	}}
	for name, c := range map[string]check.Check{
		"not over strict over unknown":     check.Not(strict.Of(deniedOfAttack)),
		"when strict over unknown":         check.When(strict.Of(deniedOfAttack), is(check.Pass)),
		"at most one fails, two unknown":   atMostOne.Of(deniedOfAttack, deniedOfAttack),
		"at most one fails, two unknown +": atMostOne.Of(deniedOfAttack, deniedOfAttack, is(check.Pass)),
		"custom negation of tainted fail":  negate.Of(taintedOfAttack),
		"custom table of tainted fail":     onlyFail.Of(taintedOfAttack),
		"strict over tainted, not":         check.Not(strict.Of(taintedOfAttack)),
		"all of pass and info":             check.All(is(check.Pass), info.Of(deniedOfAttack)),
		"all of pass and notsel":           check.All(is(check.Pass), notsel.Of(deniedOfAttack)),
		"not info":                         check.Not(info.Of(deniedOfAttack)),
	} {
		r := statusOfAttack(t, c)
		if r.Status == check.Pass || r.Status == check.NotApplicable || r.Status == check.Fixed || r.Status == check.Informational {
			t.Errorf("%-35s got %s: %s", name, r.Status, r.Message)
		} else {
			t.Logf("%-35s ok %s: %s", name, r.Status, r.Message)
		}
	}
}

func TestAttackTableNotApplicable(t *testing.T) {
	// passes where no part is without subject
	tb := check.Table{Op: "applies", Decide: func(p []check.Status) check.Status {
		if countOfAttack(p, check.NotApplicable) > 0 {
			return check.Fail
		}
		return check.Pass
	}}
	r := statusOfAttack(t, tb.Of(deniedOfAttack))
	t.Logf("got %s %s", r.Status, r.Message)
	if r.Status == check.Pass {
		t.Error("pass")
	}
}

// Evidence of an Unknown part is not evidence of the opposite.
func TestAttackPick(t *testing.T) {
	tb := check.Table{Op: "err", Decide: func(p []check.Status) check.Status { return check.Error }}
	c := simple(func(context.Context, *inventory.System) check.Result {
		return check.Result{Status: check.Unknown, Message: "m", Evidence: []check.Evidence{{Subject: "s", Want: "a"}}}
	})
	if r := statusOfAttack(t, tb.Of(c)); len(r.Evidence) > 0 {
		t.Errorf("got %+v", r.Evidence)
	}
}

func TestAttackBounds(t *testing.T) {
	big := strings.Repeat("s", 8<<20)
	for name, c := range map[string]check.Check{
		"error text": check.Func(func(ctx context.Context, s *inventory.System, v *check.Verdict) error { return errors.New(big) }),
		"fact": simple(func(context.Context, *inventory.System) check.Result {
			return passed("", check.Evidence{Subject: "x", Fact: big})
		}),
		"method": simple(func(context.Context, *inventory.System) check.Result {
			return passed("", check.Evidence{Subject: "x", Method: big})
		}),
		"many children": simple(func(context.Context, *inventory.System) check.Result {
			return check.Result{Status: check.Fail, Children: make([]check.Result, 1<<17)}
		}),
		"children of a pass": check.All(func() (all []check.Check) {
			for range 50 {
				all = append(all, simple(func(context.Context, *inventory.System) check.Result {
					ev := make([]check.Evidence, 100)
					for i := range ev {
						ev[i] = check.Evidence{Subject: strings.Repeat("x", 1000), Want: strings.Repeat("x", 1000), Got: strings.Repeat("x", 1000)}
					}
					return passed("", ev...)
				}))
			}
			return
		}()...),
	} {
		out := outcome(t, inventorytest.Config(t, ""), c)
		b, err := json.Marshal(out)
		if err != nil {
			t.Error(name, err)
		}
		if len(b) > 1<<20 {
			t.Errorf("%s: outcome of %d bytes (%s)", name, len(b), out.Result.Status)
		}
	}
}

func TestAttackManyErrors(t *testing.T) {
	const n = 1_000_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	v := new(check.Verdict)
	for i := range n {
		v.Err(fmt.Errorf("home/user%07d/.ssh/authorized_keys: %w", i, inventory.ErrUnavailable), check.Evidence{Subject: "x"})
	}
	r := v.Result()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b, _ := json.Marshal(r)
	t.Logf("%d errors: %s, total alloc %d MB, kept %d MB, json %d MB, message %d", n, time.Since(start), (after.TotalAlloc-before.TotalAlloc)>>20, (after.HeapAlloc-before.HeapAlloc)>>20, len(b)>>20, len(r.Message))
	if len(b) > 1<<20 {
		t.Errorf("result of %d bytes", len(b))
	}
	runtime.KeepAlive(r)
}

func TestAttackSharedChildrenRace(t *testing.T) {
	shared := check.Result{Status: check.Pass, Children: []check.Result{{Status: check.Pass, Evidence: []check.Evidence{{Subject: "x", Position: inventory.Position{Source: "etc/ok"}}}}}}
	var cs []check.Check
	for range 50 {
		cs = append(cs, simple(func(context.Context, *inventory.System) check.Result { return shared }))
	}
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), rulesOf(cs...), check.Options{Concurrency: 8})
	_ = out
	if err != nil {
		t.Fatal(err)
	}
	if shared.Children[0].Evidence[0].Method != "" {
		t.Errorf("the check's own result was written to: %+v", shared.Children[0])
	}
}

func TestAttackExprJSON(t *testing.T) {
	for _, s := range []string{
		`{"OP":"all","PARTS":[{"KIND":"a.b"}]}`,
		`{"op":"all","Op":"any","parts":[{"kind":"a.b"}]}`,
		`{"kind":"a.b","args":{"x":1},"Args":{"y":2}}`,
		`{"kind":"a.b","kind":"c.d"}`,
	} {
		var e check.Expr
		err := json.Unmarshal([]byte(s), &e)
		if err == nil {
			t.Errorf("%s accepted as %s", s, e)
		}
	}
	for _, f := range []float64{1e20, 9.3e18, 1, 1e21} {
		e := check.Expr{Kind: "a.b", Args: map[string]any{"x": f}}
		b, _ := json.Marshal(e)
		var got check.Expr
		if err := json.Unmarshal(b, &got); err != nil {
			t.Errorf("%s does not come back: %v", b, err)
		}
	}
}

func TestAttackDigest(t *testing.T) {
	a := check.Rule{ID: "x", Expr: check.Expr{Kind: "a.b", Args: map[string]any{"x": "\xff"}}}
	j, _ := json.Marshal(a)
	var back check.Rule
	json.Unmarshal(j, &back)
	if back.Digest() != a.Digest() {
		t.Error("the digest does not survive JSON")
	}
}

// An outcome shares no memory with the rule of the caller.
func TestAttackOutcomeSharesExpr(t *testing.T) {
	r := check.Compiled{Rule: check.Rule{ID: "r", Expr: check.Expr{Kind: "a.b", Args: map[string]any{"x": "y"}}}, Check: is(check.Pass)}
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), []check.Compiled{r}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out[0].Rule.Expr.Args["x"] = "z"
	if r.Expr.Args["x"] != "y" {
		t.Error("the rule of the caller was changed")
	}
}
