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
		{Rule: "r1", Status: control.Fail, Controls: []string{"a", "z"}},
		{Rule: "r2", Status: control.Pass, Controls: []string{"a", "b"}},
		{Rule: "r3", Status: control.Fail, Severity: control.High, Controls: []string{"a", "y"}},
	})
	want := []control.Entry{
		{Control: control.Control{ID: "b"}, Rules: map[control.Status][]string{control.Pass: {"r2"}}},
		{Control: control.Control{ID: "a"}, Rules: map[control.Status][]string{control.Pass: {"r2"}, control.Fail: {"r1", "r3"}}, Severity: control.High},
	}
	if d := cmp.Diff(got.Entries, want); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(got.Unknown, []string{"y", "z"}); d != "" {
		t.Error(d)
	}
	if n := got.Entries[1].Count(control.Pass, control.Fail); n != 3 {
		t.Errorf("got %d, want 3", n)
	}
}

func ExampleCatalog_Lookup() {
	c, ok := control.SP80053().Lookup("AC-6(9)")
	fmt.Println(c.ID, c.Kind, c.Parent, ok)
	// Output: AC-6(9) enhancement AC-6 true
}

func TestSpellings(t *testing.T) {
	for s := control.Unknown; s <= control.Fixed; s++ {
		var back control.Status
		if b, err := s.MarshalText(); err != nil || back.UnmarshalText(b) != nil || back != s || s.String() != string(b) {
			t.Errorf("%d: got %s, %v and back %s", s, b, err, back)
		}
	}
	for s := control.Unrated; s <= control.High; s++ {
		var back control.Severity
		if b, err := s.MarshalText(); err != nil || back.UnmarshalText(b) != nil || back != s || s.String() != string(b) {
			t.Errorf("%d: got %s, %v and back %s", s, b, err, back)
		}
	}
	if _, err := control.Status(99).MarshalText(); err == nil || control.Status(99).String() != "invalid(99)" {
		t.Error("a status of no name is written")
	}
	if err := new(control.Status).UnmarshalText([]byte("passed")); err == nil {
		t.Error(`"passed" is read`)
	}
}
