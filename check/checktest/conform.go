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

// Conform tests that a rule has, on each system, the properties that every rule must have:
//
//   - If one of its reads fails, in any of the ways of [inventorytest.Kind], it gives no Pass,
//     NotApplicable or Fail that it does not give without the failure. This includes reads that
//     it makes only because another read failed. A missing file, or one that contains garbage,
//     may cause a Fail.
//   - It fails on at least one of the systems. A rule that has never failed may find nothing.
//   - It does not pass on an empty system.
//   - Its evidence does not contain a line number without a source.
//   - It declares the needs that its reads show: the walk, a running system, privileges.
//   - Repeated and concurrent runs give identical results.
//   - It does not modify the facts that it judges.
//   - It returns soon after its context is done, without a Pass or NotApplicable, and leaves no
//     goroutine behind.
//
// Use [Conformance] for a rule that has a good reason for an exception.
func Conform(t testing.TB, rule check.Compiled, systems ...inventory.Config) {
	t.Helper()
	Conformance{}.Test(t, rule, systems...)
}

// Conformance declares the exceptions of a rule. The zero value declares none.
type Conformance struct {
	// EmptyPasses means that the rule rightly passes on a system without any file.
	EmptyPasses bool
	// NeverFails means that the rule rightly fails on no system, because it only reports or a
	// person judges.
	NeverFails bool
	// Optional lists files, as patterns of path.Match, whose absence the rule may judge. The
	// verdict may change if such a file is missing or contains garbage, which its program ignores.
	Optional []string
	// MaxReads is the maximum number of reads of the rule. The default is 2000. A rule that makes
	// more reads fails the test.
	MaxReads int
}

// Test tests the properties that [Conform] describes, with the exceptions of c.
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

// Violations returns an error for each violation of the properties that [Conform] describes, with
// the exceptions of c. It does not require that the rule fails on one of the systems.
func (c Conformance) Violations(ctx context.Context, rule check.Compiled, systems ...inventory.Config) []error {
	var all []error
	for _, cfg := range systems {
		all = append(all, c.check(ctx, rule, cfg)...)
	}
	return all
}

// check returns the violations on one system.
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
	add(checkPlaces(base.out.Result))
	add(c.checkEmpty(ctx, rule, cfg))
	add(checkRepeatable(ctx, rule, cfg, base))
	add(checkCancel(ctx, rule, cfg, base))
	return append(errs, c.checkFaults(ctx, rule, cfg, base)...)
}

// checkPlaces returns an error if evidence has a line number without a source.
func checkPlaces(r check.Result) error {
	for _, e := range r.Evidence {
		if e.Line > 0 && e.Source == "" {
			return fmt.Errorf("its evidence names line %d of no source: %s", e.Line, e)
		}
	}
	return nil
}

// examined is the result of one run.
type examined struct {
	out     check.Outcome
	reads   []inventory.Read // all attempted reads, sorted, without repetitions
	changed []string         // names of facts that the check modified
	err     error
}

func (e examined) status() check.Status { return e.out.Result.Status }

// examine runs one rule on a new system and records its reads and facts.
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

// changed returns the names of the facts whose values have changed since they were collected. The
// map facts holds the original digests.
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

// checkEmpty returns an error if the rule passes on an empty system.
func (c Conformance) checkEmpty(ctx context.Context, rule check.Compiled, cfg inventory.Config) error {
	nothing := inventory.Config{FS: inventorytest.Empty(), Now: cfg.Now, Platform: cfg.Platform}
	if nothing.Platform.OS == "" && len(rule.Rule.Platforms) > 0 {
		nothing.Platform.OS, _, _ = strings.Cut(rule.Rule.Platforms[0], "/")
	}
	if e := examine(ctx, nothing, rule); e.status() == check.Pass && !c.EmptyPasses {
		return errors.New("it passes on an empty system; if that is right, declare Conformance.EmptyPasses")
	}
	return nil
}

// checkRepeatable returns an error if another run, or one of several concurrent runs, gives another
// result than the first.
func checkRepeatable(ctx context.Context, rule check.Compiled, cfg inventory.Config, base examined) error {
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

// bytesOf returns all of an outcome except its time, as text.
func bytesOf(o check.Outcome) []byte {
	b := Format([]check.Outcome{o})
	for _, r := range o.Reads {
		b = append(b, "\tread "+r.String()+"\n"...)
	}
	return b
}

// cancelGrace is how long a rule may run after its context is done. It detects hangs and does not
// measure speed.
const cancelGrace = 20 * time.Second

// checkCancel cancels the context at each of the first few reads, and returns an error if the rule
// does not stop.
func checkCancel(ctx context.Context, rule check.Compiled, cfg inventory.Config, base examined) error {
	for _, at := range base.reads[:min(len(base.reads), 8)] {
		if err := cancelAt(ctx, rule, cfg, at); err != nil {
			return fmt.Errorf("cancelled at %s: %w", at, err)
		}
	}
	return nil
}

// cancelAt cancels the context at one read, and returns an error if the rule does not stop.
func cancelAt(ctx context.Context, rule check.Compiled, cfg inventory.Config, at inventory.Read) error {
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
	return checkGoroutines(label)
}

// checkGoroutines returns an error if goroutines with the label still exist after a second or more.
func checkGoroutines(label string) error {
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

// checkFaults runs the rule once for each read and each way in which the read can fail. It includes
// reads that the rule makes only after a failure.
func (c Conformance) checkFaults(ctx context.Context, rule check.Compiled, cfg inventory.Config, base examined) []error {
	type trial struct {
		first []inventorytest.Fault // a fault that causes the read
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

// concludes reports whether a rule must not conclude s under the faults. A missing file may cause a
// Fail, other faults may not.
func concludes(s check.Status, faults []inventorytest.Fault) bool {
	switch s {
	case check.Pass, check.NotApplicable:
		return true
	case check.Fail:
		return !slices.ContainsFunc(faults, func(f inventorytest.Fault) bool { return missing(f.Kind) })
	}
	return false
}

// missing reports whether a fault of kind k means, for the program that reads the file, that the
// file sets nothing.
func missing(k inventorytest.Kind) bool { return k == inventorytest.Gone || k == inventorytest.Garbage }

// hint returns advice on how to handle a fault that changes the verdict.
func hint(kind inventorytest.Kind, r inventory.Read) string {
	if !missing(kind) {
		return "; return the error of a read or a fact before anything is judged"
	}
	return fmt.Sprintf("; if the absence of %s says so, use checktest.Conformance{Optional: []string{%q}}.Test", r.Name, r.Name)
}

// kindsFor returns the ways in which a read can fail.
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
