package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// Options configures [Run]. The zero value selects the defaults.
type Options struct {
	// Concurrency is the number of rules and collectors of facts that run at once. The default is
	// 2, to leave the machine to its real work. Rules that wait for a fact do not count. The walk
	// of the tree does not count either: it has up to four workers of its own, so quick rules
	// finish while it runs.
	Concurrency int
	// RuleTime is the time limit of one rule, excluding the wait for facts. The limit for facts is
	// inventory.Limits.FactTime. The default is 30 seconds.
	RuleTime time.Duration
	// Grace is how long Run waits at the end for canceled collectors. The default is one second.
	Grace time.Duration
	// Observe, if not nil, is called with progress events, one at a time. It may cancel the
	// context. It must neither call Run nor read through the System.
	Observe func(Event)
}

// Event reports progress. A nil Outcome means that the rule starts, otherwise it has ended.
type Event struct {
	Rule        string   // the ID of the rule
	Outcome     *Outcome // nil if the rule starts
	Done, Total int      // number of rules that have ended, and of all rules
}

// ErrAbandoned means that goroutines of the scan were left behind. They are stuck in calls that
// cannot be interrupted, such as a read from a dead NFS mount.
var ErrAbandoned = errors.New("goroutines left behind")

// errRuleTime is the cause of the cancellation of a rule that exceeds Options.RuleTime.
var errRuleTime = errors.New("the rule's time limit was used up")

const (
	defaultConcurrency = 2
	defaultRuleTime    = 30 * time.Second
	defaultGrace       = time.Second
)

// withDefaults returns o with defaults in the place of zero and negative values.
func (o Options) withDefaults() Options {
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.RuleTime <= 0 {
		o.RuleTime = defaultRuleTime
	}
	if o.Grace <= 0 {
		o.Grace = defaultGrace
	}
	return o
}

// Run applies each rule to sys and returns the outcomes in the order of the rules. Each fact is
// collected once for all rules, under ctx and its own time limit.
//
// Before it examines anything, Run returns an error if sys is nil, if a rule has no ID or no check,
// or if two rules have the same ID. If ctx is done before the end, the remaining rules are Unknown
// with the reason Canceled, and the error is the cause of the context. If the error is
// [ErrAbandoned], the outcomes are complete. If Options.Observe panics, Run panics with the same
// value after the run has ended.
func Run(ctx context.Context, sys *inventory.System, rules []Compiled, o Options) ([]Outcome, error) {
	if sys == nil {
		return nil, errNoSystem
	}
	if err := validate(rules); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	rctx, end := context.WithCancel(ctx)
	defer end()
	sctx, run := scope.New(rctx)
	r := &runner{sys: sys, o: o, run: run, rules: rules, outcomes: make([]Outcome, len(rules))}
	r.examineAll(sctx)
	if r.panicked != nil { // the panic belongs to the caller
		end()
		run.Wait(o.Grace)
		panic(r.panicked)
	}
	var errs []error
	if ctx.Err() != nil {
		errs = append(errs, context.Cause(ctx))
	}
	end() // cancels facts that no rule waits for
	if n := run.Wait(o.Grace); n > 0 {
		errs = append(errs, fmt.Errorf("%w: %d", ErrAbandoned, n))
	}
	return r.outcomes, join(errs...)
}

type runner struct {
	sys      *inventory.System
	o        Options
	run      *scope.Run
	rules    []Compiled
	outcomes []Outcome

	mu       sync.Mutex // guards the fields below and serializes calls of the observer
	done     int
	panicked any // the panic of the observer, which is not called again after it
}

// examineAll examines the rules, as many at once as the options allow. While a rule waits for a
// fact, another rule runs in its place.
func (r *runner) examineAll(ctx context.Context) {
	r.run.SetSlots(r.o.Concurrency)
	var rules sync.WaitGroup
	for i := range r.rules {
		work, leave, err := r.run.Enter(ctx)
		rules.Go(func() {
			defer leave()
			r.observe(i, nil)
			if err != nil {
				r.outcomes[i] = Outcome{Rule: r.rules[i].Rule.clone(), Result: canceledResult(err)}
			} else {
				r.outcomes[i] = r.examineOne(work, r.rules[i])
			}
			r.observe(i, &r.outcomes[i])
		})
	}
	rules.Wait()
}

// canceledResult returns the result of a rule that was not examined because the run was canceled.
func canceledResult(cause error) Result {
	res := fromError(cause)
	res.Status, res.Reason = Unknown, reason.Canceled
	return res
}

// observe calls the observer for rule i. The outcome is nil if the rule starts.
func (r *runner) observe(i int, out *Outcome) {
	if r.o.Observe == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if out != nil {
		r.done++
		c := *out
		out = &c
	}
	if r.panicked == nil {
		e := Event{Rule: r.rules[i].Rule.ID, Outcome: out, Done: r.done, Total: len(r.rules)}
		r.panicked = "the observer ended its goroutine" // stays if the call does not return
		r.panicked = panicOf(func() { r.o.Observe(e) })
	}
}

// examineOne examines a rule in its own goroutine, so that a rule that hangs or calls
// runtime.Goexit does not block the others.
func (r *runner) examineOne(ctx context.Context, rule Compiled) Outcome {
	out := Outcome{Rule: rule.Rule.clone()}
	rctx, stop := scope.WithClock(ctx, r.o.RuleTime, errRuleTime)
	defer stop()
	t := new(trail.Trail)
	h := r.sys.Handle(t.Writer())
	answer := make(chan Result, 1)
	r.run.Go(func() {
		ended := Result{Status: Error, Reason: reason.Panic, Message: "the check ended its goroutine"}
		defer func() {
			if p := recover(); p != nil {
				tell(h, "rule", p)
				ended = Result{Status: Error, Reason: reason.Panic, Message: shorten(fmt.Sprintf("rule panicked: %v", p))}
			}
			answer <- ended
		}()
		if ended = examine(rctx, h, rule); rctx.Err() != nil {
			ended = lateResult(ctx, rctx) // the same as below, whichever is seen first
		}
	})
	select {
	case out.Result = <-answer:
	case <-rctx.Done():
		out.Result = lateResult(ctx, rctx)
	}
	t.Close()
	seen := t.Seen()
	if len(seen) > 0 {
		out.Reads = make([]inventory.Read, len(seen))
	}
	for i, s := range seen {
		out.Reads[i] = inventory.Read(s.Read)
	}
	out.Result = examined{seen, withoutPlatform(t.Facts())}.complete(out.Result)
	for _, f := range t.Excused() {
		out.Excused = append(out.Excused, inventory.Read(f.Read))
	}
	out.Elapsed = scope.Used(rctx)
	return out
}

// withoutPlatform removes the platform from facts, unless it is the only one. The runner collects
// it, not the check.
func withoutPlatform(facts []string) []string {
	const platform = "platform"
	if len(facts) > 1 {
		facts = slices.DeleteFunc(facts, func(s string) bool { return s == platform })
	}
	return facts
}

// lateResult returns the result of a rule whose context is done. Whatever the rule still returns is
// ignored, so that the result does not depend on timing.
func lateResult(ctx, rctx context.Context) Result {
	err := scope.Cause(rctx)
	res := Result{Status: Unknown, Reason: reason.Timeout, Message: err.Error(), Err: err}
	if ctx.Err() != nil {
		res.Reason = reason.Canceled
	}
	return res
}

// examine examines sys by one rule if the rule applies to its platform.
func examine(ctx context.Context, sys *inventory.System, rule Compiled) Result {
	p, err := inventory.Platform{}, error(nil)
	if len(rule.Rule.Platforms) > 0 {
		t := new(trail.Trail)
		p, err = sys.Handle(t.Writer()).Platform(ctx)
		t.Settle()
	}
	if res, ok := rule.Rule.checkPlatform(p, err); !ok {
		return res
	}
	res, _ := settle(ctx, sys, rule.Check)
	return res
}
