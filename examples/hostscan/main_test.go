package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree is a small system on disk. Files of tests belong to whoever runs them, so only
// rules that do not ask for owners are used.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const osRelease = "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian 12\"\n"

// rules is a baseline of three rules of rising severity about accounts.
const rules = `format: hardening/v1
id: test
title: Test
version: "1"
rules:
  - {id: linux.test.low, title: Low, severity: low, check: {kind: account.unique}}
  - {id: linux.test.medium, title: Medium, severity: medium, check: {kind: account.superusers}}
  - {id: linux.test.high, title: High, severity: high, check: {kind: account.empty-password}}
`

func scanned(t *testing.T, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestExitCodes(t *testing.T) {
	base := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(base, []byte(rules), 0o644); err != nil {
		t.Fatal(err)
	}
	good := tree(t, map[string]string{"etc/os-release": osRelease, "etc/passwd": "root:*:0:0:::\n"})
	lowFails := tree(t, map[string]string{"etc/os-release": osRelease, "etc/passwd": "root:*:0:0:::\na:*:7:7:::\nb:*:7:7:::\n"})
	mediumFails := tree(t, map[string]string{"etc/os-release": osRelease, "etc/passwd": "root:*:0:0:::\ntoor:*:0:0:::\n"})
	broken := tree(t, map[string]string{"etc/os-release": osRelease, "etc/passwd": "root\n"})
	noShadow := tree(t, map[string]string{"etc/os-release": osRelease, "etc/passwd": "root:x:0:0:::\n"})
	elsewhere := tree(t, map[string]string{"etc/os-release": osRelease}) // without accounts no rule has a subject
	file := filepath.Join(good, "etc/passwd")
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"all pass":                     {[]string{"-root", good, "-fail-on", "info"}, exitOK},
		"a failure without fail-on":    {[]string{"-root", mediumFails}, exitOK},
		"a failure below the severity": {[]string{"-root", lowFails, "-fail-on", "medium"}, exitOK},
		"a failure of the severity":    {[]string{"-root", lowFails, "-fail-on", "low"}, exitFailed},
		"a failure above it":           {[]string{"-root", mediumFails, "-fail-on", "low"}, exitFailed},
		"no verdict":                   {[]string{"-root", broken, "-fail-on", "high"}, exitUnknown},
		"no verdict at all, allowed":   {[]string{"-root", broken, "-fail-on", "high", "-allow-unknown"}, exitUnknown},
		"one without, allowed":         {[]string{"-root", noShadow, "-fail-on", "low", "-allow-unknown"}, exitOK},
		"one without":                  {[]string{"-root", noShadow, "-fail-on", "low"}, exitUnknown},
		"no verdict without fail-on":   {[]string{"-root", broken}, exitOK},
		"unknown severity":             {[]string{"-root", good, "-fail-on", "grave"}, exitError},
		"the severity unknown":         {[]string{"-root", good, "-fail-on", "unknown"}, exitError},
		"nothing judged":               {[]string{"-root", elsewhere, "-fail-on", "high"}, exitUnknown},
		"nothing judged, allowed":      {[]string{"-root", elsewhere, "-fail-on", "high", "-allow-unknown"}, exitUnknown},
		"unknown format":               {[]string{"-root", good, "-format", "xml"}, exitError},
		"unknown flag":                 {[]string{"-x"}, exitError},
		"an argument":                  {[]string{"-root", good, "x"}, exitError},
		"live without root":            {[]string{"-live"}, exitError},
		"allow without fail-on":        {[]string{"-allow-unknown"}, exitError},
		"root is a file":               {[]string{"-root", file}, exitError},
		"root is not there":            {[]string{"-root", filepath.Join(good, "none")}, exitError},
		"help":                         {[]string{"-h"}, exitOK},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := scanned(t, append([]string{"-baseline", base}, c.args...)...)
			if code != c.want {
				t.Errorf("got exit %d, want %d\n%s%s", code, c.want, out, errs)
			}
			if code == exitError && errs == "" {
				t.Error("no word about the error")
			}
		})
	}
	for _, name := range []string{"no-such-baseline", file} {
		if code, _, errs := scanned(t, "-root", good, "-baseline", name); code != exitError || !strings.Contains(errs, name) {
			t.Errorf("-baseline %s: got exit %d, %s", name, code, errs)
		}
	}
}

func TestKeepGood(t *testing.T) {
	base := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(base, []byte(rules+"  - {id: linux.test.broken, title: B, severity: low, check: {kind: account.none}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	root := tree(t, map[string]string{"etc/os-release": osRelease, "etc/passwd": "root:*:0:0:::\n"})
	if code, _, errs := scanned(t, "-root", root, "-baseline", base); code != exitError || !strings.Contains(errs, "rules.yaml:9:") {
		t.Errorf("got exit %d, %s", code, errs)
	}
	code, out, errs := scanned(t, "-root", root, "-baseline", base, "-keep-good")
	if code != exitOK || !strings.Contains(out, "3 pass") || !strings.Contains(out, "rules were left out: ") {
		t.Errorf("got exit %d\n%s%s", code, out, errs)
	}
}

func TestReportFile(t *testing.T) {
	root := tree(t, map[string]string{"etc/os-release": osRelease, "etc/passwd": "root:*:0:0:::\n"})
	dir := t.TempDir()
	file := filepath.Join(dir, "report.json")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := scanned(t, "-root", root, "-format", "json", "-reads", "-o", file); code != exitOK || out != "" {
		t.Fatalf("got exit %d\n%s%s", code, out, errs)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		System   struct{ Root string }
		Outcomes []struct {
			Rule, Status string
			Reads        []string
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil || doc.System.Root != root || len(doc.Outcomes) < 20 {
		t.Errorf("got %v, %d outcomes of %s", err, len(doc.Outcomes), doc.System.Root)
	}
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != 1 {
		t.Errorf("got %v, %v beside the report", all, err)
	}
	if code, _, errs := scanned(t, "-root", root, "-o", filepath.Join(dir, "none", "x")); code != exitError || errs == "" {
		t.Errorf("a folder that is not there: got exit %d, %s", code, errs)
	}
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	root := tree(t, map[string]string{"etc/os-release": osRelease})
	if code := run(ctx, []string{"-root", root}, &out, &errs); code != exitError || out.Len() > 0 || errs.Len() == 0 {
		t.Errorf("got exit %d, %q, %q", code, out.String(), errs.String())
	}
}

func TestTreeWithoutOSRelease(t *testing.T) {
	root := tree(t, map[string]string{"etc/passwd": "root:*:0:0:::\n"})
	code, out, _ := scanned(t, "-root", root, "-fail-on", "info")
	if code != exitUnknown || !strings.Contains(out, "it is not known what the system runs") || strings.Contains(out, "pass,") {
		t.Errorf("got exit %d\n%s", code, out)
	}
}
