package json

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/report"
)

// maxBytes is the largest document that is read: some hundred times that of a large host.
const maxBytes = 64 << 20

// Read reads a report that [Write] has written, of any version with the same major number. Names
// that were no UTF-8 stay as they were written. Outcomes are without the parts of composed checks
// and without errors, which the document does not have, and catalogs have the controls alone that
// rules bear on.
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
	var doc document
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, err
	}
	return doc.report()
}

func (d document) report() (*report.Report, error) {
	r := &report.Report{Tool: d.Tool, System: d.System, Scan: d.Scan, Baseline: d.Baseline, Notes: d.Notes}
	rules := map[string]check.Rule{}
	var errs []error
	for _, rule := range d.Rules {
		if _, twice := rules[rule.ID]; twice {
			errs = append(errs, fmt.Errorf("rule %s is there twice", rule.ID))
		}
		rules[rule.ID] = rule
	}
	for _, x := range d.Outcomes {
		rule, ok := rules[x.Rule]
		o := x.outcome(rule)
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("an outcome of %q, which is no rule of the report", x.Rule))
		case o.Rule.Digest() != x.Digest:
			errs = append(errs, fmt.Errorf("rule %s is not the one that the outcome is of: its digest is %s", x.Rule, o.Rule.Digest()))
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	for _, c := range d.Controls {
		r.Controls = append(r.Controls, c.summary())
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs[:min(len(errs), 100)]...)
	}
	return r, nil
}

func (c catalog) summary() *control.Summary {
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
