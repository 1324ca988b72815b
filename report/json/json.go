// Package json writes a report as a JSON document in the form of [Schema].
//
// Readers accept documents with the same major number of schemaVersion and pass over
// members that they do not know; a member is never removed or given another meaning
// within it.
package json

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/report"
)

// SchemaVersion is the version of the form that [Write] writes.
const SchemaVersion = "1.0"

// Schema is the JSON Schema (draft 2020-12) of the documents.
//
//go:embed schema.json
var Schema []byte

type document struct {
	SchemaVersion string          `json:"schemaVersion"`
	Tool          report.Tool     `json:"tool"`
	Scan          report.Scan     `json:"scan"`
	System        report.System   `json:"system"`
	Baseline      report.Baseline `json:"baseline"`
	Summary       map[string]int  `json:"summary"`
	Outcomes      []outcome       `json:"outcomes"`
	Controls      []catalog       `json:"controls"`
	Notes         []string        `json:"notes,omitempty"`
}

type outcome struct {
	Rule        string            `json:"rule"`
	Title       string            `json:"title"`
	Severity    check.Severity    `json:"severity"`
	Group       string            `json:"group,omitempty"`
	Family      string            `json:"family,omitempty"`
	Status      check.Status      `json:"status"`
	Reason      reason.Reason     `json:"reason,omitempty"`
	Message     string            `json:"message,omitempty"`
	Evidence    []check.Evidence  `json:"evidence,omitempty"`
	Omitted     int               `json:"omitted,omitempty"`
	Rationale   string            `json:"rationale,omitempty"`
	Remediation string            `json:"remediation,omitempty"`
	References  []check.Reference `json:"references,omitempty"`
	Reads       []string          `json:"reads,omitempty"`
	Excused     []string          `json:"excused,omitempty"`
	Seconds     float64           `json:"seconds"`
}

type catalog struct {
	Catalog string  `json:"catalog"`
	Title   string  `json:"title"`
	Edition string  `json:"edition,omitempty"`
	Entries []entry `json:"entries"`
}

type entry struct {
	ID          string              `json:"id"`
	Title       string              `json:"title,omitempty"`
	Requirement control.Requirement `json:"requirement,omitempty"`
	Rules       map[string][]string `json:"rules"` // by status
}

// Options says what is written beside the verdicts. The zero value writes no reads.
type Options struct {
	Reads bool // what was read for each outcome, "read etc/passwd"
}

// Write writes r. The same report gives the same bytes.
func Write(w io.Writer, r *report.Report) error { return Options{}.Write(w, r) }

// Write writes r.
func (o Options) Write(w io.Writer, r *report.Report) error {
	doc := document{
		SchemaVersion: SchemaVersion, Tool: r.Tool, Scan: r.Scan, System: r.System, Baseline: r.Baseline,
		Summary: map[string]int{}, Outcomes: []outcome{}, Controls: []catalog{}, Notes: r.Notes,
	}
	doc.System.Name, doc.System.Root = text(r.System.Name), text(r.System.Root)
	for status, n := range r.Counts() {
		doc.Summary[status.String()] = n
	}
	for _, out := range r.Outcomes {
		doc.Outcomes = append(doc.Outcomes, o.outcome(out))
	}
	for _, s := range r.Controls {
		c := catalog{Catalog: s.Catalog.ID, Title: s.Catalog.Title, Edition: s.Catalog.Edition, Entries: []entry{}}
		for _, e := range s.Entries {
			c.Entries = append(c.Entries, entry{e.Control.ID, e.Control.Title, e.Control.Requirement, e.Rules})
		}
		doc.Controls = append(doc.Controls, c)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

func (o Options) outcome(out check.Outcome) outcome {
	r := out.Result
	x := outcome{
		Rule: out.Rule.ID, Title: out.Rule.Title, Severity: out.Rule.Severity, Group: out.Rule.Group, Family: out.Rule.Family,
		Status: r.Status, Reason: r.Reason, Message: text(r.Message), Omitted: r.Omitted,
		Rationale: out.Rule.Rationale, Remediation: out.Rule.Remediation, References: out.Rule.References,
		Seconds: out.Elapsed.Seconds(),
	}
	for _, e := range r.Evidence {
		x.Evidence = append(x.Evidence, check.Evidence{Position: inventory.Position{Source: text(e.Source), Line: e.Line}, Subject: text(e.Subject), Want: text(e.Want), Got: text(e.Got)})
	}
	for _, read := range out.Excused {
		x.Excused = append(x.Excused, text(read.String()))
	}
	if o.Reads {
		for _, read := range out.Reads {
			x.Reads = append(x.Reads, text(read.String()))
		}
	}
	return x
}

// text returns s with bytes that are not UTF-8 written as \xff, since JSON has no other
// way to keep two such names apart.
func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[0])
		} else {
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}
