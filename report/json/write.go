package json

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/report"
)

// Options says what the document includes. The zero value omits reads.
type Options struct {
	Reads bool // whether to include the reads of each outcome
}

// Write writes r to w with the default options. The output is deterministic. It has a line for each
// rule, outcome and catalog, so that two reports can be compared line by line.
func Write(w io.Writer, r *report.Report) error { return Options{}.Write(w, r) }

// Write is like the function [Write], but uses the options o.
func (o Options) Write(w io.Writer, r *report.Report) error {
	doc := document{
		SchemaVersion: SchemaVersion, Tool: r.Tool, Scan: r.Scan, System: r.System, Baseline: r.Baseline,
		Summary: r.Counts(), Rules: []check.Rule{}, Outcomes: []outcome{}, Controls: []catalog{}, Notes: r.Notes,
	}
	doc.System.Name, doc.System.Root = text(r.System.Name), text(r.System.Root)
	for _, out := range r.Outcomes {
		rule := out.Rule
		rule.Expr = check.Expr{} // the outcome contains it
		doc.Rules = append(doc.Rules, rule)
		doc.Outcomes = append(doc.Outcomes, outcomeOf(out, o.Reads))
	}
	for _, s := range r.Controls {
		c := catalog{Catalog: s.Catalog.ID, Title: s.Catalog.Title, Edition: s.Catalog.Edition, Entries: []entry{}}
		for _, e := range s.Entries {
			c.Entries = append(c.Entries, entry{e.Control.ID, e.Control.Title, e.Control.Requirement, e.Rules, e.Severity})
		}
		doc.Controls = append(doc.Controls, c)
	}
	return writeLines(w, doc)
}

// writeLines writes each member of doc on its own line. If a member is a list, it writes each
// element on its own line.
func writeLines(w io.Writer, doc document) error {
	b := bufio.NewWriter(w)
	v := reflect.ValueOf(doc)
	sep := "{\n"
	for i := range v.NumField() {
		name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if option == "omitempty" && v.Field(i).IsZero() {
			continue
		}
		b.WriteString(sep + "\"" + name + "\": ")
		if err := writeMember(b, v.Field(i)); err != nil {
			return err
		}
		sep = ",\n"
	}
	b.WriteString("\n}\n")
	return b.Flush()
}

// writeMember writes a list with one line for each element, or another value on one line.
func writeMember(b *bufio.Writer, v reflect.Value) error {
	if v.Kind() != reflect.Slice || v.Len() == 0 {
		return writeLine(b, v)
	}
	for i := range v.Len() {
		if i == 0 {
			b.WriteString("[\n")
		} else {
			b.WriteString(",\n")
		}
		if err := writeLine(b, v.Index(i)); err != nil {
			return err
		}
	}
	_, err := b.WriteString("\n]")
	return err
}

// writeLine writes a value on one line.
func writeLine(w io.Writer, v reflect.Value) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v.Interface()); err != nil {
		return err
	}
	_, err := w.Write(visible(bytes.TrimSpace(b.Bytes())))
	return err
}

// visible returns a JSON text with characters escaped that steer a terminal, or turn what stands
// behind them around: DEL, the C1 controls, and the controls of bidirectional text. They stand in
// strings alone.
func visible(b []byte) []byte {
	if !bytes.ContainsFunc(b, steers) {
		return b
	}
	var out bytes.Buffer
	for _, r := range string(b) {
		if !steers(r) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.Bytes()
}

func steers(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
