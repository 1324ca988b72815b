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
	"go.yaml.in/yaml/v4"
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
			b, err := builtin.Load(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("..", "..", "docs", name+".md")
			got := page(t, b, checksOf(t, name))
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

func page(t *testing.T, b *baseline.Baseline, checks map[string]*yaml.Node) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n%s\n\n", b.Title, strings.TrimSpace(b.Description))
	fmt.Fprintf(&out, "%d rules of the baseline `%s`, version %s. This page is made from the baseline by a test, which fails when it is no longer true: "+
		"what is judged and with which parameters is from the document, what is read from runs on the fixtures of each rule.\n", len(b.Rules), b.ID, b.Version)
	for _, g := range b.Groups {
		fmt.Fprintf(&out, "\n## %s\n", g.Title)
		for _, r := range b.Rules {
			if r.Group == g.ID {
				section(&out, r, checks[r.ID], readsOf(t, r))
			}
		}
	}
	if extra, err := os.ReadFile(filepath.Join("testdata", b.ID+".not-judged.md")); err == nil {
		out.WriteString("\n" + string(extra))
	}
	return out.String()
}

func section(out *strings.Builder, r check.Rule, checked *yaml.Node, reads []string) {
	fmt.Fprintf(out, "\n### %s\n\n%s.\n\n", r.ID, r.Title)
	fmt.Fprintf(out, "- severity: %s\n", r.Severity)
	if len(r.Platforms) > 0 {
		fmt.Fprintf(out, "- for: %s\n", strings.Join(r.Platforms, ", "))
	}
	fmt.Fprintf(out, "- judged by: %s\n", expression(checked))
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

// checksOf returns the node "check" of each rule of a baseline's document.
func checksOf(t *testing.T, name string) map[string]*yaml.Node {
	t.Helper()
	text, err := os.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Rules []struct {
			ID    string    `yaml:"id"`
			Check yaml.Node `yaml:"check"`
		} `yaml:"rules"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	all := map[string]*yaml.Node{}
	for _, r := range doc.Rules {
		all[r.ID] = &r.Check
	}
	return all
}

// expression writes a check in one line: `kind` with its arguments, joined by words.
func expression(n *yaml.Node) string {
	switch key := n.Content[0].Value; key {
	case "kind":
		text := "`" + n.Content[1].Value
		for i := 2; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "args" {
				args := n.Content[i+1]
				for j := 0; j+1 < len(args.Content); j += 2 {
					text += " " + args.Content[j].Value + "=" + flat(args.Content[j+1])
				}
			}
		}
		return text + "`"
	case "not":
		return "not " + expression(n.Content[1])
	case "when":
		return "if " + expression(n.Content[1]) + " then " + expression(n.Content[3])
	default:
		var parts []string
		for _, c := range n.Content[1].Content {
			parts = append(parts, expression(c))
		}
		joined := strings.Join(parts, map[string]string{"all": " and ", "any": " or "}[key])
		if len(parts) > 1 {
			joined = "(" + joined + ")"
		}
		return joined
	}
}

// flat writes a value in one line.
func flat(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, flat(c))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, n.Content[i].Value+": "+flat(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	if n.Value == "" || strings.ContainsAny(n.Value, " ,") {
		return fmt.Sprintf("%q", n.Value)
	}
	return n.Value
}

// readsOf returns what a rule reads of its fixtures, folded: folders with many files by
// their name, and subjects that lie in many places by theirs.
func readsOf(t *testing.T, rule check.Rule) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", rule.ID, "*.txtar"))
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
		out, err := check.Run(t.Context(), inventorytest.System(t, string(txtar.Format(ar))), []check.Rule{rule}, check.Options{})
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
	{regexp.MustCompile(`/systemd/(system|system-preset|systemd|libsystemd-shared[^/]*|system-generators|generator[^/]*|transient|system\.control|system\.attached)(/|$)|^(etc|run|usr/lib|usr/lib64|usr/local/lib|lib|usr/lib/[^/]+)/systemd$|^run/systemd/(?:system|generator)`), "the units of systemd"},
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
