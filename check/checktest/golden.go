package checktest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// Updating reports whether go test was run with the flag -update, which means that golden files are
// written instead of compared. A test package with golden files must define the flag:
//
//	var _ = flag.Bool("update", false, "rewrite the wanted outcomes of golden files")
func Updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// Golden applies the rules to the system described by the fixture in file. It compares the
// outcomes, as formatted by [Format], with the section "want" of the same file. With go test
// -update it rewrites only that section.
func Golden(t *testing.T, file string, rules ...check.Compiled) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(b)
	fixture := &txtar.Archive{Comment: ar.Comment}
	var want []byte
	for _, f := range ar.Files {
		if f.Name == "want" {
			want = f.Data
			continue
		}
		fixture.Files = append(fixture.Files, f)
	}
	out, err := check.Run(t.Context(), inventorytest.System(t, string(txtar.Format(fixture))), rules, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := Format(out)
	if Updating() {
		fixture.Files = append(fixture.Files, txtar.File{Name: "want", Data: got})
		if err := os.WriteFile(file, txtar.Format(fixture), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s (-got +want):\n%s", file, cmp.Diff(strings.Split(string(got), "\n"), strings.Split(string(want), "\n")))
	}
}

// Format returns the outcomes as text that is easy to compare, with a line for each rule and one
// for each piece of evidence. It omits times and reads.
func Format(out []check.Outcome) []byte {
	var b bytes.Buffer
	for _, o := range out {
		fmt.Fprintf(&b, "%s: %s\n", o.Rule.ID, formatResult(o.Result))
		for _, e := range o.Result.Evidence {
			fmt.Fprintf(&b, "\t%s:%d %q want %q got %q\n", escape(e.Source), e.Line, e.Subject, e.Want, e.Got)
		}
		if o.Result.Omitted > 0 {
			fmt.Fprintf(&b, "\t%d more\n", o.Result.Omitted)
		}
	}
	return b.Bytes()
}

// escape returns s quoted as in Go, but without the quotes.
func escape(s string) string { q := strconv.Quote(s); return q[1 : len(q)-1] }

// formatResult returns the status, reason and message of r as one line.
func formatResult(r check.Result) string {
	s := r.Status.String()
	if r.Reason != "" {
		s += " (" + string(r.Reason) + ")"
	}
	if r.Message != "" {
		s += ": " + strings.ReplaceAll(r.Message, "\n", `\n`)
	}
	return s
}
