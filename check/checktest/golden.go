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

// Updating reports whether go test runs with -update, so that golden files are written instead
// of compared. The flag belongs to the package that is tested, which declares it where it has
// golden files:
//
//	var _ = flag.Bool("update", false, "rewrite the wanted outcomes of golden files")
func Updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// Golden examines the system of the fixture in file by the rules and compares the
// outcomes, as [Format] writes them, with the section "want" of the same file. With
// go test -update it rewrites that section and nothing else.
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

// Format writes outcomes for people who compare them: a line for each rule, one for
// each piece of evidence. Times and reads are left out.
func Format(out []check.Outcome) []byte {
	var b bytes.Buffer
	for _, o := range out {
		fmt.Fprintf(&b, "%s: %s\n", o.Rule.ID, oneResult(o.Result))
		for _, e := range o.Result.Evidence {
			fmt.Fprintf(&b, "\t%s:%d %q want %q got %q\n", quoted(e.Source), e.Line, e.Subject, e.Want, e.Got)
		}
		if o.Result.Omitted > 0 {
			fmt.Fprintf(&b, "\t%d more\n", o.Result.Omitted)
		}
	}
	return b.Bytes()
}

// quoted escapes as Go does, without the quotes.
func quoted(s string) string { q := strconv.Quote(s); return q[1 : len(q)-1] }

func oneResult(r check.Result) string {
	s := r.Status.String()
	if r.Reason != "" {
		s += " (" + string(r.Reason) + ")"
	}
	if r.Message != "" {
		s += ": " + strings.ReplaceAll(r.Message, "\n", `\n`)
	}
	return s
}
