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

// Options configures [New]. The zero value is valid.
type Options struct {
	Tool       Tool          // the program that runs the scan
	Root       string        // the scanned folder; empty for this host
	User       string        // the account of the scan
	Privileged *bool         // whether the account may read every file; nil means not known
	Run        check.Options // options of the run

	// Catalogs selects the catalogs for which the report has a summary. It groups outcomes by the
	// references of their rules.
	Catalogs []*control.Catalog
	// Summaries adds summaries that are computed in another way, such as by hipaa.Summarize.
	Summaries []func([]check.Outcome) *control.Summary
}

// New applies all rules of b to sys and returns the report. If ctx is done before the end, New
// returns both an error and a report with the findings so far. If the scan left goroutines behind,
// the report has a note about it and there is no error.
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
		r.Controls = append(r.Controls, summarizeReferences(c, outcomes))
	}
	for _, summarize := range o.Summaries {
		r.Controls = append(r.Controls, summarize(outcomes))
	}
	r.Scan.Finished = time.Now().UTC()
	return r, err
}

// summarizeReferences groups outcomes by the references of their rules to the catalog c.
func summarizeReferences(c *control.Catalog, outcomes []check.Outcome) *control.Summary {
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
