package builtin_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const stream = "/usr/share/xml/scap/ssg/content/ssg-debian11-ds.xml"

// comparedTrees are the columns of the table: three releases as debootstrap makes them, and after
// the fixes of the stream.
func comparedTrees() []string {
	var all []string
	for _, s := range oracle.Suites {
		all = append(all, s, s+"-hardened")
	}
	return all
}

// Each rule with a counterpart in ComplianceAsCode's stream for Debian 11 is compared with
// OpenSCAP's verdict on it, tree by tree, and each difference has its reason in the table.
func TestAgainstOpenSCAP(t *testing.T) {
	oracle.Need(t, "oscap")
	if _, err := os.Stat(stream); err != nil {
		oracle.Lack(t, "no ssg-debian: "+err.Error())
	}
	everywhere := anyRelease(t)
	ours, theirs := map[string]map[string]check.Status{}, map[string]map[string]string{}
	for _, tree := range comparedTrees() {
		root := oracle.Tree(t, tree)
		ours[tree] = judgeTree(t, root)
		theirs[tree] = openscap(t, everywhere, root)
	}
	var b strings.Builder
	b.WriteString(openscapHeader)
	columns := comparedTrees()
	fmt.Fprintf(&b, "| rule here | rule there | %s | why they differ |\n|---%s|---|---|\n", strings.Join(columns, " | "), strings.Repeat("|---", len(columns)))
	for _, p := range counterparts {
		differ := false
		fmt.Fprintf(&b, "| %s | %s ", p.ours, p.theirs)
		for _, tree := range columns {
			o, ok := ours[tree][p.ours]
			their, there := theirs[tree][p.theirs]
			if !ok || !there {
				t.Fatalf("%s: %s or %s is no rule", tree, p.ours, p.theirs)
			}
			if o.String() == their {
				fmt.Fprintf(&b, "| %s ", their)
				continue
			}
			differ = true
			fmt.Fprintf(&b, "| **%s**, there %s ", o, their)
		}
		if differ != (p.why != "") {
			t.Errorf("%s and %s: they differ is %v, and the reason is %q: %v", p.ours, p.theirs, differ, p.why, verdicts(p, ours, theirs))
		}
		fmt.Fprintf(&b, "| %s |\n", p.why)
	}
	file := filepath.Join("..", "..", "docs", "openscap.md")
	if checktest.Updating() {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b.String(), string(want)); d != "" {
		t.Errorf("docs/openscap.md is not what the trees give; go test ./baseline/builtin -run OpenSCAP -update writes it:\n%s", d)
	}
}

func verdicts(p counterpart, ours map[string]map[string]check.Status, theirs map[string]map[string]string) string {
	var all []string
	for _, tree := range comparedTrees() {
		all = append(all, fmt.Sprintf("%s: %s, there %s", tree, ours[tree][p.ours], theirs[tree][p.theirs]))
	}
	return strings.Join(all, "; ")
}

func judgeTree(t *testing.T, root string) map[string]check.Status {
	t.Helper()
	b := source(t, "linux-server")
	cfg, err := inventory.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), b.Compiled(), check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]check.Status{}
	for _, o := range out {
		all[o.Rule.ID] = o.Result.Status
	}
	return all
}

// anyRelease returns a copy of the stream without its statement that it is for Debian 11
// only, for which OpenSCAP would not apply one rule of it to other releases.
func anyRelease(t *testing.T) string {
	t.Helper()
	const platform = `<xccdf-1.2:platform idref="cpe:/o:debian:debian_linux:11"/>`
	b, err := os.ReadFile(stream)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte(platform)); n != 1 {
		t.Fatalf("%s states its platform %d times", stream, n)
	}
	file := filepath.Join(t.TempDir(), "stream.xml")
	if err := os.WriteFile(file, bytes.Replace(b, []byte(platform), nil, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// hangs is long after oscap has ended where its probes do not wait for one another for ever,
// as they do now and then in version 1.3.7.
const hangs = 3 * time.Minute

// evaluate writes OpenSCAP's results for a tree. It is false where oscap did not end.
func evaluate(t *testing.T, stream, root, results string) bool {
	t.Helper()
	cmd := oracle.Command(t, "oscap", "xccdf", "eval", "--profile", "(all)", "--results", results, stream)
	cmd.Env = append(cmd.Env, "OSCAP_PROBE_ROOT="+root)
	cmd.WaitDelay = time.Minute
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killed := make(chan struct{})
	kill := time.AfterFunc(hangs, func() { close(killed); cmd.Process.Kill() })
	err := cmd.Wait()
	if !kill.Stop() {
		<-killed
		return false
	}
	if cmd.ProcessState.ExitCode() != 2 { // some rule did not pass
		t.Fatalf("oscap: %v\n%.2000s", err, &out)
	}
	return true
}

// openscap returns OpenSCAP's result for each rule of the stream on a tree.
func openscap(t *testing.T, stream, root string) map[string]string {
	t.Helper()
	results := filepath.Join(t.TempDir(), "results.xml")
	for tries := 1; !evaluate(t, stream, root, results); tries++ {
		if tries == 3 {
			t.Fatal("oscap hangs")
		}
	}
	f, err := os.Open(results)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string]string{}
	d := xml.NewDecoder(f)
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "rule-result" {
			continue
		}
		var r struct {
			Rule   string `xml:"idref,attr"`
			Result string `xml:"result"`
		}
		if err := d.DecodeElement(&r, &start); err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(r.Rule, "xccdf_org.ssgproject.content_rule_")] = r.Result
	}
	if len(all) < 300 {
		t.Fatalf("%d results only", len(all))
	}
	return all
}

func TestCounterpartsAreSorted(t *testing.T) {
	if !slices.IsSortedFunc(counterparts, func(a, b counterpart) int {
		return strings.Compare(a.ours+" "+a.theirs, b.ours+" "+b.theirs)
	}) {
		t.Error("they are not sorted")
	}
}
