// Command hostscan scans this host, or a tree of files, by a baseline.
//
//	hostscan [-root DIR [-live]] [-baseline NAME|FILE] [-format text|json] [-o FILE]
//	         [-fail-on SEVERITY [-allow-unknown]]
//
// The exit code depends on the rules that have at least the severity of -fail-on:
//
//   - 1 if one of them fails
//   - 3 if none fails, but one is unknown, error or notchecked, which -allow-unknown prevents; or if
//     none passes
//   - 2 if the usage is wrong or the scan fails
//   - 0 otherwise
//
// A new file of -o is readable only by its owner.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"

	"golang.org/x/term"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/hipaa"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/report"
	"github.com/hardening-sdk/hardening/report/json"
	"github.com/hardening-sdk/hardening/report/text"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailed  = 1
	exitError   = 2
	exitUnknown = 3
)

// memory is what the program holds before the collector works harder. Hostile files of 2 MiB in
// all places make it twice as much otherwise.
const memory = 96 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options holds the values of the flags.
type options struct {
	root, baseline, format, output string
	live, allowUnknown, reads      bool
	keepGood                       bool
	failOn                         check.Severity
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	f := flag.NewFlagSet("hostscan", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.root, "root", "", "scan the tree in `DIR` instead of this host")
	f.BoolVar(&o.live, "live", false, "with -root: it is a running host, mounted there with its /proc and /sys")
	f.StringVar(&o.baseline, "baseline", "", fmt.Sprintf("`NAME` of a baseline %q or a file", builtin.Names()))
	f.BoolVar(&o.keepGood, "keep-good", false, "with a file of -baseline: use its good rules, and note the mistakes in the report")
	f.StringVar(&o.format, "format", "text", "`text` or json")
	f.BoolVar(&o.reads, "reads", false, "with -format json: list what was read for each rule")
	f.StringVar(&o.output, "o", "", "write the report to `FILE`")
	failOn := f.String("fail-on", "", "exit with 1 when a rule of this `SEVERITY` (info, low, medium, high) or a higher one fails")
	f.BoolVar(&o.allowUnknown, "allow-unknown", false, "with -fail-on: do not exit with 3 for rules without a verdict")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.live && o.root == "":
		err = errors.New("-live needs -root")
	case o.format != "text" && o.format != "json":
		err = fmt.Errorf("-format %q: want text or json", o.format)
	case o.allowUnknown && *failOn == "":
		err = errors.New("-allow-unknown needs -fail-on")
	case *failOn != "":
		if err = o.failOn.UnmarshalText([]byte(*failOn)); err == nil && o.failOn == check.Unrated {
			err = errors.New("-fail-on unknown: want info, low, medium or high")
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "hostscan:", err)
	}
	return o, err
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitError
	}
	r, err := scan(ctx, o, stderr)
	if err == nil {
		err = write(o, r, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "hostscan:", err)
		return exitError
	}
	return exitCode(o, r, stderr)
}

// scan applies the baseline to the system, both as given by the options.
func scan(ctx context.Context, o options, stderr io.Writer) (*report.Report, error) {
	cfg, err := open(o)
	if err != nil {
		return nil, err
	}
	defer cfg.Close()
	sys, err := inventory.New(cfg)
	if err != nil {
		return nil, err
	}
	defer sys.Close()
	platform, _ := sys.Platform(ctx) // the report says what could not be read
	b, mistakes := load(ctx, o, platform)
	if b == nil {
		return nil, mistakes
	}
	bar := progress(stderr)
	r, err := report.New(ctx, sys, b, report.Options{
		Tool: report.Tool{Name: "hostscan", Version: version()}, Root: o.root, User: userName(), Privileged: new(privileged()),
		Run: check.Options{Observe: bar.show}, Summaries: []func([]check.Outcome) *control.Summary{hipaa.Summarize},
	})
	bar.clear()
	if err != nil {
		return nil, err
	}
	if mistakes != nil {
		r.Notes = append(r.Notes, "rules were left out: "+mistakes.Error())
	}
	return r, nil
}

func open(o options) (inventory.Config, error) {
	if o.root == "" {
		return inventory.Host()
	}
	cfg, err := inventory.Dir(o.root)
	cfg.Live = o.live
	return cfg, err
}

// load returns the baseline that the options name. The default depends on the platform.
func load(ctx context.Context, o options, p inventory.Platform) (*baseline.Baseline, error) {
	name := o.baseline
	switch {
	case name == "" && p.OS == "windows":
		name = "windows-server"
	case name == "":
		name = "linux-server"
	}
	if slices.Contains(builtin.Names(), name) {
		return builtin.Load(ctx, name)
	}
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is neither a file nor one of the baselines %q", name, builtin.Names())
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lo := builtin.Options()
	lo.KeepGood = o.keepGood
	return baseline.Load(ctx, f, name, lo)
}

// write writes the report to stdout or to the file of -o.
func write(o options, r *report.Report, stdout io.Writer) error {
	if o.output == "" {
		return encode(o, r, stdout)
	}
	return save(o.output, func(w io.Writer) error { return encode(o, r, w) })
}

func encode(o options, r *report.Report, w io.Writer) error {
	if o.format == "json" {
		return json.Options{Reads: o.reads}.Write(w, r)
	}
	var t text.Options
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		t.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" // no-color.org
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			t.Width = min(width, 120)
		}
	}
	return t.Write(w, r)
}

// exitCode returns the code by which the program exits, and says why it is no good one.
func exitCode(o options, r *report.Report, stderr io.Writer) int {
	if o.failOn == check.Unrated {
		return exitOK
	}
	judged, open := 0, 0
	for _, out := range r.Outcomes {
		if out.Rule.Severity < o.failOn {
			continue
		}
		switch out.Result.Status {
		case check.Fail:
			return exitFailed
		case check.Unknown, check.Error, check.NotChecked:
			open++
		case check.Pass, check.Fixed:
			judged++
		}
	}
	switch {
	case open > 0 && !o.allowUnknown:
		fmt.Fprintf(stderr, "hostscan: %d rules of the severity %s or a higher one have no verdict\n", open, o.failOn)
		return exitUnknown
	case judged == 0: // which is no good verdict, whatever is allowed
		fmt.Fprintf(stderr, "hostscan: no rule of the severity %s or a higher one was judged\n", o.failOn)
		return exitUnknown
	}
	return exitOK
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return runtime.Version()
	}
	return info.Main.Version
}
