package builtin_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

var _ = flag.Bool("update", false, "rewrite what is wanted in golden files")

func allRules(t *testing.T) map[string]check.Compiled {
	t.Helper()
	rules := map[string]check.Compiled{}
	for _, name := range builtin.Names() {
		b := source(t, name)
		for _, r := range b.Compiled() {
			rules[r.ID] = r
		}
	}
	return rules
}

// Each rule has fixtures, one that passes and one that fails at least, and keeps the
// promises of rules on each of them.
func TestRules(t *testing.T) {
	rules := allRules(t)
	for id, rule := range rules {
		t.Run(id, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join("testdata", id, "*.txtar"))
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			var systems []inventory.Config
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
					checktest.Golden(t, file, rule)
				})
				fixture, status := parts(t, file)
				seen[status] = true
				systems = append(systems, inventorytest.Config(t, fixture))
			}
			if !seen["pass"] || !seen["fail"] {
				t.Fatalf("has fixtures for %v, want pass and fail among them", seen)
			}
			conformance(id).Test(t, rule, systems...)
		})
	}
	for _, o := range optional {
		for id := range strings.FieldsSeq(o.rules) {
			if _, ok := rules[id]; !ok {
				t.Errorf("%s is declared and is no rule", id)
			}
		}
	}
	dirs, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if _, ok := rules[d.Name()]; d.IsDir() && !ok {
			t.Errorf("testdata/%s is of no rule", d.Name())
		}
	}
}

// parts returns the fixture in a file and the status that it wants.
func parts(t *testing.T, file string) (fixture, status string) {
	t.Helper()
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(ar.Comment), "# ") {
		t.Errorf("%s does not say where it comes from", file)
	}
	i := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
	if i < 0 {
		t.Fatalf("%s has no wanted outcome; run go test -update", file)
	}
	_, rest, _ := strings.Cut(string(ar.Files[i].Data), ": ")
	if f := strings.FieldsFunc(rest, func(r rune) bool { return r < 'a' || r > 'z' }); len(f) > 0 {
		status = f[0]
	}
	ar.Files = slices.Delete(ar.Files, i, i+1)
	return string(txtar.Format(ar)), status
}

// Rule IDs are for good: one that was published is never given up or used for another
// question.
func TestRuleIDsAreFrozen(t *testing.T) {
	var ids []string
	for id := range allRules(t) {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	const file = "testdata/rules.txt"
	if checktest.Updating() {
		if err := os.WriteFile(file, []byte(strings.Join(ids, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ids, "\n") + "\n"; got != string(b) {
		t.Errorf("the rules are not those of %s; once released a rule is not taken away:\n%s", file, got)
	}
}
