package baseline_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hardening-sdk/hardening/baseline"
)

const (
	start   = "format: hardening/v1\nid: test\ntitle: Test\nversion: \"1\"\nplatforms: [linux]\ngroups:\n  - {id: g, title: Group}\n"
	passing = "check: {kind: test.status, args: {is: pass}}"
)

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func loadFS(files map[string]string, o baseline.LoadOptions) (*baseline.Baseline, error) {
	return baseline.LoadFS(context.Background(), folder(files), "b/main.yaml", o)
}

func TestInclude(t *testing.T) {
	var got []args
	files := map[string]string{
		"b/main.yaml":  start + "include: [x.yaml, sub/y.yaml]\nrules:\n  - {id: linux.a.one, title: One, severity: low, " + passing + "}\n",
		"b/x.yaml":     "group: g\nrules:\n  - {id: linux.a.two, title: Two, severity: low, " + passing + "}\n",
		"b/sub/y.yaml": "rules:\n  - {id: linux.a.three, title: Three, group: g, severity: low, " + passing + "}\n",
	}
	b, err := loadFS(files, options(&got))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range b.Rules {
		ids = append(ids, r.ID+" "+r.Group+" "+r.Platforms[0]+" "+r.Expr.Places[""].File)
	}
	want := []string{"linux.a.one  linux b/main.yaml", "linux.a.two g linux b/x.yaml", "linux.a.three g linux b/sub/y.yaml"}
	if d := cmp.Diff(ids, want); d != "" || len(b.Compiled()) != 3 {
		t.Error(d)
	}
	before := b.Digest
	files["b/x.yaml"] += "# one more byte\n"
	if b, err = loadFS(files, options(&got)); err != nil || b.Digest == before {
		t.Errorf("the digest is not of all files: %v", err)
	}
}

func TestIncludeRefuses(t *testing.T) {
	var got []args
	for want, files := range map[string]map[string]string{
		`b/main.yaml:1:1: "../x.yaml" is no other file`:            {"b/main.yaml": start + "include: [../x.yaml]\n", "x.yaml": "rules: []\n"},
		`b/main.yaml:1:1: "main.yaml" is no other file`:            {"b/main.yaml": start + "include: [main.yaml]\n"},
		`"x.yaml" is included: open b/x.yaml: file does not exist`: {"b/main.yaml": start + "include: [x.yaml]\n"},
		`b/x.yaml:2:6: unknown key "colour"`:                       {"b/main.yaml": start + "include: [x.yaml]\n", "b/x.yaml": "rules:\n  - {colour: red, id: linux.a.one, title: One, severity: low, " + passing + "}\n"},
		`b/x.yaml:1:1: unknown key "include"`:                      {"b/main.yaml": start + "include: [x.yaml]\n", "b/x.yaml": "include: [y.yaml]\nrules: []\n"},
		`b/x.yaml:2:5: rule linux.a.one is there twice, first in line 10 of b/main.yaml`: {
			"b/main.yaml": start + "include: [x.yaml]\nrules:\n  - {id: linux.a.one, title: One, severity: low, " + passing + "}\n",
			"b/x.yaml":    "rules:\n  - {id: linux.a.one, title: One, severity: low, " + passing + "}\n"},
		`"rules" is missing`:                  {"b/main.yaml": start},
		`b/x.yaml: larger than 1048576 bytes`: {"b/main.yaml": start + "include: [x.yaml]\n", "b/x.yaml": strings.Repeat("#", 1<<20)},
	} {
		if b, err := loadFS(files, options(&got)); b != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := load(start+"include: [x.yaml]\n", options(&got)); err == nil || !strings.Contains(err.Error(), "needs the folder") {
		t.Errorf("of a reader: got %v", err)
	}
}

// JSON and YAML of a baseline load to the same, and mistakes in JSON have their places as well.
func TestJSON(t *testing.T) {
	var got []args
	b, err := load(head+"  - {id: linux.a.one, title: \"O\\u00e9 <x>\", group: g, severity: low, references: {nist-800-53r5: [AC-2]}, needs: walk, url: \"https://example.org/\","+
		" check: {all: [{kind: test.status, args: {is: pass}}, {not: {kind: test.echo, args: {names: [a], max-bytes: 7, mode: \"0640\", limits: {x: 1}}}}]}}\n", options(&got))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Rules {
		b.Rules[i].Expr = b.Rules[i].Expr.WithoutPlaces()
	}
	again := func(text string) (*baseline.Baseline, error) {
		back, err := load(text, options(&got))
		if back != nil {
			for i := range back.Rules {
				back.Rules[i].Expr = back.Rules[i].Expr.WithoutPlaces()
			}
		}
		return back, err
	}
	same := cmp.Options{cmpopts.IgnoreUnexported(baseline.Baseline{}), cmpopts.IgnoreFields(baseline.Baseline{}, "Digest")}
	for name, variant := range map[string]string{
		"as it was written": string(text),
		"read as YAML":      "\n" + string(text),
		"with blanks":       strings.ReplaceAll(string(text), ",", ",\n"),
		"with odd blanks":   strings.ReplaceAll(string(text), `":`, `" :`),
	} {
		back, err := again(variant)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(back, b, same); d != "" || len(back.Compiled()) != 1 {
			t.Errorf("%s: %s", name, d)
		}
	}
	for was, is := range map[string]string{
		`"id":"linux.a.one"`:   `"id":"linux.a.two","id":"linux.a.one"`,
		`"severity":"low"`:     `"severity":"grave"`,
		`"kind":"test.status"`: `"kind":"test.none"`,
		`"max-bytes":7`:        `"max-bytes":"7"`,
		`"needs":"walk"`:       `"needs":"walk","colour":"red"`,
		`["AC-2"]`:             `["ZZ-9"]`,
		`["linux"]`:            `["linus"]`,
		`"group":"g"`:          `"group":"h"`,
		`"title":"Test"`:       `"title":7`,
		`"x":1`:                `"x":1,"x":1`,
	} {
		variant := strings.Replace(string(text), was, is, 1)
		if variant == string(text) {
			t.Fatalf("%s is not in %s", was, text)
		}
		back, err := again(variant)
		if back != nil || err == nil || !strings.HasPrefix(err.Error(), "test.yaml:1:") {
			t.Errorf("%s: got %v, want an error with its place", is, err)
		}
	}
	if _, err := again(string(text) + "{}"); err == nil {
		t.Error("a second document is taken")
	}
	if fmt.Sprint(b.Rules[0].Expr) != "(`test.status is=pass` and not `test.echo limits={x: 1} max-bytes=7 mode=0640 names=[a]`)" {
		t.Errorf("got %s", b.Rules[0].Expr)
	}
}
