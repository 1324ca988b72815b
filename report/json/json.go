// Package json writes and reads reports as JSON documents. [Schema] describes the format.
//
// The member "rules" contains each rule once. An outcome refers to its rule by ID. It also contains
// the digest of the rule and the expression that was run, including default arguments.
//
// Readers accept every document with the same major number of schemaVersion and ignore unknown
// members. As long as the major number is the same, no member is removed or changes its meaning.
package json

import (
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/report"
)

// SchemaVersion is the version of the format that [Write] writes.
const SchemaVersion = "2.0"

// Schema is the JSON Schema (draft 2020-12) of the format.
//
//go:embed schema.json
var Schema []byte

type document struct {
	SchemaVersion string               `json:"schemaVersion"`
	Tool          report.Tool          `json:"tool"`
	Scan          report.Scan          `json:"scan"`
	System        report.System        `json:"system"`
	Baseline      report.Baseline      `json:"baseline"`
	Summary       map[check.Status]int `json:"summary"`
	Rules         []check.Rule         `json:"rules"`
	Outcomes      []outcome            `json:"outcomes"`
	Controls      []catalog            `json:"controls"`
	Notes         []string             `json:"notes,omitempty"`
}

type outcome struct {
	Rule     string           `json:"rule"`
	Digest   string           `json:"digest"`
	Check    check.Expr       `json:"check,omitzero"`
	Status   *check.Status    `json:"status"`
	Reason   reason.Reason    `json:"reason,omitempty"`
	Message  string           `json:"message,omitempty"`
	Subjects int              `json:"subjects,omitempty"`
	Evidence []check.Evidence `json:"evidence,omitempty"`
	Omitted  int              `json:"omitted,omitempty"`
	Reads    []string         `json:"reads,omitempty"` // "read etc/passwd"
	Excused  []string         `json:"excused,omitempty"`
	Seconds  float64          `json:"seconds"`
}

type catalog struct {
	Catalog string  `json:"catalog"`
	Title   string  `json:"title"`
	Edition string  `json:"edition,omitempty"`
	Entries []entry `json:"entries"`
}

type entry struct {
	ID          string                      `json:"id"`
	Title       string                      `json:"title,omitempty"`
	Requirement control.Requirement         `json:"requirement,omitempty"`
	Rules       map[control.Status][]string `json:"rules"` // by status
	Severity    control.Severity            `json:"severity,omitzero"`
}

// outcomeOf returns the JSON form of o. It includes the reads if the argument reads is true.
func outcomeOf(o check.Outcome, reads bool) outcome {
	r := o.Result
	x := outcome{
		Rule: o.Rule.ID, Digest: o.Rule.Digest(), Check: o.Rule.Expr.WithoutPlaces(),
		Status: &r.Status, Reason: r.Reason, Message: text(r.Message), Subjects: r.Subjects, Omitted: r.Omitted,
		Excused: formatReads(o.Excused), Seconds: o.Elapsed.Round(time.Microsecond).Seconds(),
	}
	for _, e := range r.Evidence {
		e.Source, e.Subject, e.Want, e.Got = text(e.Source), text(e.Subject), text(e.Want), text(e.Got)
		x.Evidence = append(x.Evidence, e)
	}
	if reads {
		x.Reads = formatReads(o.Reads)
	}
	return x
}

// toOutcome returns the outcome of the rule r. It returns an error if x is invalid.
func (x outcome) toOutcome(r check.Rule) (check.Outcome, error) {
	r.Expr = x.Check
	switch {
	case x.Status == nil:
		return check.Outcome{}, errors.New("it has no status")
	case x.Subjects < 0 || x.Omitted < 0 || x.Seconds < 0 || x.Seconds > maxSeconds:
		return check.Outcome{}, errors.New("a number of it is out of range")
	}
	for i := range x.Evidence {
		e := &x.Evidence[i]
		e.Source, e.Subject, e.Want, e.Got = untext(e.Source), untext(e.Subject), untext(e.Want), untext(e.Got)
	}
	return check.Outcome{
		Rule: r, Reads: parseReads(x.Reads), Excused: parseReads(x.Excused), Elapsed: time.Duration(x.Seconds * float64(time.Second)),
		Result: check.Result{Status: *x.Status, Reason: x.Reason, Message: untext(x.Message), Subjects: x.Subjects, Evidence: x.Evidence, Omitted: x.Omitted},
	}, nil
}

// maxSeconds is the maximum duration of a rule in a report, one year.
const maxSeconds = 365 * 24 * 60 * 60

// formatReads returns the JSON form of reads.
func formatReads(all []inventory.Read) []string {
	var list []string
	for _, r := range all {
		list = append(list, text(r.String()))
	}
	return list
}

// parseReads is the inverse of formatReads.
func parseReads(all []string) []inventory.Read {
	var list []inventory.Read
	for _, s := range all {
		op, name, _ := strings.Cut(s, " ")
		list = append(list, inventory.Read{Op: op, Name: untext(name)})
	}
	return list
}

// text returns s with bytes that are not valid UTF-8 escaped as \xff, because JSON strings cannot
// contain them. If s has such bytes or contains \x, text also doubles backslashes.
func text(s string) string {
	if utf8.ValidString(s) && !strings.Contains(s, `\x`) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\\':
			b.WriteString(`\\`)
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// untext is the inverse of text.
func untext(s string) string {
	if !strings.Contains(s, `\x`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], `\\`):
			b.WriteByte('\\')
			i++
		case strings.HasPrefix(s[i:], `\x`) && i+4 <= len(s):
			n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
			if err != nil {
				b.WriteByte(s[i])
				continue
			}
			b.WriteByte(byte(n))
			i += 3
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
