package json_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/hipaa"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/report"
	reportjson "github.com/hardening-sdk/hardening/report/json"
)

var _ = flag.Bool("update", false, "rewrite what is wanted in golden files")

// odd is a report with every status and what is awkward to write.
func odd() *report.Report {
	r := &report.Report{
		Tool:     report.Tool{Name: "test"},
		System:   report.System{Name: "h\xff", Platform: inventory.Platform{OS: "linux"}, Root: "/mnt"},
		Scan:     report.Scan{Started: time.Unix(0, 0).UTC(), Finished: time.Unix(1, 0).UTC()},
		Baseline: report.Baseline{ID: "b", Title: "B", Version: "1", Digest: "sha256:" + strings.Repeat("0", 64)},
		Notes:    []string{"a note"},
	}
	for s := check.Unknown; s <= check.Fixed; s++ {
		r.Outcomes = append(r.Outcomes, check.Outcome{
			Rule: check.Rule{ID: "linux.test." + s.String(), Title: "<T> & more", Severity: check.High, Family: "uid-unique",
				References: []check.Reference{{Catalog: hipaa.CatalogID, ID: "164.312(a)(1)"}}, Needs: check.NeedsWalk | check.NeedsLive, States: check.Configured | check.Running,
				Expr: check.Expr{Op: "not", Parts: []check.Expr{{Kind: "test.kind", Args: map[string]any{"n": int64(1)}, Places: map[string]check.Place{"": {File: "f", Line: 1}}}}}},
			Result: check.Result{Status: s, Message: "m", Omitted: int(s), Evidence: []check.Evidence{
				{Position: inventory.Position{Source: "tmp/\xfe\n\x1b", Line: 3}, Subject: "x", Want: "y", Got: "z", Fact: "f", Method: "parsed"}, {}}},
			Reads:   []inventory.Read{{Op: "read", Name: "tmp/\xfe"}},
			Excused: []inventory.Read{{Op: "read", Name: "tmp/\xfe"}},
		})
	}
	r.Outcomes[0].Result.Reason = reason.Permission
	r.Controls = []*control.Summary{hipaa.Summarize(r.Outcomes)}
	return r
}

// scanned is a report of all rules on a system of nothing.
func scanned(t *testing.T) *report.Report {
	b, err := builtin.Load(t.Context(), "linux-server")
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{Baseline: report.Of(b)}
	if r.Outcomes, err = check.Run(t.Context(), inventorytest.System(t, "os: linux\n"), b.Compiled(), check.Options{}); err != nil {
		t.Fatal(err)
	}
	return r
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(reportjson.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOutputIsValidByTheSchema(t *testing.T) {
	s := schema(t)
	for name, r := range map[string]*report.Report{"odd": odd(), "scanned": scanned(t), "empty": {Baseline: odd().Baseline}} {
		for _, o := range []reportjson.Options{{}, {Reads: true}} {
			var b bytes.Buffer
			if err := o.Write(&b, r); err != nil {
				t.Fatal(name, err)
			}
			doc, err := jsonschema.UnmarshalJSON(&b)
			if err != nil {
				t.Fatal(name, err)
			}
			if err := s.Validate(doc); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// The schema is no rubber stamp.
func TestSchemaRefuses(t *testing.T) {
	s := schema(t)
	var b bytes.Buffer
	if err := reportjson.Write(&b, odd()); err != nil {
		t.Fatal(err)
	}
	for was, is := range map[string]string{
		`"status":"pass"`: `"status":"Pass"`, `"schemaVersion": "2.0"`: `"schemaVersion": "3.0"`, `"line":3`: `"line":0`,
		`"rule":"linux.test.pass"`: `"rules":"x"`, `"severity":"high"`: `"severity":"grave"`, `"reason":"permission"`: `"reason":"because"`,
		`"method":"parsed"`: `"method":"guessed"`, `"kind":"test.kind"`: `"kid":"test.kind"`, `"digest":"sha256:`: `"digest":"md5:`,
	} {
		text := strings.Replace(b.String(), was, is, 1)
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil || text == b.String() {
			t.Fatal(was, err)
		}
		if s.Validate(doc) == nil {
			t.Errorf("%s is accepted", is)
		}
	}
}

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	if err := reportjson.Write(&b, odd()); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b.Bytes()) || strings.Contains(b.String(), "tmp/\ufffd") || !strings.Contains(b.String(), `tmp/\\xfe\n\u001b`) {
		t.Errorf("a name that is not UTF-8 was lost:\n%s", b.String())
	}
	const file = "testdata/report.json"
	if checktest.Updating() {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b.String(), string(want)); d != "" {
		t.Error(d)
	}
}

// No text of a scanned system steers the terminal that a document is shown on, and none is lost.
func TestControlsAreEscaped(t *testing.T) {
	r := odd()
	r.Outcomes, r.Controls = r.Outcomes[:1], nil
	const name = "a\x7f\u009b31m\u202eb\u2066c\U000e0001d"
	r.Outcomes[0].Result.Message = name
	var b bytes.Buffer
	if err := reportjson.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `a\u007f\u009b31m\u202eb\u2066c\udb40\udc01d`) {
		t.Errorf("got %s", &b)
	}
	back, err := reportjson.Read(&b)
	if err != nil || back.Outcomes[0].Result.Message != name {
		t.Errorf("got %+v, %v", back, err)
	}
}

// What was written is read back: written again, it is the same bytes.
func TestRead(t *testing.T) {
	for name, r := range map[string]*report.Report{"odd": odd(), "scanned": scanned(t), "empty": {Baseline: odd().Baseline}} {
		var first, second bytes.Buffer
		o := reportjson.Options{Reads: true}
		if err := o.Write(&first, r); err != nil {
			t.Fatal(err)
		}
		text := first.String()
		back, err := reportjson.Read(&first)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := o.Write(&second, back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(strings.Split(second.String(), "\n"), strings.Split(text, "\n")); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
		if len(back.Outcomes) != len(r.Outcomes) || len(r.Controls) > 0 && back.Controls[0].Entries[0].Count(control.Fail) != r.Controls[0].Entries[0].Count(control.Fail) {
			t.Errorf("%s: got %+v", name, back)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := reportjson.Write(&b, odd()); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for want, was := range map[string][2]string{
		"unexpected":        {text, "{"},
		`version "1.0"`:     {`"schemaVersion": "2.0"`, `"schemaVersion": "1.0"`},
		`version ""`:        {`"schemaVersion": "2.0",`, ``},
		"is there twice":    {`{"id":"linux.test.pass"`, `{"id":"linux.test.fail"`},
		"which is no rule":  {`{"rule":"linux.test.pass"`, `{"rule":"linux.test.none"`},
		"is not the one":    {`"args":{"n":1}`, `"args":{"n":2}`},
		"is not a status":   {`"status":"pass"`, `"status":"passed"`},
		"is not a severity": {`"severity":"high"`, `"severity":"grave"`},
		"unknown field":     {`"kind":"test.kind"`, `"kid":"test.kind"`},
	} {
		is := strings.Replace(text, was[0], was[1], 1)
		if is == text {
			t.Fatalf("%s: %q is not in the document", want, was[0])
		}
		if _, err := reportjson.Read(strings.NewReader(is)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := reportjson.Read(io.LimitReader(zeros{}, 100<<20)); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a large document: got %v", err)
	}
	later := strings.Replace(text, `"schemaVersion": "2.0"`, `"schemaVersion": "2.7", "mood": "good"`, 1)
	if _, err := reportjson.Read(strings.NewReader(later)); err != nil {
		t.Errorf("a later minor version: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func ExampleWrite() {
	r := &report.Report{
		Baseline: report.Baseline{ID: "example", Title: "Example", Version: "1"},
		Outcomes: []check.Outcome{{Rule: check.Rule{ID: "linux.example.rule"}, Result: check.Result{Status: check.Fail, Message: "it is not so"}}},
	}
	var b bytes.Buffer
	if err := reportjson.Write(&b, r); err != nil {
		panic(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, `{"rule"`) {
			fmt.Print(line[strings.Index(line, `"status"`):])
		}
	}
	// Output: "status":"fail","message":"it is not so","seconds":0}
}
