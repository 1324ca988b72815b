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

// Options says how [Run] examines. The zero value is the defaults.
type Options struct {
	// Concurrency is how many rules and collectors of facts work at once. Default 2: a
	// scan is a guest on the machine. A rule that waits for a fact does not count, and
	// neither does the walk of the tree, which has up to four workers of its own, so that
	// cheap rules are done while it goes on.
	Concurrency int
	// RuleTime is the longest that one rule may take, not counting the wait for
	// facts, which have inventory.Limits.FactTime. Default 30 seconds.
	RuleTime time.Duration
	// Grace is how long Run waits at its end for collectors that were told to stop.
	// Default one second.
	Grace time.Duration
	// Observe is told of progress, one event at a time. It may cancel the context, and must
	// neither call Run nor read through the System.
	Observe func(Event)
}

// Event is progress: a rule that begins, or, with Outcome set, one that has ended.
// Done counts those that have ended, of Total.
type Event struct {
	Rule        string
	Outcome     *Outcome
	Done, Total int
}

// ErrAbandoned says that goroutines of the scan are stuck in calls that nothing
// interrupts, such as a read of a dead NFS mount, and were left behind.
var ErrAbandoned = errors.New("goroutines left behind")

// errRuleTime is the cause of a rule's end by Options.RuleTime.
var errRuleTime = errors.New("the rule's time limit was used up")

const (
	defaultConcurrency = 2
	defaultRuleTime    = 30 * time.Second
	defaultGrace       = time.Second
)

func (o Options) orDefault() Options {
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

// Run examines sys by each rule and returns the outcomes in the order of the rules,
// whatever the scheduling. Facts are collected once for all rules, under ctx and a
// time limit of their own.
//
// Rules without an id or check, or with an id twice, and no system are an error before anything
// is examined. A panic of Options.Observe goes on in the
// caller once the run has ended. When ctx ends, the rules not examined by then are Unknown
// (canceled) and the error is the context's cause. [ErrAbandoned] comes beside complete outcomes.
func Run(ctx context.Context, sys *inventory.System, rules []Compiled, o Options) ([]Outcome, error) {
	if sys == nil {
		return nil, errNoSystem
	}
	if err := validate(rules); err != nil {
		return nil, err
	}
	o = o.orDefault()
	rctx, end := context.WithCancel(ctx)
	defer end()
	sctx, run := scope.New(rctx)
	r := &runner{sys: sys, o: o, run: run, rules: rules, outcomes: make([]Outcome, len(rules))}
	r.all(sctx)
	if r.panicked != nil { // of the observer, which is the caller's
		end()
		run.Wait(o.Grace)
		panic(r.panicked)
	}
	var errs []error
	if ctx.Err() != nil {
		errs = append(errs, context.Cause(ctx))
	}
	end() // facts that nobody waits for any more
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

	mu       sync.Mutex // of the observer
	done     int
	panicked any // what the observer panicked with; it is asked no more
}

// all examines the rules, as many at once as the options allow. One that waits for a fact
// makes room for the next.
func (r *runner) all(ctx context.Context) {
	r.run.SetSlots(r.o.Concurrency)
	var rules sync.WaitGroup
	for i := range r.rules {
		work, leave, err := r.run.Enter(ctx)
		rules.Go(func() {
			defer leave()
			r.observe(i, nil)
			if err != nil {
				r.outcomes[i] = Outcome{Rule: r.rules[i].Rule.clone(), Result: canceled(err)}
			} else {
				r.outcomes[i] = r.one(work, r.rules[i])
			}
			r.observe(i, &r.outcomes[i])
		})
	}
	rules.Wait()
}

// canceled is the result of a rule that was not examined because the run was ended.
func canceled(cause error) Result {
	res := fromError(cause)
	res.Status, res.Reason = Unknown, reason.Canceled
	return res
}

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
		r.panicked = "the observer ended its goroutine" // unless it returns
		r.panicked = panicOf(func() { r.o.Observe(e) })
	}
}

// one examines a rule in a goroutine of its own, so that one that is stuck, or that
// ends its goroutine, holds up nobody.
func (r *runner) one(ctx context.Context, rule Compiled) Outcome {
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
				ended = Result{Status: Error, Reason: reason.Panic, Message: brief(fmt.Sprintf("rule panicked: %v", p))}
			}
			answer <- ended
		}()
		if ended = examine(rctx, h, rule); rctx.Err() != nil {
			ended = late(ctx, rctx) // whichever of the two is seen first
		}
	})
	select {
	case out.Result = <-answer:
	case <-rctx.Done():
		out.Result = late(ctx, rctx)
	}
	t.Close()
	seen := t.Seen()
	if len(seen) > 0 {
		out.Reads = make([]inventory.Read, len(seen))
	}
	for i, s := range seen {
		out.Reads[i] = inventory.Read(s.Read)
	}
	out.Result = examined{seen, asked(t.Facts())}.shown(out.Result)
	for _, f := range t.Excused() {
		out.Excused = append(out.Excused, inventory.Read(f.Read))
	}
	out.Elapsed = scope.Used(rctx)
	return out
}

// asked returns the facts that a check asked, without the platform, which the runner asks.
func asked(facts []string) []string {
	const platform = "platform"
	if len(facts) > 1 {
		facts = slices.DeleteFunc(facts, func(s string) bool { return s == platform })
	}
	return facts
}

// late is the result of a rule whose context has ended. What it may still return does not
// count, so that a slow machine gives no other verdict than a slower one.
func late(ctx, rctx context.Context) Result {
	err := scope.Cause(rctx)
	res := Result{Status: Unknown, Reason: reason.Timeout, Message: err.Error(), Err: err}
	if ctx.Err() != nil {
		res.Reason = reason.Canceled
	}
	return res
}

func examine(ctx context.Context, sys *inventory.System, rule Compiled) Result {
	p, err := inventory.Platform{}, error(nil)
	if len(rule.Rule.Platforms) > 0 {
		t := new(trail.Trail)
		p, err = sys.Handle(t.Writer()).Platform(ctx)
		t.Settle()
	}
	if res, ok := rule.Rule.platform(p, err); !ok {
		return res
	}
	res, _ := settle(ctx, sys, rule.Check)
	return res
}
