package auditrules_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

// auditctl reports what is wrong with a rule before it asks the kernel, which refuses everything in
// namespaces of its own.
func TestAgainstAuditctl(t *testing.T) {
	oracle.Need(t, "auditctl", "unshare", "sh")
	if runtime.GOARCH != "amd64" {
		oracle.Lack(t, "the rules are for x86_64")
	}
	oracle.Try(t, nil, "unshare", "-Urnpf", "auditctl", "-v") // takes the right to make namespaces
	for i, l := range slices.Concat(accepted, refused) {
		if strings.TrimSpace(l) == "" || l[0] == '#' || l[0] == '\t' || strings.HasPrefix(l, "-D") || strings.HasPrefix(l, "-R") || strings.Contains(l, "\\") {
			continue // -D asks the kernel first, and the others are of files
		}
		args := []string{"-Urnpf", "sh", "-c", `auditctl "$@" 2>&1`, "sh"}
		for word := range strings.SplitSeq(l, " ") {
			if word != "" {
				args = append(args, word)
			}
		}
		out, _ := oracle.Code(t, "unshare", args...)
		complains := false
		for s := range strings.Lines(string(out)) {
			s = strings.TrimSpace(s)
			if s != "" && !strings.HasPrefix(s, "WARNING") && !strings.HasPrefix(s, "Warning") && s != "The audit system is disabled" && !strings.HasPrefix(s, "Old style") &&
				!strings.HasPrefix(s, "There was an error in line") && !strings.Contains(s, "Connection refused") && !strings.Contains(s, "supported by") {
				complains = true
			}
		}
		if want := i >= len(accepted); complains != want {
			t.Errorf("%q: auditctl says %s", l, out)
		}
	}
}

// augenrules runs with other folders than its own, and must write the same lines.
func TestAgainstAugenrules(t *testing.T) {
	oracle.Need(t, "augenrules", "sh", "awk", "cat", "cmp", "cp", "grep")
	script, err := os.ReadFile(strings.TrimSpace(string(oracle.Run(t, "sh", "-c", "command -v augenrules"))))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"-D\n", "-e 2\n", "-e 1\n", "-b 8192\n", "-b 64\n", "-f 1\n", "-w /etc/passwd -p wa -k x\n", "# comment\n", "   # comment\n", "\n", "-a always,exit -S open\n",
		"--backlog_wait_time 5\n", "-w /no/newline", "-D -k x\n", "#-e 2\n", "-i\n", "-c\n"}
	names := []string{"audit.rules", "10-a.rules", "9-a.rules", "010-b.rules", "a1.rules", "a10.rules", "a2.rules", "B.rules", "b.rules", "z~.rules", "z.rules", "1.x.rules",
		"1.2.rules", "x.rules.bak", ".h.rules", "30-ospp-v42-1.rules", "30-ospp-v42.rules", "30-ospp-v42-10.rules", "_x.rules", "a-b.rules", "ab.rules"}
	for range 60 {
		dir := t.TempDir()
		rules := filepath.Join(dir, "rules.d")
		if err := os.Mkdir(rules, 0o755); err != nil {
			t.Fatal(err)
		}
		texts := map[string][]byte{}
		for _, n := range names {
			if random.IntN(2) == 0 {
				continue
			}
			var text string
			for range random.IntN(5) {
				text += pieces[random.IntN(len(pieces))]
			}
			texts[n] = []byte(text)
			if err := os.WriteFile(filepath.Join(rules, n), texts[n], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		out := filepath.Join(dir, "audit.rules")
		changed := strings.NewReplacer("DestinationFile=/etc/audit/audit.rules", "DestinationFile="+out, "SourceRulesDir=/etc/audit/rules.d", "SourceRulesDir="+rules).Replace(string(script))
		if err := os.WriteFile(filepath.Join(dir, "script"), []byte(changed), 0o755); err != nil {
			t.Fatal(err)
		}
		oracle.Run(t, "sh", filepath.Join(dir, "script"))
		made, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for l := range strings.Lines(string(made)) {
			if l = strings.TrimRight(l, "\n"); l != "" && !strings.HasPrefix(strings.TrimLeft(l, " "), "#") {
				want = append(want, l)
			}
		}
		var order []string
		for n := range texts {
			if strings.HasSuffix(n, ".rules") && n[0] != '.' {
				order = append(order, n)
			}
		}
		slices.SortFunc(order, auditrules.VersionOrder)
		var sorted [][]byte
		for _, n := range order {
			sorted = append(sorted, texts[n])
		}
		got, err := auditrules.Merge(order, sorted)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got, want); d != "" {
			t.Fatalf("%q: %s", order, d)
		}
	}
}

func TestAgainstLs(t *testing.T) {
	oracle.Need(t, "ls", "sh")
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(3, 4))
	var names []string
	for range 300 {
		n := ""
		for range 1 + random.IntN(8) {
			n += string("019aB-_.~"[random.IntN(9)])
		}
		n = strings.TrimLeft(n, ".~-") + "x.rules"
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, n := range names {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(names, auditrules.VersionOrder)
	want := strings.Fields(string(oracle.Run(t, "sh", "-c", "LC_ALL=C ls -1v "+dir)))
	if d := cmp.Diff(names, want); d != "" {
		t.Error(d)
	}
}

// The table of system calls is that of libaudit, or of a later one.
func TestAgainstAusyscall(t *testing.T) {
	oracle.Need(t, "ausyscall")
	for _, m := range []string{"x86_64", "i386", "aarch64"} {
		n := 0
		for l := range strings.Lines(string(oracle.Run(t, "ausyscall", m, "--dump"))) {
			words := strings.Fields(l)
			if len(words) != 2 {
				continue
			}
			n++
			if r, err := auditrules.Parse(fmt.Appendf(nil, "-a always,exit -F arch=%s -S %s\n", m, words[1]), m); err != nil || r.Stopped != nil {
				t.Errorf("%s: %s: %v", m, words[1], err)
			}
		}
		if n < 200 {
			t.Errorf("%s: %d calls", m, n)
		}
	}
}
