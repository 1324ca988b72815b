package check_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func seen(subject string) check.Evidence { return check.Evidence{Subject: subject} }

func TestVerdict(t *testing.T) {
	denied := fmt.Errorf("x: %w", inventory.ErrUnavailable)
	for name, c := range map[string]struct {
		find     func(v *check.Verdict) error
		want     check.Status
		message  string
		evidence string
	}{
		"nothing":                {func(*check.Verdict) error { return nil }, check.NotApplicable, "nothing to judge", ""},
		"good":                   {func(v *check.Verdict) error { v.Good(seen("a")); return nil }, check.Pass, "1 judged", "a"},
		"bad":                    {func(v *check.Verdict) error { v.Good(seen("a")); v.Judge(false, seen("b")); return nil }, check.Fail, "1 of 2", "b"},
		"bad beside an error":    {func(v *check.Verdict) error { v.Bad(seen("b")); return denied }, check.Fail, "1 of 1, and 1 not known", "b"},
		"good beside an error":   {func(v *check.Verdict) error { v.Good(seen("a")); return denied }, check.Unknown, denied.Error(), ""},
		"a subject not known":    {func(v *check.Verdict) error { v.Good(seen("a")); v.Err(denied, seen("c")); return nil }, check.Unknown, denied.Error(), "c"},
		"absent":                 {func(v *check.Verdict) error { v.Absent(seen("a")); return nil }, check.NotApplicable, "nothing to judge", "a: not there"},
		"absent, said":           {func(v *check.Verdict) error { v.Absent(seen("a")); v.Say("no a"); v.Say("b"); return nil }, check.NotApplicable, "no a", "a: not there"},
		"absent beside good":     {func(v *check.Verdict) error { v.Absent(seen("a")); v.Good(seen("b")); return nil }, check.Pass, "1 judged", "b"},
		"an absent fact":         {func(*check.Verdict) error { return fmt.Errorf("ssh: %w", inventory.ErrAbsent) }, check.NotApplicable, "ssh: subject is absent", ""},
		"absent and another":     {func(*check.Verdict) error { return errors.Join(inventory.ErrAbsent, denied) }, check.Unknown, "subject is absent; x: not available", ""},
		"the gravest of several": {func(v *check.Verdict) error { v.Err(errors.New("broken")); return denied }, check.Error, "broken; " + denied.Error(), ""},
	} {
		v := new(check.Verdict)
		v.Err(c.find(v))
		r := v.Result()
		evidence := strings.Trim(fmt.Sprint(r.Evidence), "[]")
		if r.Status != c.want || evidence != c.evidence || !strings.HasPrefix(r.Message, c.message[:min(12, len(c.message))]) {
			t.Errorf("%s: got %s %q [%s], want %s %q [%s]", name, r.Status, r.Message, evidence, c.want, c.message, c.evidence)
		}
	}
}

// Whatever the order in which subjects come, and however many there are, the result is the same
// and bounded.
func TestVerdictIsOrderedAndBounded(t *testing.T) {
	const all = 3000
	var want check.Result
	for round := range 5 {
		v := new(check.Verdict)
		for _, i := range rand.Perm(all) {
			v.Bad(check.Evidence{Position: inventory.Position{Source: fmt.Sprint("f", i%7), Line: i}, Subject: "s"})
		}
		got := v.Result()
		if round == 0 {
			want = got
		}
		if d := cmp.Diff(got, want); d != "" || len(got.Evidence) != 100 || got.Omitted != all-100 || got.Subjects != all {
			t.Fatalf("got %d and %d more: %s", len(got.Evidence), got.Omitted, d)
		}
	}
	if want.Evidence[0].Line != 0 || want.Evidence[1].Line != 7 {
		t.Errorf("got %v first", want.Evidence[:2])
	}
}

// What a check makes by hand is bounded as well.
func TestResultsAreBounded(t *testing.T) {
	long := strings.Repeat("ä", 5<<20)
	c := simple(func(context.Context, *inventory.System) check.Result {
		ev := make([]check.Evidence, 300)
		for i := range ev {
			ev[i] = check.Evidence{Position: inventory.Position{Source: long}, Subject: long, Want: long, Got: long}
		}
		r := failed(long, ev...)
		r.Children = []check.Result{failed(long, ev...)}
		return r
	})
	r := run(t, c)
	b, err := json.Marshal(r)
	if err != nil || len(b) > 1<<20 || len(r.Evidence) != 100 || r.Omitted != 200 || len(r.Children[0].Evidence) != 100 {
		t.Errorf("got %d bytes, %d pieces and %d more, %v", len(b), len(r.Evidence), r.Omitted, err)
	}
}

// An outcome shows a sample of a pass, what was looked for where nothing is there, and which
// collector read it in which way.
func TestOutcomesShowWhatWasExamined(t *testing.T) {
	words := inventory.NewFact("words", func(ctx context.Context, s *inventory.System) ([]string, error) {
		b, err := s.ReadOnce(ctx, "etc/words")
		return strings.Fields(string(b)), err
	})
	const fixture = "-- etc/words --\na b c d e f g\n-- etc/motd --\n"
	at := check.Evidence{Position: inventory.Position{Source: "etc/words", Line: 1}}
	for name, c := range map[string]struct {
		check check.Check
		want  []check.Evidence
		more  int
	}{
		"a sample": {check.Of(words, func(v *check.Verdict, all []string) {
			for _, w := range all {
				e := at
				e.Subject = w
				v.Good(e)
			}
		}), []check.Evidence{{Position: at.Position, Subject: "a", Fact: "words", Method: "parsed"}}, 2},
		"a stat": {check.Func(func(ctx context.Context, s *inventory.System, v *check.Verdict) error {
			_, err := s.Stat(ctx, "etc/motd")
			v.Good(check.Evidence{Position: inventory.Position{Source: "etc/motd"}})
			return err
		}), []check.Evidence{{Position: inventory.Position{Source: "etc/motd"}, Method: "stat"}}, 0},
		"computed": {check.Of(words, func(v *check.Verdict, all []string) { v.Bad(check.Evidence{Got: fmt.Sprint(len(all))}) }),
			[]check.Evidence{{Got: "7", Fact: "words", Method: "computed"}}, 0},
		"nothing shown": {check.Of(words, func(v *check.Verdict, all []string) {}),
			[]check.Evidence{{Position: inventory.Position{Source: "etc/words"}, Subject: "etc/words", Got: "examined", Fact: "words", Method: "parsed"}}, 0},
		"not there": {check.Func(func(ctx context.Context, s *inventory.System, v *check.Verdict) error {
			_, _ = s.Stat(ctx, "etc/none")
			_, err := s.Stat(ctx, "etc/motd")
			return err
		}), []check.Evidence{{Position: inventory.Position{Source: "etc/none"}, Subject: "etc/none", Got: "not there", Method: "stat"}}, 0},
	} {
		r := outcome(t, inventorytest.Config(t, fixture), c.check).Result
		if len(r.Evidence) == 0 || !cmp.Equal(r.Evidence[:1], c.want) || r.Omitted != c.more || r.Status == check.Pass && len(r.Evidence) > 5 {
			t.Errorf("%s: got %s %+v and %d more, want %+v and %d", name, r.Status, r.Evidence, r.Omitted, c.want, c.more)
		}
	}
}

// What leaves the process comes back.
func TestOutcomesAsJSON(t *testing.T) {
	want := check.Outcome{
		Rule: check.Rule{ID: "linux.a.b", Title: "T", Severity: check.High, References: []check.Reference{{Catalog: "c", ID: "i"}}, Needs: check.NeedsWalk,
			Platforms: []string{"linux"}, Expr: check.Expr{Op: "not", Parts: []check.Expr{{Kind: "a.b", Args: map[string]any{"n": int64(1), "s": []any{"x"}}}}}},
		Result: check.Result{Status: check.Unknown, Reason: reason.Permission, Message: "m", Subjects: 3, Omitted: 1, Err: errors.New("denied"),
			Evidence: []check.Evidence{{Position: inventory.Position{Source: "etc/x", Line: 3}, Subject: "s", Want: "w", Got: "g", Fact: "f", Method: "parsed"}},
			Children: []check.Result{{Status: check.Fail, Message: "c"}}},
		Reads: []inventory.Read{{Op: "read", Name: "etc/x"}}, Excused: []inventory.Read{{Op: "stat", Name: "etc/y"}}, Elapsed: 5 * time.Millisecond,
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got check.Outcome
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, want, cmpopts.EquateComparable(), cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) })); d != "" {
		t.Errorf("%s\n%s", b, d)
	}
	if err := json.Unmarshal([]byte(`{"status":"great"}`), new(check.Result)); err == nil {
		t.Error("no such status: no error")
	}
}
