package json_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/report"
	reportjson "github.com/hardening-sdk/hardening/report/json"
	"github.com/hardening-sdk/hardening/report/text"
)

func writtenOfAttack(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := reportjson.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What Write writes, Read reads.
func TestAttackOwnReportsComeBack(t *testing.T) {
	for name, rule := range map[string]check.Rule{
		"a title that is no UTF-8": {ID: "a", Title: "caf\xe9"},
		"an argument of no UTF-8":  {ID: "a", Expr: check.Expr{Kind: "a.b", Args: map[string]any{"file": "home/caf\xe9"}}},
		"a large float":            {ID: "a", Expr: check.Expr{Kind: "a.b", Args: map[string]any{"x": 1e19}}},
		"uint64":                   {ID: "a", Expr: check.Expr{Kind: "a.b", Args: map[string]any{"x": uint64(1 << 63)}}},
		"a file name as map key":   {ID: "a", Expr: check.Expr{Kind: "a.b", Args: map[string]any{"m": map[string]any{"\xff": "x"}}}},
		"places with line 0":       {ID: "a", Expr: check.Expr{Kind: "a.b", Places: map[string]check.Place{"": {}}}},
		"html":                     {ID: "a", Title: "<&>\u2028"},
	} {
		r := &report.Report{Baseline: odd().Baseline, Outcomes: []check.Outcome{{Rule: rule, Result: check.Result{Status: check.Fail}}}}
		if _, err := reportjson.Read(strings.NewReader(writtenOfAttack(t, r))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A report from which something was taken, or that says two things, is refused.
func TestAttackReportsThatWereChanged(t *testing.T) {
	whole := writtenOfAttack(t, odd())
	if _, err := reportjson.Read(strings.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for l := range strings.Lines(whole) {
		if !strings.HasPrefix(l, `{"rule":"linux.test.fail"`) {
			lines = append(lines, l)
		}
	}
	failing := ""
	for l := range strings.Lines(whole) {
		if strings.HasPrefix(l, `{"rule":"linux.test.fail"`) {
			failing = l
		}
	}
	for name, s := range map[string]string{
		"the outcome that fails is gone":    strings.Join(lines, ""),
		"the outcome is there twice":        strings.Replace(whole, failing, failing+strings.Replace(failing, `"status":"fail"`, `"status":"pass"`, 1), 1),
		"the status is there twice":         strings.Replace(whole, `"status":"fail"`, `"status":"fail","Status":"pass"`, 1),
		"the status is missing":             strings.Replace(whole, `"status":"fail",`, ``, 1),
		"the counts of the summary differ":  strings.Replace(whole, `"fail":1`, `"fail":0`, 1),
		"nothing but the version":           `{"schemaVersion":"2.0"}`,
		"controls of rules that are not":    strings.Replace(whole, `"rules":{"`, `"rules":{"pass":["no.such.rule"],"`, 1),
		"seconds that are no time":          strings.Replace(whole, `"seconds":0}`, `"seconds":1e300}`, 1),
		"negative counts":                   strings.Replace(whole, `"omitted":2`, `"omitted":-2000`, 1),
		"the digest of nothing, Digest too": strings.Replace(whole, `"digest":"sha256:`, `"Digest":"","digest":"sha256:`, 1),
	} {
		if s == whole {
			t.Errorf("%s: not changed", name)
			continue
		}
		if r, err := reportjson.Read(strings.NewReader(s)); err == nil {
			t.Errorf("%-35s read: %v of %d outcomes", name, r.Counts(), len(r.Outcomes))
		}
	}
}

// What was read cannot steer the terminal.
func TestAttackHostileReportAsText(t *testing.T) {
	whole := writtenOfAttack(t, odd())
	for name, s := range map[string]string{
		"the title of a control": strings.Replace(whole, `"entries":[{"id":"`, `"entries":[{"title":"\u001b]0;owned\u0007","id":"\u001b[2J`, 1),
		"everywhere":             strings.ReplaceAll(whole, `"title":"`, `"title":"\u001b[2J`),
		"reason":                 strings.ReplaceAll(whole, `"reason":"`, `"reason":"\u001b[2J`),
		"platform":               strings.ReplaceAll(whole, `"os":"`, `"os":"\u001b[2J`),
		"notes":                  strings.ReplaceAll(whole, `a note`, `\u001b[2J`),
		"version":                strings.ReplaceAll(whole, `"version":"`, `"version":"\u001b[2J`),
		"evidence":               strings.ReplaceAll(strings.ReplaceAll(whole, `"method":"`, `"method":"\u001b[2J`), `"got":"`, `"got":"\u001b[2J`),
	} {
		r, err := reportjson.Read(strings.NewReader(s))
		if err != nil {
			continue // as it may
		}
		var b bytes.Buffer
		if err := text.Write(&b, r); err != nil {
			t.Error(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\x07") {
			i := strings.IndexByte(b.String(), 0x1b)
			t.Errorf("%s: %q", name, b.String()[max(0, i-30):min(len(b.String()), i+40)])
		}
	}
}

// Two names that are not the same are not the same in a report.
func TestAttackNamesApart(t *testing.T) {
	r := odd()
	r.Outcomes = r.Outcomes[:1]
	r.Outcomes[0].Result.Message = "tmp/\xfe"
	a := writtenOfAttack(t, r)
	r.Outcomes[0].Result.Message = `tmp/\xfe`
	if a == writtenOfAttack(t, r) {
		t.Error("a name of a byte and one of its escape are written alike")
	}
}
