// Package report is what one run of one baseline on one system found, with where it comes
// from: what was scanned, with what, as whom and when. Packages below it write it in one
// format each.
package report

import (
	"context"
	"errors"
	"time"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms"
)

// Report is one run of one baseline on one system.
type Report struct {
	Tool     Tool
	System   System
	Scan     Scan
	Baseline Baseline
	Outcomes []check.Outcome    // in the order of the baseline
	Controls []*control.Summary // outcomes by requirement, a summary for each catalog
	Notes    []string           // what a reader has to know: goroutines left behind, rules left out
}

// Tool is the program that ran the scan.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// System is what was scanned.
type System struct {
	Name     string             `json:"name,omitempty"` // the host name, where one is known
	Platform inventory.Platform `json:"platform"`
	Kernel   string             `json:"kernel,omitempty"` // release of the running kernel
	Live     bool               `json:"live"`
	Root     string             `json:"root,omitempty"` // the folder that was scanned; empty for this host
}

// Scan is when and as whom the system was scanned.
type Scan struct {
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	User     string    `json:"user,omitempty"` // the account the scan ran as
	// Privileged says that the account may read every file. It is nil where nobody said.
	Privileged *bool `json:"privileged,omitempty"`
}

// Baseline is what was asked for.
type Baseline struct {
	ID      string           `json:"id"`
	Title   string           `json:"title"`
	Version string           `json:"version"`
	Digest  string           `json:"digest"` // of the document, "sha256:..."
	Groups  []baseline.Group `json:"groups,omitempty"`
}

// Of returns what of b stands in a report.
func Of(b *baseline.Baseline) Baseline {
	return Baseline{ID: b.ID, Title: b.Title, Version: b.Version, Digest: b.Digest, Groups: b.Groups}
}

// Describe returns what can be told of a system: its platform, and the host name and
// kernel of a running one. What cannot be read is left empty, and named by the error.
func Describe(ctx context.Context, sys *inventory.System) (System, error) {
	platform, errP := sys.Platform(ctx)
	host, errH := platforms.Fact.Of(ctx, sys)
	return System{Name: host.Name, Platform: platform, Kernel: host.Kernel, Live: sys.Live()}, errors.Join(errP, errH)
}

// Counts returns how many outcomes have each status.
func (r *Report) Counts() map[check.Status]int {
	n := map[check.Status]int{}
	for _, o := range r.Outcomes {
		n[o.Result.Status]++
	}
	return n
}
