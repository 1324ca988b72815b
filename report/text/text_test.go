package text_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/hipaa"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/report"
	"github.com/hardening-sdk/hardening/report/text"
)

var _ = flag.Bool("update", false, "rewrite what is wanted in golden files")

func sample() *report.Report {
	rule := func(id string, s check.Severity) check.Rule {
		return check.Rule{ID: "linux." + id, Title: "Title of " + id, Severity: s, Remediation: "Do what it takes, at length, so that the line has to be broken somewhere before it ends at the edge.",
			References: []check.Reference{{Catalog: hipaa.CatalogID, ID: "164.312(a)(1)"}}}
	}
	many := check.Result{Status: check.Fail}
	for range 7 {
		many.Evidence = append(many.Evidence, check.Evidence{Position: inventory.Position{Source: "etc/x", Line: 2}, Subject: "setting", Want: "yes", Got: "no"})
	}
	many.Omitted = 3
	r := &report.Report{
		Baseline: report.Baseline{ID: "b", Title: "Linux server", Version: "1.0.0"},
		System:   report.System{Name: "ward-3", Platform: inventory.Platform{OS: "linux", Name: "Debian GNU/Linux 12"}, Live: true, Kernel: "6.1.0"},
		Scan:     report.Scan{Started: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), User: "nobody"},
		Outcomes: []check.Outcome{
			{Rule: rule("a.passed", check.High), Result: check.Result{Status: check.Pass}},
			{Rule: rule("b.low", check.Low), Result: check.Result{Status: check.Fail, Message: "message", Evidence: []check.Evidence{check.Evidence{Position: inventory.Position{Source: "etc/y"}, Subject: "etc/y", Want: "mode 0600", Got: "0644"}}}},
			{Rule: rule("c.unknown", check.High), Result: check.Result{Status: check.Unknown, Reason: reason.Permission, Message: "open etc/shadow: permission denied"}},
			{Rule: rule("d.high", check.High), Result: many},
			{Rule: rule("e.live", check.Medium), Result: check.Result{Status: check.Unknown, Reason: reason.NotLive, Message: "not running"}},
			{Rule: rule("f.absent", check.Medium), Result: check.Result{Status: check.NotApplicable, Message: "nothing there"}},
			{Rule: rule("g.error", check.Info), Result: check.Result{Status: check.Error, Message: "etc/z:3: no assignment"}},
		},
		Notes: []string{"1 goroutine left behind"},
	}
	r.Controls = []*control.Summary{hipaa.Summarize(r.Outcomes)}
	return r
}

func TestGolden(t *testing.T) {
	for file, o := range map[string]text.Options{"plain": {}, "color": {Color: true}, "narrow": {Width: 60}} {
		var b bytes.Buffer
		if err := o.Write(&b, sample()); err != nil {
			t.Fatal(err)
		}
		name := "testdata/" + file + ".txt"
		if checktest.Updating() {
			if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(b.String(), string(want)); d != "" {
			t.Errorf("%s: %s", file, d)
		}
	}
}

func TestNothingSteersTheTerminal(t *testing.T) {
	hostile := "x\x1b[2J\x1b]0;title\x07\r\u009b31m\u202eabc\u2028\xff\x00"
	r := sample()
	r.System.Name, r.System.Root, r.System.Kernel, r.System.Platform.Name = hostile, hostile, hostile, hostile
	r.Scan.User, r.Notes, r.Baseline.Title = hostile, []string{hostile}, hostile
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		o.Rule.Title, o.Rule.ID, o.Rule.Remediation = hostile, hostile, hostile
		o.Result.Message = hostile
		o.Result.Evidence = []check.Evidence{{Position: inventory.Position{Source: hostile}, Subject: hostile, Want: hostile, Got: hostile}}
	}
	var b bytes.Buffer
	if err := text.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexAny(strings.ReplaceAll(b.String(), "\n", ""), "\x00\x07\r\x1b\u009b\u202e\u2028"); i >= 0 || strings.Contains(b.String(), "\xff") {
		t.Errorf("a control character is in it: %q", b.String())
	}
	if !strings.Contains(b.String(), `x\x1b[2J\x1b]0;title\x07\x0d\x9b31m\u202eabc\u2028\xff\x00`) {
		t.Errorf("the text is not kept readable:\n%s", b.String())
	}
}

func ExampleWrite() {
	r := &report.Report{
		Baseline: report.Baseline{Title: "Example", Version: "1"},
		System:   report.System{Name: "ward-3", Platform: inventory.Platform{Name: "Debian GNU/Linux 12"}},
		Outcomes: []check.Outcome{{
			Rule:   check.Rule{ID: "linux.example.rule", Title: "It is so", Severity: check.High, Remediation: "Make it so."},
			Result: check.Result{Status: check.Fail, Evidence: []check.Evidence{check.Evidence{Position: inventory.Position{Source: "etc/x", Line: 2}, Subject: "setting", Want: "yes", Got: "no"}}},
		}},
	}
	if err := text.Write(os.Stdout, r); err != nil {
		panic(err)
	}
	// Output:
	// Example 1 on ward-3
	// Debian GNU/Linux 12, not running; scanned 0001-01-01 00:00 UTC as an unknown user
	//
	// FAIL    high   It is so
	//         linux.example.rule
	//         - setting: no, want yes (etc/x:2)
	//         > Make it so.
	//
	// 1 rule: 1 fail
}
