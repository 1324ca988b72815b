package builtin_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// Each baseline has a page that is made from it and from what its rules read of their
// fixtures.
func TestPagesAreTrue(t *testing.T) {
	for _, name := range builtin.Names() {
		t.Run(name, func(t *testing.T) {
			b := source(t, name)
			file := filepath.Join("..", "..", "docs", name+".md")
			got := page(t, b)
			if checktest.Updating() {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(got, string(want)); d != "" {
				t.Errorf("docs/%s.md is not what the baseline says; go test ./baseline/builtin -run Pages -update writes it:\n%s", name, d)
			}
		})
	}
}

func page(t *testing.T, b *baseline.Baseline) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n%s\n\n", b.Title, strings.TrimSpace(b.Description))
	fmt.Fprintf(&out, "%d rules of the baseline `%s`, version %s. This page is made from the baseline by a test, which fails when it is no longer true: "+
		"what is judged and with which parameters is from the document, what is read from runs on the fixtures of each rule.\n", len(b.Rules), b.ID, b.Version)
	for _, g := range b.Groups {
		fmt.Fprintf(&out, "\n## %s\n", g.Title)
		for _, r := range b.Compiled() {
			if r.Rule.Group == g.ID {
				section(&out, r.Rule, readsOf(t, r))
			}
		}
	}
	if extra, err := os.ReadFile(filepath.Join("testdata", b.ID+".not-judged.md")); err == nil {
		out.WriteString("\n" + string(extra))
	}
	return out.String()
}

func section(out *strings.Builder, r check.Rule, reads []string) {
	fmt.Fprintf(out, "\n### %s\n\n%s.\n\n", r.ID, r.Title)
	fmt.Fprintf(out, "- severity: %s\n", r.Severity)
	if len(r.Platforms) > 0 {
		fmt.Fprintf(out, "- for: %s\n", strings.Join(r.Platforms, ", "))
	}
	fmt.Fprintf(out, "- judged by: %s\n", r.Expr)
	fmt.Fprintf(out, "- judges what is: %s\n", strings.ReplaceAll(r.States.String(), " ", ", "))
	fmt.Fprintf(out, "- read: %s\n", strings.Join(reads, ", "))
	for _, c := range []struct{ catalog, title string }{{"hipaa-security-rule", "HIPAA Security Rule"}, {"nist-800-53r5", "NIST SP 800-53r5"}} {
		var ids []string
		for _, ref := range r.References {
			if ref.Catalog == c.catalog {
				ids = append(ids, ref.ID)
			}
		}
		fmt.Fprintf(out, "- %s: %s\n", c.title, strings.Join(ids, ", "))
	}
}

// readsOf returns what a rule reads of its fixtures, folded: folders with many files by
// their name, and subjects that lie in many places by theirs.
func readsOf(t *testing.T, rule check.Compiled) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", rule.Rule.ID, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
		out, err := check.Run(t.Context(), inventorytest.System(t, string(txtar.Format(ar))), []check.Compiled{rule}, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range out[0].Reads {
			seen[r.Name] = true
		}
	}
	return folded(seen)
}

// subjects are the names that stand for many; what has the empty name is looked at on the
// way only.
var subjects = []struct {
	pattern *regexp.Regexp
	name    string
}{
	{regexp.MustCompile(`/systemd/(system|system-preset|systemd|libsystemd-shared[^/]*|system-generators|generator[^/]*|transient|system\.control|system\.attached)(/|$)|^(etc|run|usr/lib|usr/lib64|usr/local/lib|lib|usr/lib/[^/]+)/systemd$|^run/systemd/(?:system|generator)|(^|/)(udev/rules\.d|dbus-1/system-services)(/|$)|^var/lib/systemd/linger`), "the units of systemd"},
	{regexp.MustCompile(`^var/lib/dpkg\b|^(usr/)?lib/(sysimage/rpm|apk|opkg)\b|^var/lib/(rpm|opkg|pacman)\b`), "the package database"},
	{regexp.MustCompile(`^(etc/os-release|usr/lib/os-release)$`), "os-release"},
	{regexp.MustCompile(`^proc/sys/net/ipv4/conf\b`), "`proc/sys/net/ipv4/conf/*`"},
	{regexp.MustCompile(`^proc/sys/net/ipv6/conf\b`), "`proc/sys/net/ipv6/conf/*`"},
	{regexp.MustCompile(`(^|/)sysctl\.d(/|$)|^proc/sys/kernel$`), "sysctl.d"},
	{regexp.MustCompile(`^(dev|lib|bin|sbin|\.|etc|usr|var|run|usr/lib|usr/bin|usr/sbin|usr/local|usr/local/lib|usr/lib/[^/]*-linux-[^/]*)$`), ""},
}

// folded returns names for a reader: at most six of one folder.
func folded(seen map[string]bool) []string {
	byFolder := map[string][]string{}
	var all []string
	for name := range seen {
		i := slices.IndexFunc(subjects, func(s struct {
			pattern *regexp.Regexp
			name    string
		}) bool {
			return s.pattern.MatchString(name)
		})
		if i >= 0 {
			all = append(all, subjects[i].name)
			continue
		}
		byFolder[path.Dir(name)] = append(byFolder[path.Dir(name)], name)
	}
	for dir, names := range byFolder {
		if len(names) > 6 {
			names = []string{dir + "/*"}
		}
		all = append(all, names...)
	}
	all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
	slices.Sort(all)
	all = slices.Compact(all)
	for i, n := range all {
		if strings.Contains(n, "/") && n[0] != '`' {
			all[i] = "`" + n + "`"
		}
	}
	return all
}
