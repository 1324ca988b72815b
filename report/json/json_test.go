package json_test

import (
	"bytes"
	"encoding/json"
	"flag"
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
				References: []check.Reference{{Catalog: hipaa.CatalogID, ID: "164.312(a)(1)"}}},
			Result: check.Result{Status: s, Message: "m", Omitted: int(s), Evidence: []check.Evidence{
				{Source: "tmp/\xfe\n\x1b", Line: 3, Subject: "x", Want: "y", Got: "z"}, {}}},
			Reads:   []inventory.Read{{Op: "read", Name: "tmp/\xfe"}},
			Excused: []inventory.Read{{Op: "read", Name: "tmp/\xfe"}},
		})
	}
	r.Outcomes[0].Result.Reason = check.ReasonPermission
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
	if r.Outcomes, err = check.Run(t.Context(), inventorytest.System(t, "os: linux\n"), b.Rules, check.Options{}); err != nil {
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
		`"status": "pass"`: `"status": "Pass"`, `"schemaVersion": "1.0"`: `"schemaVersion": "2.0"`, `"line": 3`: `"line": 0`,
		`"rule": "linux.test.pass"`: `"rules": "x"`, `"severity": "high"`: `"severity": "grave"`, `"reason": "permission"`: `"reason": "because"`,
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

func ExampleWrite() {
	r := &report.Report{
		Baseline: report.Baseline{ID: "example", Title: "Example", Version: "1"},
		Outcomes: []check.Outcome{{Rule: check.Rule{ID: "linux.example.rule"}, Result: check.Failed("it is not so")}},
	}
	var b bytes.Buffer
	if err := reportjson.Write(&b, r); err != nil {
		panic(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, `"status"`) || strings.Contains(line, `"message"`) {
			os.Stdout.WriteString(strings.TrimSpace(line) + "\n")
		}
	}
	// Output:
	// "status": "fail",
	// "message": "it is not so",
}
