// Package report defines the report of a scan: what was found, on which system, by which tool and
// baseline, under which account and when. The packages below it each write one format.
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

// Report is the result of one run of a baseline on a system. [New] creates it.
type Report struct {
	Tool     Tool
	System   System
	Scan     Scan
	Baseline Baseline
	Outcomes []check.Outcome    // in the order of the rules in the baseline
	Controls []*control.Summary // outcomes by requirement, one summary for each catalog
	Notes    []string           // notes for the reader, such as goroutines left behind or rules left out
}

// Tool is the program that ran the scan.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// System describes the scanned system.
type System struct {
	Name     string             `json:"name,omitempty"` // the host name; empty if not known
	Platform inventory.Platform `json:"platform"`
	Kernel   string             `json:"kernel,omitempty"` // release of the running kernel; empty if not known
	Live     bool               `json:"live"`             // whether it is a running system
	Root     string             `json:"root,omitempty"`   // the folder that was scanned; empty for this host
}

// Scan describes when and under which account the system was scanned.
type Scan struct {
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	User     string    `json:"user,omitempty"` // the account of the scan
	// Privileged says whether the account may read every file. It is nil if that is not known.
	Privileged *bool `json:"privileged,omitempty"`
}

// Baseline identifies the baseline of the scan.
type Baseline struct {
	ID      string           `json:"id"`
	Title   string           `json:"title"`
	Version string           `json:"version"`
	Digest  string           `json:"digest"` // digest of the document, "sha256:..."
	Groups  []baseline.Group `json:"groups,omitempty"`
}

// Of returns the description of b for a report.
func Of(b *baseline.Baseline) Baseline {
	return Baseline{ID: b.ID, Title: b.Title, Version: b.Version, Digest: b.Digest, Groups: b.Groups}
}

// Describe returns a description of sys: its platform, host name and kernel, and whether it is
// running. If it returns an error, the fields that could not be read are empty and the others are
// valid.
func Describe(ctx context.Context, sys *inventory.System) (System, error) {
	platform, errP := sys.Platform(ctx)
	host, errH := platforms.Fact.Of(ctx, sys)
	return System{Name: host.Name, Platform: platform, Kernel: host.Kernel, Live: sys.Live()}, errors.Join(errP, errH)
}

// Counts returns the number of outcomes with each status.
func (r *Report) Counts() map[check.Status]int {
	n := map[check.Status]int{}
	for _, o := range r.Outcomes {
		n[o.Result.Status]++
	}
	return n
}
