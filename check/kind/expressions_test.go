package kind_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// says is a check that has its result from the start.
type says check.Status

func (s says) Examine(context.Context, *inventory.System) check.Result {
	return check.Result{Status: check.Status(s)}
}

// The kinds and tables by which other formats say what they ask, as stubs: the shape of an
// expression holds each of them.
type (
	exports struct{ Exports map[string]string }
	multi   struct{ MultiCheck bool }
	policy  struct {
		Type string `yaml:"type,required" enum:"REG_DWORD,REG_SZ"`
		Want int64
	}
	gossFile struct {
		Path        string `yaml:"path,required"`
		Exists      bool
		Mode, Owner string
		Contents    []string
	}
	gossService struct {
		Name             string `yaml:"name,required"`
		Enabled, Running bool
		Timeout          time.Duration
	}
	wazuhRule struct {
		Rule string `yaml:"rule,required"`
	}
)

// definitions are a document with a verdict by id, the stub of OVAL definitions.
type definitions map[string]check.Status

func parseDefinitions(b []byte) (d definitions, err error) {
	err = json.Unmarshal(b, &d)
	return d, err
}

func stubs() []kind.Kind {
	definition := func(_ exports, d definitions, id string) (check.Check, error) {
		s, ok := d[id]
		if !ok {
			return nil, fmt.Errorf("the document has no definition %q", id)
		}
		return says(s), nil
	}
	all := func(m multi, d definitions, _ string) (check.Check, error) {
		var parts []check.Check
		for _, s := range d {
			parts = append(parts, says(s))
		}
		return check.All(parts...), nil
	}
	value := func(p policy, d map[string]int64, id string) (check.Check, error) {
		got, ok := d[id]
		if !ok {
			return nil, fmt.Errorf("the policy sets no %q", id)
		}
		return says(map[bool]check.Status{true: check.Pass, false: check.Fail}[got == p.Want]), nil
	}
	policies := func(b []byte) (d map[string]int64, err error) { return d, json.Unmarshal(b, &d) }
	return []kind.Kind{
		kind.In("oval.definition", parseDefinitions, definition), kind.In("oval.definitions", parseDefinitions, all),
		kind.In("policy.value", policies, value),
		kind.New("goss.file", func(gossFile) (check.Check, error) { return says(check.Pass), nil }, kind.Doc("A file is as goss has it.")),
		kind.New("goss.service", func(gossService) (check.Check, error) { return says(check.Unknown), nil }, kind.Needs(check.NeedsLive)),
		kind.New("wazuh.rule", func(w wazuhRule) (check.Check, error) {
			if strings.HasPrefix(w.Rule, "c:") {
				return says(check.NotApplicable), nil
			}
			return says(check.Fail), nil
		}),
	}
}

// tables are the truth tables of XCCDF 1.2 (NIST IR 7275r4, table 12) and of Wazuh's condition
// "none", as far as the stubs need them.
func tables() []check.Table {
	and := func(parts []check.Status) check.Status {
		for _, s := range []check.Status{check.Fail, check.Error, check.Unknown, check.NotChecked, check.Pass} {
			if slices.Contains(parts, s) {
				return s
			}
		}
		return check.NotApplicable
	}
	none := func(parts []check.Status) check.Status {
		switch {
		case slices.Contains(parts, check.Pass):
			return check.Fail
		case slices.Contains(parts, check.Error), slices.Contains(parts, check.Unknown), slices.Contains(parts, check.NotChecked):
			return check.Unknown
		}
		return check.Pass
	}
	return []check.Table{{Op: "xccdf.and", Decide: and}, {Op: "wazuh.none", Decide: none}}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func compiler(t *testing.T) *kind.Compiler {
	t.Helper()
	documents := map[string][]byte{}
	for _, name := range []string{"definitions.json", "policies.json"} {
		b := read(t, name)
		documents[digest(b)] = b
	}
	c, err := kind.NewCompiler(stubs(), tables(), documents)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func status(t *testing.T, c check.Compiled) check.Status {
	t.Helper()
	out, err := check.Run(t.Context(), inventorytest.System(t, ""), []check.Compiled{c}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Result.Status
}

// What other formats ask is data: it reads, compiles, runs and is written as it was.
func TestExpressionsOfOtherFormats(t *testing.T) {
	for file, want := range map[string]check.Status{
		"xccdf-complex-check.json": check.Pass, // not (pass and (pass, fail, unknown))
		"oval-exports.json":        check.Pass,
		"registry-pol.json":        check.Pass,
		"goss-file.json":           check.Unknown,
		"wazuh-none.json":          check.Pass,
	} {
		t.Run(file, func(t *testing.T) {
			var e check.Expr
			text := read(t, file)
			if err := json.Unmarshal(text, &e); err != nil {
				t.Fatal(err)
			}
			got, err := compiler(t).Compile(check.Rule{ID: "linux.test.rule", Expr: e})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(got.Expr, e); d != "" {
				t.Errorf("compiling changed it:\n%s", d)
			}
			if s := status(t, got); s != want {
				t.Errorf("got %s, want %s", s, want)
			}
			b, err := json.Marshal(got.Rule)
			var back check.Rule
			if err != nil || json.Unmarshal(b, &back) != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(back, got.Rule); d != "" {
				t.Errorf("there and back:\n%s", d)
			}
			var was, is any
			b, err = json.Marshal(got.Expr)
			if err != nil || json.Unmarshal(text, &was) != nil || json.Unmarshal(b, &is) != nil || !cmp.Equal(is, was) {
				t.Errorf("got %s, %v, want %s", b, err, text)
			}
			if back.Digest() != got.Digest() || !strings.HasPrefix(back.Digest(), "sha256:") {
				t.Errorf("got the digest %s, and %s there and back", got.Digest(), back.Digest())
			}
		})
	}
}

// deep is an expression that nests n operators.
func deep(n int) check.Expr {
	e := check.Expr{Kind: "goss.file", Args: map[string]any{"path": "x"}}
	for range n {
		e = check.Expr{Op: "not", Parts: []check.Expr{e}}
	}
	return e
}

// What a stranger writes is refused with its place, all of it at once.
func TestExpressionsOfStrangers(t *testing.T) {
	doc := digest(read(t, "definitions.json"))
	ring := check.Expr{Op: "any", Parts: make([]check.Expr, 2)}
	ring.Parts[0], ring.Parts[1] = ring, ring // within itself
	leaf := func(name string, args map[string]any) check.Expr { return check.Expr{Kind: name, Args: args} }
	for name, c := range map[string]struct {
		e    check.Expr
		want []string
	}{
		"nothing":           {check.Expr{}, []string{": want an operator or a kind"}},
		"both":              {check.Expr{Op: "all", Kind: "goss.file"}, []string{": want an operator or a kind, not both"}},
		"operator":          {check.Expr{Op: "xor", Parts: []check.Expr{deep(0)}}, []string{`/op: operator "xor" is not known`}},
		"kind":              {leaf("goss.port", nil), []string{`/kind: check "goss.port" is not known, of goss there are ["goss.file" "goss.service"]`}},
		"subject":           {leaf("x.y", nil), []string{`there are kinds of ["goss" "oval" "policy" "wazuh"]`}},
		"no parts":          {check.Expr{Op: "all"}, []string{"/parts: all has 0 parts, want one at least"}},
		"two for not":       {check.Expr{Op: "not", Parts: []check.Expr{deep(0), deep(0)}}, []string{"/parts: not has 2 parts, want 1"}},
		"one for when":      {check.Expr{Op: "when", Parts: []check.Expr{deep(0)}}, []string{"/parts: when has 1 parts, want 2"}},
		"parts of a kind":   {check.Expr{Kind: "goss.file", Parts: []check.Expr{deep(0)}}, []string{"/parts: parts are of operators"}},
		"args of an op":     {check.Expr{Op: "all", Args: map[string]any{"a": 1}, Parts: []check.Expr{deep(0)}}, []string{": arguments are of kinds"}},
		"deep":              {deep(40), []string{"nested deeper than 32"}},
		"within itself":     {ring, []string{"not both", "want an operator"}},
		"unknown argument":  {leaf("goss.file", map[string]any{"path": "x", "pth": "y"}), []string{`/args/pth: unknown key "pth"`}},
		"missing":           {leaf("goss.file", nil), []string{`/args: "path" is missing`}},
		"wrong type":        {leaf("goss.file", map[string]any{"path": 7, "exists": "yes", "contents": map[string]any{}}), []string{"/args/contents: want a list", `/args/exists: want true or false, not the string "yes"`, "/args/path: want a string"}},
		"nested":            {leaf("goss.file", map[string]any{"path": "x", "contents": []any{"a", 1.5}}), []string{"/args/contents/1: want a string (quote it), not float 1.5"}},
		"strange Go values": {leaf("goss.file", map[string]any{"path": struct{}{}, "contents": []string{"x"}}), []string{"/args/contents: want a list, not a []string", "/args/path: want a string (quote it), not a struct {}"}},
		"not listed":        {check.Expr{Kind: "policy.value", Document: digest(read(t, "policies.json")), ID: "x", Args: map[string]any{"type": "REG_BINARY"}}, []string{`/args/type: want one of ["REG_DWORD" "REG_SZ"], not "REG_BINARY"`}},
		"no document":       {leaf("oval.definition", nil), []string{"/document: oval.definition wants the digest of a document and an id in it"}},
		"other document":    {check.Expr{Kind: "oval.definition", Document: "sha256:00", ID: "x"}, []string{"/document: there is no document sha256:00"}},
		"nowhere":           {check.Expr{Kind: "oval.definition", Document: doc, ID: "oval:none:def:1"}, []string{`the document has no definition "oval:none:def:1"`}},
		"not a document's":  {check.Expr{Kind: "goss.file", Document: doc, ID: "x", Args: map[string]any{"path": "x"}}, []string{"/document: goss.file is of no document"}},
		"unreadable":        {check.Expr{Kind: "policy.value", Document: doc, ID: "x", Args: map[string]any{"type": "REG_SZ"}}, []string{"/document: document " + doc}},
		"all at once": {check.Expr{Op: "all", Parts: []check.Expr{leaf("goss.file", nil), leaf("goss.none", nil), {Op: "not"}}},
			[]string{`/parts/0/args: "path" is missing`, "/parts/1/kind: ", "/parts/2/parts: not has 0 parts"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := compiler(t).Compile(check.Rule{ID: "linux.test.rule", Expr: c.e})
			if err == nil || got.Check != nil {
				t.Fatalf("got %v, %v, want an error", got.Check, err)
			}
			for _, want := range c.want {
				if name != "within itself" && !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant it to say %q", err, want)
				}
			}
			var m *kind.Error
			if n := strings.Count(err.Error(), "\n"); n >= 100 || !errors.As(err, &m) {
				t.Errorf("got %d lines of %T", n+1, err)
			}
		})
	}
}

// An expression of many parts is none, and its mistakes are bounded.
func TestManyParts(t *testing.T) {
	wide := check.Expr{Op: "any", Parts: make([]check.Expr, 20000)}
	for i := range wide.Parts {
		wide.Parts[i] = check.Expr{Kind: "goss.none"}
	}
	_, err := compiler(t).Compile(check.Rule{Expr: wide})
	if n := strings.Count(fmt.Sprint(err), "\n") + 1; n != 100 {
		t.Errorf("got %d mistakes, want a hundred", n)
	}
	for i := range wide.Parts {
		wide.Parts[i] = deep(0)
	}
	if _, err = compiler(t).Compile(check.Rule{Expr: wide}); err == nil || !strings.Contains(err.Error(), "more than 5000 checks") {
		t.Errorf("got %v", err)
	}
}

// Places are those that the expression knows, as near as they go.
func TestPlacesOfMistakes(t *testing.T) {
	e := check.Expr{Kind: "goss.file", Args: map[string]any{"path": "x", "contents": []any{1}}, Places: map[string]check.Place{
		"": {File: "b.yaml", Line: 3, Column: 5}, "/args/contents": {File: "b.yaml", Line: 4, Column: 9},
	}}
	_, err := compiler(t).Compile(check.Rule{Expr: e})
	if want := "b.yaml:4:9: want a string (quote it), not int 1"; fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestWhatIsHandedIn(t *testing.T) {
	file := stubs()[3]
	and := tables()[0]
	for name, c := range map[string]struct {
		kinds  []kind.Kind
		tables []check.Table
		docs   map[string][]byte
		want   string
	}{
		"a kind twice":       {kinds: []kind.Kind{file, file}, want: "goss.file was handed in twice"},
		"no kind":            {kinds: []kind.Kind{{}}, want: "not declared by New"},
		"a table twice":      {tables: []check.Table{and, and}, want: `table "xccdf.and"`},
		"a table's name":     {tables: []check.Table{{Op: "all", Decide: and.Decide}}, want: `table "all"`},
		"an empty table":     {tables: []check.Table{{Op: "x"}}, want: `table "x"`},
		"another's document": {docs: map[string][]byte{"sha256:00": []byte("x")}, want: "document sha256:00: its digest is sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"},
	} {
		if _, err := kind.NewCompiler(c.kinds, c.tables, c.docs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it to say %q", name, err, c.want)
		}
	}
}

// Reading an expression takes strict JSON of a bounded depth.
func TestUnmarshalExpr(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind": "a.b", "argz": {}}`:                                                     "unknown field",
		`{"op": "all", "parts": [{"king": "a.b"}]}`:                                       "unknown field",
		`{"kind": "a.b", "args": {"n": 1e999}}`:                                           "value out of range",
		strings.Repeat(`{"op":"not","parts":[`, 3000) + "{}" + strings.Repeat("]}", 3000): "nested deeper than 128",
		`{"kind": "a.b", "places": {"": "nowhere"}}`:                                      "no place",
		`{"kind": "a.b", "args": {"n": {"m": [1, 1e999]}}}`:                               "value out of range",
	} {
		var e check.Expr
		if err := json.Unmarshal([]byte(text), &e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %v, want %q", text, err, want)
		}
	}
	var e check.Expr
	text := `{"kind":"a.b","args":{"f":1.5,"l":["[{\"",-3],"n":12},"places":{"":"C:\\b.yaml:3:5"}}`
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatal(err)
	}
	want := check.Expr{Kind: "a.b", Args: map[string]any{"f": 1.5, "l": []any{`[{"`, int64(-3)}, "n": int64(12)},
		Places: map[string]check.Place{"": {File: `C:\b.yaml`, Line: 3, Column: 5}}}
	if d := cmp.Diff(e, want); d != "" {
		t.Error(d)
	}
	if b, err := json.Marshal(e); string(b) != text || err != nil {
		t.Errorf("got %s, %v", b, err)
	}
}

func ExampleCompiler_Compile() {
	type args struct {
		Max int `default:"3" doc:"how many attempts are too many"`
	}
	k := kind.New("acme.attempts", func(a args) (check.Check, error) { return says(check.Pass), nil })
	c, err := kind.NewCompiler([]kind.Kind{k}, nil, nil)
	if err != nil {
		panic(err)
	}
	rule, err := c.Compile(check.Rule{ID: "linux.acme.few-attempts", Expr: check.Expr{Kind: "acme.attempts"}})
	fmt.Println(rule.Expr, err)
	// Output: `acme.attempts max=3` <nil>
}
