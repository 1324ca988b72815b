package checktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// Conform asserts of a rule, on each system, what every rule promises:
//
//   - With any of its reads failing, in any of the ways of [inventorytest.Kind], it gives no
//     Pass, no NotApplicable and no Fail that it does not give without; reads that it makes
//     only because another failed are among them. It may fail by a file that is missing, or
//     holds garbage.
//   - It fails on one of the systems at least: a rule that nobody has seen fail finds nothing.
//   - An empty system does not pass.
//   - Its evidence names no line without a source.
//   - It declares what its reads show that it needs: the walk, a running system, privileges.
//   - Two runs, and runs at any concurrency, give the same bytes.
//   - The facts it judges are left as they were.
//   - It ends soon when its context does, with no verdict, and leaves no goroutine.
//
// A rule for which one of them is rightly otherwise declares it in [Conformance].
func Conform(t testing.TB, rule check.Compiled, systems ...inventory.Config) {
	t.Helper()
	Conformance{}.Test(t, rule, systems...)
}

// Conformance is what a rule declares of itself. The zero value declares nothing.
type Conformance struct {
	// EmptyPasses says that a system without any file passes, rightly.
	EmptyPasses bool
	// NeverFails says that no system fails, rightly: the rule reports, or a person judges.
	NeverFails bool
	// Optional are the names, patterns of path.Match, of files whose absence is an
	// answer for this rule: their vanishing may change the verdict, and so may garbage in them,
	// which their programs pass over.
	Optional []string
	// MaxReads is how many reads may fail in turn. Default 2,000; a rule that makes
	// more fails the test, for it would be tested in part only.
	MaxReads int
}

// Test asserts the promises of [Conform].
func (c Conformance) Test(t testing.TB, rule check.Compiled, systems ...inventory.Config) {
	t.Helper()
	if len(systems) == 0 {
		t.Fatalf("%s: no system to conform on", rule.Rule.ID)
	}
	failed := false
	for i, cfg := range systems {
		failed = failed || examine(t.Context(), cfg, rule).status() == check.Fail
		if errs := c.check(t.Context(), rule, cfg); len(errs) > 0 {
			for _, err := range errs[:min(len(errs), 10)] {
				t.Errorf("%s on system %d: %v", rule.Rule.ID, i, err)
			}
		}
	}
	if !failed && !c.NeverFails {
		t.Errorf("%s: it fails on none of the %d systems; add one that is not as it wants, or declare Conformance.NeverFails", rule.ID, len(systems))
	}
}

// Violations returns how rule breaks its promises on the systems, one error each.
func (c Conformance) Violations(ctx context.Context, rule check.Compiled, systems ...inventory.Config) []error {
	var all []error
	for _, cfg := range systems {
		all = append(all, c.check(ctx, rule, cfg)...)
	}
	return all
}

func (c Conformance) check(ctx context.Context, rule check.Compiled, cfg inventory.Config) []error {
	var errs []error
	add := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	base := examine(ctx, cfg, rule)
	if base.err != nil {
		return []error{base.err}
	}
	if len(base.changed) > 0 {
		add(fmt.Errorf("it changes facts: %q", base.changed))
	}
	errs = append(errs, undeclared(ctx, rule, cfg, base)...)
	add(placed(base.out.Result))
	add(c.empty(ctx, rule, cfg))
	add(repeatable(ctx, rule, cfg, base))
	add(cancellable(ctx, rule, cfg, base))
	return append(errs, c.faults(ctx, rule, cfg, base)...)
}

// placed refuses evidence of a line of no file.
func placed(r check.Result) error {
	for _, e := range r.Evidence {
		if e.Line > 0 && e.Source == "" {
			return fmt.Errorf("its evidence names line %d of no source: %s", e.Line, e)
		}
	}
	return nil
}

// examined is what one run gave.
type examined struct {
	out     check.Outcome
	reads   []inventory.Read // each that was tried, once, sorted
	changed []string         // facts that the check wrote to
	err     error
}

func (e examined) status() check.Status { return e.out.Result.Status }

func examine(ctx context.Context, cfg inventory.Config, rule check.Compiled) (e examined) {
	var mu sync.Mutex
	reads := map[inventory.Read]bool{}
	sys, err := inventory.New(inventorytest.Record(cfg, func(r inventory.Read) {
		mu.Lock()
		defer mu.Unlock()
		reads[r] = true
	}))
	if err != nil {
		return examined{err: err}
	}
	facts := map[string][]uint64{}
	ctx = scope.WithWatch(ctx, func(name string, v any) {
		mu.Lock()
		defer mu.Unlock()
		facts[name] = append(facts[name], digest(v))
	})
	out, err := check.Run(ctx, sys, []check.Compiled{rule}, check.Options{})
	mu.Lock()
	defer mu.Unlock()
	if len(out) == 1 {
		e.out = out[0]
	}
	e.err = err
	for r := range reads {
		e.reads = append(e.reads, r)
	}
	slices.SortFunc(e.reads, func(a, b inventory.Read) int { return strings.Compare(a.String(), b.String()) })
	e.changed = changed(sys, facts)
	return e
}

// changed returns the facts whose values are not what was collected.
func changed(sys *inventory.System, facts map[string][]uint64) []string {
	now := map[string][]uint64{}
	for name, v := range sys.Facts() {
		now[name] = append(now[name], digest(v))
	}
	var names []string
	for name, is := range now {
		was := facts[name]
		slices.Sort(is)
		slices.Sort(was)
		if was != nil && !slices.Equal(is, was) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (c Conformance) empty(ctx context.Context, rule check.Compiled, cfg inventory.Config) error {
	nothing := inventory.Config{FS: inventorytest.Empty(), Now: cfg.Now, Platform: cfg.Platform}
	if nothing.Platform.OS == "" && len(rule.Rule.Platforms) > 0 {
		nothing.Platform.OS, _, _ = strings.Cut(rule.Rule.Platforms[0], "/")
	}
	if e := examine(ctx, nothing, rule); e.status() == check.Pass && !c.EmptyPasses {
		return errors.New("it passes on an empty system; if that is right, declare Conformance.EmptyPasses")
	}
	return nil
}

// repeatable holds further runs, alone and beside others, to the bytes of the first.
func repeatable(ctx context.Context, rule check.Compiled, cfg inventory.Config, base examined) error {
	want := bytesOf(base.out)
	if got := bytesOf(examine(ctx, cfg, rule).out); !bytes.Equal(got, want) {
		return fmt.Errorf("two runs differ:\n%s\n%s", want, got)
	}
	sys, err := inventory.New(cfg)
	if err != nil {
		return err
	}
	rules := make([]check.Compiled, 8)
	for i := range rules {
		rules[i] = rule
		rules[i].Rule.ID = fmt.Sprintf("%s.%d", rule.Rule.ID, i)
	}
	out, err := check.Run(ctx, sys, rules, check.Options{Concurrency: len(rules)})
	if err != nil {
		return err
	}
	for _, o := range out {
		o.Rule.ID = rule.Rule.ID
		if got := bytesOf(o); !bytes.Equal(got, want) {
			return fmt.Errorf("runs at once differ:\n%s\n%s", want, got)
		}
	}
	return nil
}

// bytesOf writes all of an outcome but its time.
func bytesOf(o check.Outcome) []byte {
	b := Format([]check.Outcome{o})
	for _, r := range o.Reads {
		b = append(b, "\tread "+r.String()+"\n"...)
	}
	return b
}

// cancelGrace is how long a rule may go on after its context has ended. It bounds a
// hang; it is no measure of speed.
const cancelGrace = 20 * time.Second

// cancellable ends the context at each read in turn, up to a few, and looks for what is
// left behind.
func cancellable(ctx context.Context, rule check.Compiled, cfg inventory.Config, base examined) error {
	for _, at := range base.reads[:min(len(base.reads), 8)] {
		if err := canceledAt(ctx, rule, cfg, at); err != nil {
			return fmt.Errorf("cancelled at %s: %w", at, err)
		}
	}
	return nil
}

func canceledAt(ctx context.Context, rule check.Compiled, cfg inventory.Config, at inventory.Read) error {
	cctx, cancel := context.WithCancel(ctx)
	defer cancel()
	before := cfg.Intercept
	cfg.Intercept = func(ictx context.Context, r inventory.Read) error {
		if r == at {
			cancel()
			<-ictx.Done()
			return context.Cause(ictx)
		}
		if before != nil {
			return before(ictx, r)
		}
		return nil
	}
	label := fmt.Sprintf("conform-%p", &cctx)
	var e examined
	ended := make(chan struct{})
	go pprof.Do(cctx, pprof.Labels("hardening", label), func(lctx context.Context) {
		defer close(ended)
		e = examine(lctx, cfg, rule)
	})
	select {
	case <-ended:
	case <-time.After(cancelGrace):
		return errors.New("it does not end")
	}
	switch {
	case errors.Is(e.err, check.ErrAbandoned):
		return e.err
	case e.status() == check.Pass || e.status() == check.NotApplicable:
		return fmt.Errorf("it still answers %s", e.status())
	}
	return leftBehind(label)
}

// leftBehind reports goroutines that carry the label, given some time to end.
func leftBehind(label string) error {
	for wait := time.Millisecond; ; wait *= 2 {
		var b bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
			return err
		}
		if !strings.Contains(b.String(), label) {
			return nil
		}
		if wait > time.Second {
			return errors.New("it leaves a goroutine behind")
		}
		time.Sleep(wait)
	}
}

// faults runs the rule with each of its reads failing in turn, those it makes only
// then included.
func (c Conformance) faults(ctx context.Context, rule check.Compiled, cfg inventory.Config, base examined) []error {
	type trial struct {
		first []inventorytest.Fault // a fault under which the read appeared
		read  inventory.Read
	}
	var errs []error
	known := map[inventory.Read]bool{}
	var queue []trial
	discover := func(reads []inventory.Read, first ...inventorytest.Fault) {
		for _, r := range reads {
			if !known[r] {
				known[r] = true
				queue = append(queue, trial{first, r})
			}
		}
	}
	discover(base.reads)
	for len(queue) > 0 {
		tr := queue[0]
		queue = queue[1:]
		if len(known) > c.maxReads() {
			return append(errs, fmt.Errorf("%w: %d reads", inventory.ErrLimit, len(known)))
		}
		for _, kind := range kindsFor(tr.read) {
			f := append(slices.Clone(tr.first), inventorytest.Fault{Read: tr.read, Kind: kind})
			if missing(kind) && c.optional(tr.read.Name) {
				continue
			}
			e := examine(ctx, inventorytest.Inject(cfg, f...), rule)
			if s := e.status(); s != base.status() && concludes(s, f) {
				errs = append(errs, fmt.Errorf("with %v it answers %s, not %s%s", f, s, base.status(), hint(kind, tr.read)))
			}
			if len(f) == 1 {
				discover(e.reads, f...)
			}
		}
	}
	return errs
}

// concludes reports whether a status says more than can be known under faults. That a file is
// missing can be what a rule fails by; nothing else that could not be read can.
func concludes(s check.Status, faults []inventorytest.Fault) bool {
	switch s {
	case check.Pass, check.NotApplicable:
		return true
	case check.Fail:
		return !slices.ContainsFunc(faults, func(f inventorytest.Fault) bool { return missing(f.Kind) })
	}
	return false
}

// missing reports whether under a fault a file says nothing, as its program would see it.
func missing(k inventorytest.Kind) bool { return k == inventorytest.Gone || k == inventorytest.Garbage }

// hint says what to do about a file whose absence rightly changes the verdict.
func hint(kind inventorytest.Kind, r inventory.Read) string {
	if !missing(kind) {
		return "; return the error of a read or a fact before anything is judged"
	}
	return fmt.Sprintf("; if the absence of %s says so, use checktest.Conformance{Optional: []string{%q}}.Test", r.Name, r.Name)
}

func kindsFor(r inventory.Read) []inventorytest.Kind {
	if r.Op == filetree.OpRead {
		return []inventorytest.Kind{inventorytest.Denied, inventorytest.Broken, inventorytest.Gone, inventorytest.Short, inventorytest.Timeout,
			inventorytest.Garbage}
	}
	return []inventorytest.Kind{inventorytest.Denied, inventorytest.Broken, inventorytest.Gone, inventorytest.Timeout}
}

func (c Conformance) optional(name string) bool {
	return slices.ContainsFunc(c.Optional, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}

func (c Conformance) maxReads() int {
	if c.MaxReads > 0 {
		return c.MaxReads
	}
	return 2000
}
