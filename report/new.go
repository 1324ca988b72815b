package report

import (
	"context"
	"errors"
	"time"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
)

// Options says what [New] cannot know, and what stands in the report beside the outcomes.
type Options struct {
	Tool       Tool
	Root       string // the folder that is scanned; empty for this host
	User       string // the account that scans
	Privileged *bool  // whether it may read every file; nil is not known
	Run        check.Options

	// Catalogs are those by which rules are grouped that refer to them.
	Catalogs []*control.Catalog
	// Summaries group the outcomes in ways of their own, such as hipaa.Summarize.
	Summaries []func([]check.Outcome) *control.Summary
}

// New examines sys by all rules of b and returns the report. Where the run was ended, it comes
// with what was found until then beside the error; goroutines that were left behind are a note.
func New(ctx context.Context, sys *inventory.System, b *baseline.Baseline, o Options) (*Report, error) {
	r := &Report{Tool: o.Tool, Baseline: Of(b),
		Scan: Scan{Started: time.Now().UTC(), User: o.User, Privileged: o.Privileged}}
	outcomes, err := check.Run(ctx, sys, b.Compiled(), o.Run)
	if outcomes == nil {
		return nil, err
	}
	var told error
	if r.System, told = Describe(ctx, sys); told != nil {
		r.Notes = append(r.Notes, "not all of the system's description could be read: "+told.Error())
	}
	r.System.Root, r.Outcomes = o.Root, outcomes
	if errors.Is(err, check.ErrAbandoned) && ctx.Err() == nil {
		r.Notes = append(r.Notes, err.Error())
		err = nil
	}
	for _, c := range o.Catalogs {
		r.Controls = append(r.Controls, byReference(c, outcomes))
	}
	for _, summarize := range o.Summaries {
		r.Controls = append(r.Controls, summarize(outcomes))
	}
	r.Scan.Finished = time.Now().UTC()
	return r, err
}

// byReference groups outcomes by the references of their rules to a catalog.
func byReference(c *control.Catalog, outcomes []check.Outcome) *control.Summary {
	verdicts := make([]control.Verdict, 0, len(outcomes))
	for _, o := range outcomes {
		v := control.Verdict{Rule: o.Rule.ID, Status: control.Status(o.Result.Status), Severity: control.Severity(o.Rule.Severity)}
		for _, ref := range o.Rule.References {
			if ref.Catalog == c.ID {
				v.Controls = append(v.Controls, ref.ID)
			}
		}
		verdicts = append(verdicts, v)
	}
	return control.Summarize(c, verdicts)
}
