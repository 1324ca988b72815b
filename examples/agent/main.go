// Command agent shows how to embed the library in an agent. It scans this host, or a tree of files,
// at regular intervals. It restricts reads by a policy, shows progress, runs expensive rules less
// often, and reports only changes.
//
//	agent [-root DIR] [-every 1h] [-rounds N] [-deny NAME]... [-exclude NAME]... [-walk-every N]
//
// The flag -deny forbids reading a file, even through a symbolic link. Rules that need the file are
// unknown. The flag -exclude also removes a folder from the walk of the tree. The agent ends after
// the number of rounds of -rounds or at an interrupt. An interrupt makes the remaining rules
// unknown; finished rules keep their verdicts.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	a, err := parse(os.Args[1:], os.Stdout, os.Stderr)
	if err == nil {
		err = a.run(ctx)
	}
	switch {
	case errors.Is(err, flag.ErrHelp), errors.Is(err, context.Canceled):
	case err != nil:
		fmt.Fprintln(os.Stderr, "agent:", err)
		stop()
		os.Exit(1)
	}
}

// names is a flag that may be given more than once.
type names []string

func (n *names) String() string     { return strings.Join(*n, " ") }
func (n *names) Set(s string) error { *n = append(*n, s); return nil }

// policy is what the agent may do.
type policy struct {
	root      string
	every     time.Duration
	rounds    int // 0 means without end
	walkEvery int
	deny      names // patterns of path.Match for full names
	exclude   names
}

// agent is an agent with the results of its last round.
type agent struct {
	policy
	out, progress io.Writer
	rules         []check.Compiled
	last          map[string]check.Status // by rule ID
}

func parse(args []string, out, progress io.Writer) (*agent, error) {
	a := &agent{out: out, progress: progress, last: map[string]check.Status{}}
	f := flag.NewFlagSet("agent", flag.ContinueOnError)
	f.SetOutput(progress)
	f.StringVar(&a.root, "root", "", "judge the tree in `DIR` instead of this host")
	f.DurationVar(&a.every, "every", time.Hour, "wait this long between rounds")
	f.IntVar(&a.rounds, "rounds", 0, "end after `N` rounds")
	f.IntVar(&a.walkEvery, "walk-every", 24, "rules that walk the whole tree run every `N` rounds")
	f.Var(&a.deny, "deny", "a `NAME`, or a pattern, that is not read")
	f.Var(&a.exclude, "exclude", "a folder that is left out of the scan")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	b, err := builtin.Load(context.Background(), "linux-server")
	if err != nil {
		return nil, err
	}
	a.rules = b.Compiled()
	return a, nil
}

// run scans the system in rounds until the last round or until ctx is done.
func (a *agent) run(ctx context.Context) error {
	for round := 0; ; round++ {
		if err := a.scan(ctx, round); err != nil {
			return err
		}
		if round+1 == a.rounds {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(a.every):
		}
	}
}

// scan scans the system once and reports what has changed. It also uses outcomes that come with an
// error: a canceled run returns the verdicts so far, and a run that left goroutines behind is
// complete.
func (a *agent) scan(ctx context.Context, round int) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	defer cfg.Close()
	sys, err := inventory.New(cfg)
	if err != nil {
		return err
	}
	defer sys.Close()
	outcomes, err := check.Run(ctx, sys, a.choose(round), check.Options{Observe: a.observe})
	for _, o := range outcomes {
		a.report(o)
	}
	if errors.Is(err, check.ErrAbandoned) {
		fmt.Fprintln(a.progress, err)
		err = nil
	}
	return err
}

// config returns the configuration of the system, with the policy applied.
func (a *agent) config() (inventory.Config, error) {
	cfg, err := inventory.Host()
	if a.root != "" {
		cfg, err = inventory.Dir(a.root)
	}
	cfg.Exclude = a.exclude
	cfg.Intercept = a.allow
	return cfg, err
}

// errDenied is the error of a denied read. Rules treat it like a missing permission.
var errDenied = fmt.Errorf("%w: denied by the agent's policy", os.ErrPermission)

// allow returns an error if the policy denies a read. The library calls it before each read, also
// for the targets of symbolic links and for each folder of the walk.
func (a *agent) allow(_ context.Context, r inventory.Read) error {
	for _, pattern := range a.deny {
		for name := r.Name; name != "." && name != "/"; name = path.Dir(name) {
			if ok, _ := path.Match(pattern, name); ok {
				return errDenied
			}
		}
	}
	return nil
}

// choose returns the rules for a round. Most rounds omit the rules that need a walk of the tree.
func (a *agent) choose(round int) []check.Compiled {
	if a.walkEvery <= 1 || round%a.walkEvery == 0 {
		return a.rules
	}
	var cheap []check.Compiled
	for _, r := range a.rules {
		if !r.Rule.Needs.Has(check.NeedsWalk) {
			cheap = append(cheap, r)
		}
	}
	return cheap
}

func (a *agent) observe(e check.Event) {
	if e.Outcome != nil {
		fmt.Fprintf(a.progress, "\r%d of %d", e.Done, e.Total)
		if e.Done == e.Total {
			fmt.Fprintln(a.progress)
		}
	}
}

// report prints an outcome whose status has changed since the last round. It ignores canceled
// rules.
func (a *agent) report(o check.Outcome) {
	was, known := a.last[o.Rule.ID]
	if o.Result.Reason == reason.Canceled || known && was == o.Result.Status {
		return
	}
	a.last[o.Rule.ID] = o.Result.Status
	line := fmt.Sprintf("%s %s", o.Result.Status, o.Rule.ID)
	if known {
		line += fmt.Sprintf(", was %s", was)
	}
	if o.Result.Reason != "" {
		line += fmt.Sprintf(" (%s)", o.Result.Reason)
	}
	fmt.Fprintln(a.out, line)
}
