package baseline_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// mode is an argument that reads itself.
type mode uint32

func (m mode) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%04o", uint32(m)), nil }

func (m *mode) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 8, 12)
	*m = mode(n)
	if err != nil {
		return fmt.Errorf("%q is no octal mode", b)
	}
	return nil
}

type args struct {
	Names    []string `yaml:"names,required"`
	MaxBytes int64
	Mode     mode
	Strict   *bool
	Limits   map[string]uint8
	Inner    struct{ A, B string }
}

// echo makes a check that tells its arguments.
func echo(got *[]args) kind.Kind {
	return kind.New("test.echo", func(a args) (check.Check, error) {
		if len(a.Names) == 0 {
			return nil, errors.New("names must not be empty")
		}
		*got = append(*got, a)
		return says(check.Pass), nil
	})
}

// says is a check that has its result from the start.
type says check.Status

func (s says) Examine(context.Context, *inventory.System) check.Result {
	return check.Result{Status: check.Status(s)}
}

func status() kind.Kind {
	type params struct {
		Is check.Status `yaml:"is,required"`
	}
	return kind.New("test.status", func(p params) (check.Check, error) { return says(p.Is), nil })
}

func options(got *[]args) baseline.LoadOptions {
	return baseline.LoadOptions{Kinds: []kind.Kind{echo(got), status()}, Catalogs: []*control.Catalog{control.SP80053()}}
}

const head = `format: hardening/v1
id: test
title: Test
version: "1"
platforms: [linux]
groups:
  - {id: g, title: Group}
rules:
`

func load(text string, o baseline.LoadOptions) (*baseline.Baseline, error) {
	return baseline.Load(context.Background(), strings.NewReader(text), "test.yaml", o)
}

func TestLoad(t *testing.T) {
	var got []args
	b, err := load(head+`
  - id: linux.test.first
    title: First
    group: g
    severity: high
    family: uid-unique
    rationale: Because.
    remediation: Do it.
    references: {nist-800-53r5: [AC-2, "AC-6(9)"]}
    platforms: [linux/debian/12]
    check:
      kind: test.echo
      args:
        names: [a, b]
        max-bytes: 7
        mode: "0640"
        strict: false
        limits: {x: 1}
        inner: {a: y}
  - id: linux.test.second
    title: Second
    severity: low
    check: {kind: test.status, args: {is: fail}}
`, options(&got))
	if err != nil {
		t.Fatal(err)
	}
	no := false
	want := args{Names: []string{"a", "b"}, MaxBytes: 7, Mode: 0o640, Strict: &no, Limits: map[string]uint8{"x": 1}}
	want.Inner.A = "y"
	if d := cmp.Diff(got, []args{want}); d != "" {
		t.Error(d)
	}
	r := b.Rules[0]
	r.Expr = check.Expr{}
	if d := cmp.Diff(r, check.Rule{ID: "linux.test.first", Title: "First", Group: "g", Severity: check.High, Family: "uid-unique",
		Rationale: "Because.", Remediation: "Do it.", Platforms: []string{"linux/debian/12"}, States: check.Configured,
		References: []check.Reference{{Catalog: "nist-800-53r5", ID: "AC-2"}, {Catalog: "nist-800-53r5", ID: "AC-6(9)"}}}); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(b.Rules[1].Platforms, []string{"linux"}); d != "" {
		t.Errorf("platforms of the baseline: %s", d)
	}
	if b.ID != "test" || b.Groups[0].Title != "Group" || !strings.HasPrefix(b.Digest, "sha256:") {
		t.Errorf("got %+v", b)
	}
}

func TestComposedChecks(t *testing.T) {
	rule := "  - {id: linux.test.x, title: X, severity: low, check: %s}\n"
	is := func(s string) string { return "{kind: test.status, args: {is: " + s + "}}" }
	for text, want := range map[string]check.Status{
		"{all: [" + is("pass") + ", " + is("fail") + "]}":                 check.Fail,
		"{any: [" + is("pass") + ", " + is("fail") + "]}":                 check.Pass,
		"{not: " + is("pass") + "}":                                       check.Fail,
		"{when: " + is("fail") + ", then: " + is("pass") + "}":            check.NotApplicable,
		"{not: {all: [{any: [" + is("fail") + "]}, " + is("pass") + "]}}": check.Pass,
	} {
		var got []args
		b, err := load(head+fmt.Sprintf(rule, text), options(&got))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		out, err := check.Run(t.Context(), inventorytest.System(t, "os: linux\n"), b.Compiled(), check.Options{})
		if err != nil || out[0].Result.Status != want {
			t.Errorf("%s: got %s, %v, want %s", text, out[0].Result.Status, err, want)
		}
	}
}

func TestEveryMistakeIsNamedWithItsPlace(t *testing.T) {
	text := head + `  - id: linux.test.good
    title: Good
    severity: low
    check: {kind: test.status, args: {is: pass}}
  - id: linux.test.good
    title: Twice
    severity: low
    check: {kind: test.status, args: {is: pass}}
  - id: Bad
    title: 7
    severity: extreme
    colour: red
    group: h
    references:
      nist-800-53r5: [AC-2, ZZ-9]
      none: [x]
    platforms: [Linux]
    check: {kind: test.none}
  - id: linux.test.args
    title: Arguments
    severity: low
    check:
      kind: test.echo
      args:
        max-bytes: "7"
        mode: 0640
        limits: {x: 300}
        inner: {a: [b]}
        strict: maybe
        strict: true
  - id: linux.test.build
    title: Build
    severity: low
    check:
      kind: test.echo
      args: {names: []}
  - id: linux.test.check
    title: Check
    severity: low
    check: {all: []}
  - id: linux.test.none
    title: None
    severity: low
  - just a string
`
	var got []args
	b, err := load(text, options(&got))
	if b != nil {
		t.Errorf("got a baseline with %d rules beside the error", len(b.Rules))
	}
	want := []string{
		"13:5: rule linux.test.good is there twice, first in line 9 of test.yaml",
		`17:5: "Bad" is no rule id, want platform.subject.statement in kebab case`,
		`17:5: group "h" is not declared`,
		`17:5: "Linux" is no platform: want os, os/id or os/id/version`,
		"18:12: want a string (quote it), not int 7",
		`19:15: "extreme" is not a severity, want one of ["unknown" "info" "low" "medium" "high"]`,
		`20:5: unknown key "colour", want one of`,
		`23:29: nist-800-53r5 has no "ZZ-9"`,
		`24:7: catalog "none" is not known`,
		`26:19: check "test.none" is not known, of test there are ["test.echo" "test.status"]`,
		`33:9: "names" is missing`,
		`33:20: want a decimal number of 64 bits, not the string "7"`,
		"35:21: want a decimal number, not negative, of 8 bits, not int 300",
		"36:20: want a string (quote it), not a list",
		`37:17: want true or false, not the string "maybe"`,
		`38:9: "strict" is there twice, first in line 37`,
		"44:13: test.echo: names must not be empty",
		"48:12: want one of all, any",
		`49:5: "check" is missing`,
		`52:5: want a mapping, not the string "just a string"`,
	}
	lines := strings.Split(fmt.Sprint(err), "\n")
	for i := range max(len(lines), len(want)) {
		switch {
		case i >= len(lines):
			t.Errorf("missing: %s", want[i])
		case i >= len(want) || !strings.HasPrefix(lines[i], "test.yaml:"+want[i]):
			t.Errorf("got %s\nwant test.yaml:%s", lines[i], want[min(i, len(want)-1)])
		}
	}
	var e *baseline.Error
	if !errors.As(err, &e) || e.Line != 13 || e.Column != 5 || e.File != "test.yaml" {
		t.Errorf("got %+v", e)
	}

	o := options(&got)
	o.KeepGood = true
	b, err = load(text, o)
	if err == nil || b == nil || len(b.Rules) != 1 || b.Rules[0].ID != "linux.test.good" || b.Rules[0].Title != "Good" {
		t.Errorf("keeping the good: got %+v, %v", b, err)
	}
}

func TestHostileDocuments(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":            {"", ":1:1: the document is empty"},
		"not YAML":         {"a: b\n  c: d: e\n", ":2:4: mapping values"},
		"open bracket":     {"a: [1, 2\nb: c\n", ":2:2: did not find"},
		"a list":           {"- a\n", ":1:1: want a mapping, not a list"},
		"alias":            {"a: &x {b: c}\nd: *x\n", ":1:4: anchors and aliases"},
		"billion laughs":   {"a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "anchors and aliases"},
		"tag":              {"a: !!binary eA==\n", ":1:4: tags are not allowed"},
		"custom tag":       {"a: !ruby/object:X {}\n", ":1:4: tags are not allowed"},
		"merge":            {"<<: {a: b}\n", ""},
		"two documents":    {"a: b\n---\nc: d\n", "a second document"},
		"deep":             {strings.Repeat("[", 200) + strings.Repeat("]", 200), "nested deeper"},
		"very deep":        {strings.Repeat("[", 100000), ""},
		"deep composition": {head + "  - {id: linux.a.b, title: T, severity: low, check: " + strings.Repeat("{not: ", 100) + "{}" + strings.Repeat("}", 100) + "}\n", "nested deeper"},
		"NUL":              {"a: \x00\n", ""},
		"not UTF-8":        {"a: \xff\xfe\n", ""},
		"other format":     {strings.Replace(head, "/v1", "/v9", 1), `"hardening/v9" is not known`},
	} {
		t.Run(name, func(t *testing.T) {
			var got []args
			b, err := load(c.text, options(&got))
			if b != nil || err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "test.yaml:") {
				t.Errorf("got %v, %v, want an error with %q", b, err, c.want)
			}
		})
	}
	if _, err := load(strings.Repeat("#", 2<<20), baseline.LoadOptions{}); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("2 MiB: got %v", err)
	}
}

func TestReferencesNeedNoCatalogs(t *testing.T) {
	o := baseline.LoadOptions{Kinds: []kind.Kind{status()}}
	b, err := load(head+"  - {id: linux.a.b, title: T, severity: low, references: {cis: [x]}, check: {kind: test.status, args: {is: pass}}}\n", o)
	if err != nil || b.Rules[0].References[0] != (check.Reference{Catalog: "cis", ID: "x"}) {
		t.Errorf("got %+v, %v", b, err)
	}
}

type Inner struct{ Name string }

func TestEmbeddedArguments(t *testing.T) {
	type outer struct{ *Inner }
	var got string
	k := kind.New("test.embedded", func(o outer) (check.Check, error) { got = o.Name; return says(check.Pass), nil })
	_, err := load(head+"  - {id: linux.a.b, title: T, severity: low, check: {kind: test.embedded, args: {name: x}}}\n", baseline.LoadOptions{Kinds: []kind.Kind{k}})
	if err != nil || got != "x" {
		t.Errorf("got %q, %v", got, err)
	}
}

// A baseline of thousands of checks is no baseline.
func TestTooManyChecks(t *testing.T) {
	one := "{kind: test.status, args: {is: pass}}"
	text := head + "  - {id: linux.a.b, title: T, severity: low, check: {all: [" + one + strings.Repeat(","+one, 6000) + "]}}\n"
	var got []args
	if b, err := load(text, options(&got)); b != nil || err == nil || !strings.Contains(err.Error(), "more than 5000 checks") {
		t.Errorf("got %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(head))
	f.Add([]byte(head + "  - {id: linux.a.b, title: T, severity: low, check: {kind: test.status, args: {is: pass}}}\n"))
	f.Add([]byte("a: &x [*x]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var got []args
		o := options(&got)
		o.KeepGood = true
		base, err := load(string(b), o)
		if err == nil && base == nil {
			t.Fatal("neither a baseline nor an error")
		}
		if base == nil {
			return
		}
		for _, r := range base.Rules {
			if r.ID == "" || r.Expr.IsZero() {
				t.Fatalf("kept %+v", r)
			}
		}
	})
}

func ExampleLoad() {
	const text = `
format: hardening/v1
id: example
title: Example
version: "1"
rules:
  - id: linux.example.motd
    title: Somebody greets
    severity: low
    check: {kind: example.file, args: {name: etc/motd}}
`
	type params struct {
		Name string `yaml:"name,required"`
	}
	file := kind.New("example.file", func(p params) (check.Check, error) {
		return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
			_, err := sys.Stat(ctx, p.Name)
			if err == nil {
				v.Good(check.Evidence{Position: inventory.Position{Source: p.Name}, Subject: p.Name, Want: "there", Got: "there"})
			}
			return err
		}), nil
	})
	b, err := baseline.Load(context.Background(), strings.NewReader(text), "example.yaml", baseline.LoadOptions{Kinds: []kind.Kind{file}})
	fmt.Println(b.Title, len(b.Rules), err)
	// Output: Example 1 <nil>
}

func TestFamiliesAreLookedUp(t *testing.T) {
	var got []args
	o := options(&got)
	rule := head + "  - {id: linux.a.b, title: T, severity: low, family: umaks, check: {kind: test.status, args: {is: pass}}}\n"
	if _, err := load(rule, o); err != nil {
		t.Errorf("without mappings: %v", err)
	}
	o.Families = []*control.Mapping{{Families: []control.Family{{ID: "umask"}}}}
	if _, err := load(rule, o); err == nil || !strings.Contains(err.Error(), `test.yaml:9:5: family "umaks" is not known`) {
		t.Errorf("got %v", err)
	}
	if _, err := load(strings.Replace(rule, "umaks", "umask", 1), o); err != nil {
		t.Error(err)
	}
}
