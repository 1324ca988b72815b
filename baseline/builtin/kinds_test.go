package builtin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/kind"
)

func TestKindsAreSortedAndNamedOnce(t *testing.T) {
	var names []string
	for _, k := range builtin.Kinds() {
		names = append(names, k.Name())
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) || len(names) < 90 {
		t.Errorf("got %q", names)
	}
}

// Each kind says what is so where it passes, and what each of its arguments means; the package of
// its check names it.
func TestKindsDocumentThemselves(t *testing.T) {
	for _, k := range builtin.Kinds() {
		if k.Err() != nil || !strings.HasSuffix(k.Doc(), ".") {
			t.Errorf("%s: got %v and the sentence %q", k.Name(), k.Err(), k.Doc())
		}
		documented(t, k.Name(), k.Params())
		pkg, _, _ := strings.Cut(k.Name(), ".")
		text, err := os.ReadFile(filepath.Join("..", "..", "check", pkg, "kinds.go"))
		if err != nil {
			t.Fatal(err)
		}
		comment, _, _ := strings.Cut(string(text), "\nfunc Kinds(")
		if words := strings.FieldsFunc(comment, func(r rune) bool { return strings.ContainsRune(" \n,/", r) }); !slices.ContainsFunc(words, func(w string) bool { return strings.TrimSuffix(w, ".") == k.Name() }) {
			t.Errorf("the comment of %s.Kinds does not name %s", pkg, k.Name())
		}
	}
}

func documented(t *testing.T, of string, params []kind.Param) {
	t.Helper()
	for _, p := range params {
		if p.Doc == "" {
			t.Errorf("%s: %s does not say what it means", of, p.Name)
		}
		documented(t, of+" "+p.Name, p.Params)
	}
}

// The page of kinds is made from what they say of themselves.
func TestPageOfKindsIsTrue(t *testing.T) {
	var out strings.Builder
	fmt.Fprintf(&out, "# Ready-made checks\n\n%s\n", strings.Join([]string{
		"The kinds that a rule of a baseline may name, by the package of their checks below `check`. This page is",
		"made by a test from what the kinds say of themselves, and fails when it is no longer true."}, "\n"))
	out.WriteString(composed)
	subject := ""
	for _, k := range builtin.Kinds() {
		if pkg, _, _ := strings.Cut(k.Name(), "."); pkg != subject {
			subject = pkg
			fmt.Fprintf(&out, "\n## %s\n", subject)
		}
		describe(&out, k)
	}
	file := filepath.Join("..", "..", "docs", "kinds.md")
	if checktest.Updating() {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(out.String(), "\n"), strings.Split(string(want), "\n")); d != "" {
		t.Errorf("docs/kinds.md is not what the kinds say; go test ./baseline/builtin -run Page -update writes it:\n%s", d)
	}
}

// composed is how checks compose, as package check states it.
const composed = `
A check is {kind: ..., args: {...}}, or composes others:

| form | answers |
|---|---|
| {all: [...]} | fail if one fails; else error, unknown, notchecked if one is; else pass if one passes; else notapplicable |
| {any: [...]} | pass if one passes; else error, unknown, notchecked, fail; else notapplicable |
| {not: ...} | pass for fail and fail for pass; anything else stays |
| {when: ..., then: ...} | what "then" answers, where "when" passes; notapplicable where it fails or is; else what it is |

Values are compared as they are written: for octal ones, such as 027 and 0027, list each in quotes.
`

func describe(out *strings.Builder, k kind.Kind) {
	fmt.Fprintf(out, "\n### %s\n\n%s", k.Name(), k.Doc())
	if k.Needs() != 0 {
		fmt.Fprintf(out, " Needs: %s.", strings.ReplaceAll(k.Needs().String(), " ", ", "))
	}
	if k.States() != check.Configured {
		fmt.Fprintf(out, " Judges: %s.", strings.ReplaceAll(k.States().String(), " ", ", "))
	}
	out.WriteString("\n")
	if len(k.Params()) == 0 {
		return
	}
	out.WriteString("\n| argument | type | default | means |\n|---|---|---|---|\n")
	rows(out, "", k.Params())
}

// rows writes a row for each parameter, those of objects behind their own.
func rows(out *strings.Builder, within string, params []kind.Param) {
	for _, p := range params {
		typ, value := p.Type, "none"
		if p.Unit != "" {
			typ += ", " + p.Unit
		}
		switch {
		case p.Required:
			value = "**required**"
		case p.Default != nil:
			value = "`" + strings.Trim(strings.ReplaceAll(fmt.Sprint(p.Default), " ", ", "), "[]") + "`"
		}
		doc := p.Doc
		if len(p.Allowed) > 0 {
			doc += " (" + strings.Join(p.Allowed, ", ") + ")"
		}
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", within+p.Name, typ, value, strings.ReplaceAll(doc, "|", `\|`))
		rows(out, within+p.Name+".", p.Params)
	}
}
