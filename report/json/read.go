package json

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/jsonkeys"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/report"
)

// maxBytes is the maximum size of a document. Reports of large hosts are about a hundred times
// smaller.
const maxBytes = 64 << 20

// maxDepth is the maximum nesting depth of a document.
const maxDepth = 256

// Read reads a report that [Write] has written, of any version with the same major number.
//
// It returns an error if the report is inconsistent or incomplete: each rule must have exactly one
// outcome, with the digest of the rule, and the summary must match the outcomes. This does not
// detect forgery, because reports are not signed.
//
// The result lacks what the format does not contain: the results of the parts of composed checks,
// errors, and those controls of a catalog to which no rule relates.
func Read(r io.Reader) (*report.Report, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxBytes {
		return nil, fmt.Errorf("a report of more than %d bytes", maxBytes)
	}
	var version struct {
		SchemaVersion string `json:"schemaVersion"`
	}
	if err := json.Unmarshal(b, &version); err != nil {
		return nil, err
	}
	major, _, _ := strings.Cut(SchemaVersion, ".")
	if !strings.HasPrefix(version.SchemaVersion, major+".") {
		return nil, fmt.Errorf("a report of the version %q, want %s", version.SchemaVersion, SchemaVersion)
	}
	if err := jsonkeys.Check(b, maxDepth); err != nil {
		return nil, err
	}
	var doc document
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, err
	}
	if doc.Rules == nil || doc.Outcomes == nil || doc.Summary == nil {
		return nil, errors.New("want rules, outcomes and a summary")
	}
	return doc.toReport()
}

// toReport validates d and returns the report.
func (d document) toReport() (*report.Report, error) {
	r := &report.Report{Tool: d.Tool, System: d.System, Scan: d.Scan, Baseline: d.Baseline, Notes: d.Notes}
	r.System.Name, r.System.Root = untext(d.System.Name), untext(d.System.Root)
	rules := map[string]check.Rule{}
	var wrong mistakes.List
	for _, rule := range d.Rules {
		if _, twice := rules[rule.ID]; twice {
			wrong.Addf("rule %s is there twice", rule.ID)
		}
		rules[rule.ID] = rule
	}
	judged := map[string]bool{}
	for _, x := range d.Outcomes {
		rule, ok := rules[x.Rule]
		o, err := x.toOutcome(rule)
		switch {
		case !ok:
			wrong.Addf("an outcome of %q, which is no rule of the report", x.Rule)
		case judged[x.Rule]:
			wrong.Addf("rule %s has two outcomes", x.Rule)
		case err != nil:
			wrong.Addf("the outcome of rule %s: %w", x.Rule, err)
		case o.Rule.Digest() != x.Digest:
			wrong.Addf("rule %s is not the one that the outcome is of: its digest is %s", x.Rule, o.Rule.Digest())
		}
		judged[x.Rule] = true
		r.Outcomes = append(r.Outcomes, o)
	}
	if len(judged) < len(rules) {
		wrong.Addf("%d rules have no outcome", len(rules)-len(judged))
	}
	if counts := r.Counts(); !maps.Equal(counts, d.Summary) {
		wrong.Addf("the summary is not that of the outcomes")
	}
	for _, c := range d.Controls {
		s := c.toSummary()
		for _, e := range s.Entries {
			for _, ids := range e.Rules {
				if i := slices.IndexFunc(ids, func(id string) bool { return !judged[id] }); i >= 0 {
					wrong.Addf("%s: %q is no rule of the report", e.Control.ID, ids[i])
				}
			}
		}
		r.Controls = append(r.Controls, s)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// toSummary returns the summary with a catalog of the controls in c.
func (c catalog) toSummary() *control.Summary {
	s := &control.Summary{}
	var controls []control.Control
	for _, e := range c.Entries {
		x := control.Control{ID: e.ID, Title: e.Title, Requirement: e.Requirement}
		controls = append(controls, x)
		s.Entries = append(s.Entries, control.Entry{Control: x, Rules: e.Rules, Severity: e.Severity})
	}
	s.Catalog = control.NewCatalog(control.Catalog{ID: c.Catalog, Title: c.Title, Edition: c.Edition}, controls)
	return s
}
