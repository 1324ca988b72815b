package pamlimits_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pamlimits"
)

func TestParse(t *testing.T) {
	got, err := pamlimits.Parse([]byte("# /etc/security/limits.conf\n*\thard  Core 0 # none\n@dev HARD nproc 20 more\nalice -\nbob - -\nx hard core\n\n \r\n- - - -\r\n*               soft    core            unlimited"))
	if err != nil {
		t.Fatal(err)
	}
	want := []pamlimits.Line{
		{Domain: "*", Type: "hard", Item: "core", Value: "0", Position: inventory.Position{Line: 2}},
		{Domain: "@dev", Type: "hard", Item: "nproc", Value: "20", Position: inventory.Position{Line: 3}},
		{Domain: "alice", Type: "-", Position: inventory.Position{Line: 4}},
		{Domain: "-", Type: "-", Item: "-", Value: "-", Position: inventory.Position{Line: 9}},
		{Domain: "*", Type: "soft", Item: "core", Value: "unlimited", Position: inventory.Position{Line: 10}},
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
}

func TestFact(t *testing.T) {
	const fixture = "-- etc/security/limits.conf --\n* hard core 0\n-- etc/security/limits.d/20-b.conf --\n* hard core 2\n-- etc/security/limits.d/10-a.conf --\n* hard core 1\n" +
		"-- etc/security/limits.d/30.txt --\n* hard core 3\n-- etc/security/limits.d/40.conf link=/dev/null --\n-- usr/etc/security/limits.d/10-a.conf --\n* hard core 4\n" +
		"-- usr/etc/security/limits.conf --\n* hard core 5\n-- etc/other --\n* hard core 6\n"
	sys := inventorytest.System(t, fixture)
	all, err := pamlimits.Fact.Of(t.Context(), sys)
	var got []string
	for _, l := range all {
		got = append(got, l.Source+" "+l.Value)
	}
	if want := "etc/security/limits.conf 0, etc/security/limits.d/10-a.conf 1, etc/security/limits.d/20-b.conf 2"; err != nil || strings.Join(got, ", ") != want {
		t.Errorf("got %q, %v", got, err)
	}
	if l, ok := pamlimits.Hard(all, "*", "core"); !ok || l.Value != "2" {
		t.Errorf("got %+v", l)
	}
	all, err = pamlimits.File.Of(t.Context(), sys, "etc/other")
	if err != nil || len(all) != 1 || all[0].Value != "6" {
		t.Errorf("another file: got %v, %v", all, err)
	}
	if _, err := pamlimits.File.Of(t.Context(), sys, "etc/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file as told: got %v", err)
	}
	if all, err := pamlimits.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/passwd --\n")); err != nil ||
		len(all) != 0 {
		t.Errorf("no files: got %v, %v", all, err)
	}
	for _, fixture := range []string{"-- etc/security/limits.conf error=EACCES --\n",
		"-- etc/security/limits.d dir error=EIO --\n", "-- etc/security/limits.d/x.conf dir --\n"} {
		if all, err := pamlimits.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %v", fixture, all)
		}
	}
}

func TestHard(t *testing.T) {
	for text, want := range map[string]string{
		"a hard core 0":                  "0",
		"a hard core 0\na soft core 1":   "0",
		"a hard core 0\na - core 1":      "1",
		"a hard core 0\nb hard core 1":   "0",
		"a hard core 0\na hard core x":   "0",
		"a hard core 0\na hard nproc 1":  "0",
		"a soft core 0":                  "none",
		"a hard core 0\na hard core -1":  "-1",
		"a hard core 0\na  bard core 20": "0",
	} {
		l, ok := pamlimits.Hard(parse([]byte(text)), "a", "core")
		if got := l.Value; ok && got != want || !ok && want != "none" {
			t.Errorf("%q: got %q, %v", text, got, ok)
		}
	}
}

// A session that pam_limits opens has the limit that Hard returns.
func TestAgreesWithPamLimits(t *testing.T) {
	oracle.Need(t, "chroot")
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	for name, text := range map[string]string{"etc/pam.d/su": "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_limits.so\n",
		"etc/passwd": "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n", "etc/group": "root:x:0:\nalice:x:1000:\n"} {
		write(t, tree, name, text)
	}
	for _, text := range []string{"* hard core 0", "* hard core 0\nalice hard core 5",
		"alice hard core 5\n* hard core 0", "* hard core 0\n* - core 7", "* - core 3\n* hard core x",
		"* hard core 0\n@alice hard core 4", "* hard core 0 5", "* HARD Core 0\nalice -", "1000: hard core 9\n* hard core 0"} {
		write(t, tree, "etc/security/limits.conf", text+"\n")
		got := strings.TrimSpace(string(oracle.Chroot(t, tree, "su", "alice", "-c", "ulimit -H -c")))
		want := "0"
		lines, err := pamlimits.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, domain := range []string{"*", "@alice", "1000:", "alice"} {
			if l, ok := pamlimits.Hard(lines, domain, "core"); ok {
				want = l.Value
			}
		}
		for _, l := range lines {
			if l.Item == "" {
				want = "unlimited"
			}
		}
		if kib := strings.TrimSpace(got); !same(kib, want) {
			t.Errorf("%q: got %s, want %s", text, kib, want)
		}
	}
}

// same compares a size that dash prints, in blocks of 512 bytes, with kibibytes.
func same(blocks, kib string) bool {
	var b, k int
	if n, _ := fmt.Sscan(blocks, &b); n == 0 {
		return blocks == kib
	}
	n, _ := fmt.Sscan(kib, &k)
	return n == 1 && b == 2*k
}

func write(t *testing.T, tree, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(tree, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("* hard core 0\r\n\xef\xbb\xbf# \x00\nalice -"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := pamlimits.Parse(b)
		if err != nil && all != nil {
			t.Fatal("lines beside an error")
		}
		for _, l := range all {
			if l.Domain == "" || l.Line < 1 || l.Item == "" && l.Type != "-" {
				t.Fatalf("%+v", l)
			}
		}
		pamlimits.Hard(all, "*", "core")
	})
}

func ExampleHard() {
	l, ok := pamlimits.Hard(parse([]byte("* hard core 0\n")), "*", "core")
	fmt.Println(l.Value, l.Line, ok)
	// Output: 0 1 true
}

func parse(b []byte) []pamlimits.Line {
	all, _ := pamlimits.Parse(b)
	return all
}

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 4, "# x\n": 4, "a b\n": 4, "* hard core 0\n": 48, "a -\n": 96} {
		growth.Test(t, "", unit, most, func(b []byte) { pamlimits.Parse(b) })
	}
}

func TestLimits(t *testing.T) {
	files := strings.Builder{}
	for i := range 2_001 {
		fmt.Fprintf(&files, "-- etc/security/limits.d/%04d.conf --\na hard core 0\n", i)
	}
	for want, fixture := range map[string]string{
		"etc/security/limits.conf: line 100001":  "-- etc/security/limits.conf --\n" + strings.Repeat("a -\n", 100_001),
		"etc/security/limits.d/2000.conf":        files.String(),
		"etc/security/limits.d/a.conf: line 101": "-- etc/security/limits.conf --\n" + strings.Repeat("a -\n", 99_900) + "-- etc/security/limits.d/a.conf --\n" + strings.Repeat("a -\n", 101),
	} {
		_, err := pamlimits.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
