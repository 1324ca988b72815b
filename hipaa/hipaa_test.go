package hipaa_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/hipaa"
)

// The counts are those of Appendix A to Subpart C (308, 310, 312) and of the text (314,
// 316).
func TestRuleHasTheCountsOfAppendixA(t *testing.T) {
	count := map[string]int{}
	for _, c := range hipaa.Rule().Controls() {
		area := "other"
		switch c.Section {
		case "administrative", "physical", "technical":
			area = "safeguards"
		case "organizational", "documentation":
			area = "rest"
		}
		count[area+" "+c.Kind]++
		if c.Kind == "implementation specification" {
			count[area+" "+string(c.Requirement)]++
		}
	}
	for what, want := range map[string]int{
		"safeguards standard": 18, "safeguards implementation specification": 36,
		"safeguards required": 14, "safeguards addressable": 22,
		"rest standard": 4, "rest implementation specification": 10, "rest required": 10,
	} {
		if got := count[what]; got != want {
			t.Errorf("%s: got %d, want %d", what, got, want)
		}
	}
}

func TestEveryCitationReadsBackAndHasItsParent(t *testing.T) {
	for _, c := range hipaa.Rule().Controls() {
		got, err := hipaa.ParseCitation(c.ID)
		if err != nil || got.String() != c.ID {
			t.Errorf("%s: got %s, %v", c.ID, got, err)
		}
		if _, ok := hipaa.Rule().Lookup(c.Parent); c.Parent != "" && !ok {
			t.Errorf("%s: its parent %s is not in the table", c.ID, c.Parent)
		}
		if c.Title == "" || c.Requirement == "" {
			t.Errorf("%s: has no title or requirement", c.ID)
		}
	}
}

func TestFamiliesNameWhatExists(t *testing.T) {
	families := hipaa.Families().Families
	if len(families) != 71 {
		t.Errorf("got %d families, want 71", len(families))
	}
	seen := map[string]bool{}
	for _, f := range families {
		if seen[f.ID] || f.ID == "" || f.Title == "" {
			t.Errorf("%q is there twice or unnamed", f.ID)
		}
		seen[f.ID] = true
		for _, l := range f.Links {
			if _, ok := hipaa.Rule().Lookup(l.Control); !ok {
				t.Errorf("%s: %s is not in the rule", f.ID, l.Control)
			}
			if !slices.Contains([]control.Strength{control.Direct, control.Supporting, control.Weak, control.Attestation}, l.Strength) {
				t.Errorf("%s: unknown strength %q", f.ID, l.Strength)
			}
		}
	}
}

func TestParseCitationRefuses(t *testing.T) {
	for _, s := range []string{"", "164", "164.", "164.31", "164.312(", "164.312()", "164.312(1)", "164.312(a)(b)",
		"164.312(a)(1)(A)", "164.312(a)(1", "164.500(a)", "45 CFR 164.312", "164.312 (a)", "164.308(a)(01)", "164.308(a)(1)(ii)(D)(x)"} {
		if c, err := hipaa.ParseCitation(s); err == nil {
			t.Errorf("%q: got %s", s, c)
		}
	}
}

func TestCompareIsTheOrderOfTheCode(t *testing.T) {
	in := []string{"164.306", "164.306(a)", "164.306(a)(2)", "164.306(a)(10)", "164.306(h)", "164.306(i)", "164.306(j)",
		"164.308(a)(1)(i)", "164.308(a)(1)(ii)", "164.308(a)(1)(ii)(A)", "164.308(a)(1)(ii)(D)", "164.308(a)(1)(iii)", "164.308(a)(1)(ix)", "164.308(a)(1)(x)"}
	for i := range in {
		for j := range in {
			a, errA := hipaa.ParseCitation(in[i])
			b, errB := hipaa.ParseCitation(in[j])
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if got, want := a.Compare(b), min(max(i-j, -1), 1); got != want {
				t.Errorf("%s, %s: got %d, want %d", a, b, got, want)
			}
		}
	}
}

func ExampleSummarize() {
	outcomes := []check.Outcome{
		{Rule: check.Rule{ID: "linux.ssh.root-login-off", Family: "root-direct"}, Result: check.Result{Status: check.Fail}},
		{Rule: check.Rule{ID: "linux.account.unique-uids", References: []check.Reference{
			{Catalog: hipaa.CatalogID, ID: "164.312(a)(2)(i)"},
		}}, Result: check.Result{Status: check.Pass}},
	}
	for _, e := range hipaa.Summarize(outcomes).Entries {
		fmt.Printf("%s %s: %d pass, %d fail\n", e.Control.ID, e.Control.Title, e.Count(control.Pass), e.Count(control.Fail))
	}
	// Output:
	// 164.312(a)(1) Access control: 0 pass, 1 fail
	// 164.312(a)(2)(i) Unique user identification: 1 pass, 1 fail
}

func TestCitationsAsText(t *testing.T) {
	c, err := hipaa.ParseCitation("164.308(a)(5)(ii)(D)")
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(map[string]hipaa.Citation{"c": c})
	var back map[string]hipaa.Citation
	if string(b) != `{"c":"164.308(a)(5)(ii)(D)"}` || err != nil || json.Unmarshal(b, &back) != nil || back["c"].Compare(c) != 0 {
		t.Errorf("got %s, %v and back %v", b, err, back)
	}
	if _, err := json.Marshal(hipaa.Citation{}); err == nil {
		t.Error("the zero citation is written")
	}
	if err := json.Unmarshal([]byte(`"164.999"`), &c); err == nil {
		t.Error("164.999 is read")
	}
}

// The statuses and severities of summaries are those of checks.
func TestSummariesSpellAsChecksDo(t *testing.T) {
	for s := check.Unknown; s <= check.Fixed; s++ {
		if got := control.Status(s).String(); got != s.String() {
			t.Errorf("got %s, want %s", got, s)
		}
	}
	for s := check.Unrated; s <= check.High; s++ {
		if got := control.Severity(s).String(); got != s.String() {
			t.Errorf("got %s, want %s", got, s)
		}
	}
	if control.Status(check.Fixed+1).String() == check.Status(control.Fixed).String() {
		t.Error("there are more statuses than compared")
	}
}
