package builtin_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v4"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// source loads a baseline from the YAML files that people write, so that a test sees what was
// changed a moment ago.
func source(t testing.TB, name string) *baseline.Baseline {
	t.Helper()
	b, err := baseline.LoadFS(t.Context(), os.DirFS("."), name+"/baseline.yaml", builtin.Options())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The JSON that is embedded, and loads in a fraction of the time, is what the YAML files say.
func TestEmbeddedIsWhatTheFilesSay(t *testing.T) {
	for _, name := range builtin.Names() {
		b := source(t, name)
		want, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		want = append(bytes.ReplaceAll(want, []byte(`},{"id":"`), []byte("},\n{\"id\":\"")), '\n') // a line for each rule
		if checktest.Updating() {
			if err := os.WriteFile(name+".json", want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s.json is not what %s/*.yaml say; go test ./baseline/builtin -run Embedded -update writes it", name, name)
			continue
		}
		loaded, err := baseline.Load(t.Context(), bytes.NewReader(got), name+".json", builtin.Options())
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Rules {
			b.Rules[i].Expr = b.Rules[i].Expr.WithoutPlaces()
		}
		if d := cmp.Diff(loaded, b, cmpopts.IgnoreUnexported(baseline.Baseline{}), cmpopts.IgnoreFields(baseline.Baseline{}, "Digest")); d != "" {
			t.Errorf("%s: what is read is not what was written:\n%s", name, d)
		}
	}
}

// The arguments of an outcome are those that the files state, as another reader of YAML has them,
// and defaults beside them.
func TestOutcomesHaveTheArgumentsOfTheFiles(t *testing.T) {
	for _, name := range builtin.Names() {
		out, err := check.Run(t.Context(), inventorytest.System(t, ""), source(t, name).Compiled(), check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		stated := map[string]any{}
		files, err := filepath.Glob(filepath.Join(name, "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var doc struct{ Rules []map[string]any }
			if err := yaml.Unmarshal(text, &doc); err != nil {
				t.Fatal(file, err)
			}
			for _, r := range doc.Rules {
				stated[r["id"].(string)] = r["check"]
			}
		}
		compared := 0
		for _, o := range out {
			compared += compareArguments(t, o.Rule.ID, o.Rule.Expr, stated[o.Rule.ID])
		}
		if compared < 10 || len(stated) != len(out) {
			t.Errorf("%s: got %d rules, %d outcomes and %d arguments", name, len(stated), len(out), compared)
		}
	}
}

// compareArguments compares those of an expression with what a file states, and returns how many.
func compareArguments(t *testing.T, id string, e check.Expr, stated any) int {
	t.Helper()
	m := stated.(map[string]any)
	n := 0
	if args, ok := m["args"].(map[string]any); ok {
		for name, want := range args {
			got := fmt.Sprint(e.Args[name])
			if mode, ok := want.(string); ok && strings.Trim(mode, "01234567") == "" && len(mode) == 3 {
				want = "0" + mode // modes are written with four digits
			}
			if got != fmt.Sprint(want) {
				t.Errorf("%s: got %s=%s, want %v", id, name, got, want)
			}
			n++
		}
	}
	parts := []any{}
	for _, op := range []string{"all", "any"} {
		if list, ok := m[op].([]any); ok {
			parts = append(parts, list...)
		}
	}
	for _, op := range []string{"not", "when", "then"} {
		if part, ok := m[op]; ok {
			parts = append(parts, part)
		}
	}
	if len(parts) != len(e.Parts) {
		t.Errorf("%s: got %d parts, want %d", id, len(e.Parts), len(parts))
		return n
	}
	for i, p := range parts {
		n += compareArguments(t, id, e.Parts[i], p)
	}
	return n
}

// BenchmarkLoad loads the largest baseline as its users do, and from the files of its authors.
func BenchmarkLoad(b *testing.B) {
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := builtin.Load(b.Context(), "linux-server"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("yaml", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			source(b, "linux-server")
		}
	})
}
