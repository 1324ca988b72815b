package control_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hardening-sdk/hardening/baseline/control"
)

func TestSP80053(t *testing.T) {
	c := control.SP80053()
	shape := regexp.MustCompile(`^[A-Z]{2}-[1-9]\d*(\([1-9]\d*\))?$`)
	all := c.Controls()
	for _, x := range all {
		if !shape.MatchString(x.ID) {
			t.Errorf("%q is no control", x.ID)
		}
		if _, ok := c.Lookup(x.Parent); x.Kind == "enhancement" && !ok {
			t.Errorf("%s: its parent %q is not there", x.ID, x.Parent)
		}
	}
	for _, id := range []string{"AC-2", "AC-6(9)", "CM-7", "SI-2", "SC-28(1)", "IA-5(1)"} {
		if _, ok := c.Lookup(id); !ok {
			t.Errorf("%s is not there", id)
		}
	}
	for _, id := range []string{"", "AC-6 (9)", "ac-2", "XX-1", "AC-2000"} {
		if x, ok := c.Lookup(id); ok {
			t.Errorf("%q: got %v", id, x)
		}
	}
}

func TestSummarizeKeepsTheCatalogsOrder(t *testing.T) {
	c := control.NewCatalog(control.Catalog{ID: "x"}, []control.Control{{ID: "b"}, {ID: "a"}, {ID: "unused"}})
	got := control.Summarize(c, []control.Verdict{
		{Rule: "r1", Status: "fail", Controls: []string{"a", "z"}},
		{Rule: "r2", Status: "pass", Controls: []string{"a", "b"}},
		{Rule: "r3", Status: "fail", Controls: []string{"a", "y"}},
	})
	want := []control.Entry{
		{Control: control.Control{ID: "b"}, Rules: map[string][]string{"pass": {"r2"}}},
		{Control: control.Control{ID: "a"}, Rules: map[string][]string{"pass": {"r2"}, "fail": {"r1", "r3"}}},
	}
	if d := cmp.Diff(got.Entries, want); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(got.Unknown, []string{"y", "z"}); d != "" {
		t.Error(d)
	}
	if n := got.Entries[1].Count("pass", "fail"); n != 3 {
		t.Errorf("got %d, want 3", n)
	}
}

func ExampleCatalog_Lookup() {
	c, ok := control.SP80053().Lookup("AC-6(9)")
	fmt.Println(c.ID, c.Kind, c.Parent, ok)
	// Output: AC-6(9) enhancement AC-6 true
}
