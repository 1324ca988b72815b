package systemdconf_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

var header = regexp.MustCompile(`(?m)^# /(\S+\.conf)$`)

// systemd-analyze cat-config prints which files count, and in which order.
func TestAgainstCatConfig(t *testing.T) {
	oracle.Need(t, "systemd-analyze")
	for i, tree := range []map[string]string{
		{"etc/systemd/journald.conf": "[Journal]\n"},
		{"etc/systemd/journald.conf": "[Journal]\n", "etc/systemd/journald.conf.d/20.conf": "a", "run/systemd/journald.conf.d/10.conf": "a",
			"usr/local/lib/systemd/journald.conf.d/15.conf": "a", "usr/lib/systemd/journald.conf.d/05.conf": "a"},
		{"etc/systemd/journald.conf": "[Journal]\n", "etc/systemd/journald.conf.d/20.conf": "a", "run/systemd/journald.conf.d/20.conf": "b",
			"usr/lib/systemd/journald.conf.d/20.conf": "c", "usr/lib/systemd/journald.conf.d/B.conf": "c", "usr/lib/systemd/journald.conf.d/a.conf": "c",
			"usr/lib/systemd/journald.conf.d/.hidden.conf": "c", "usr/lib/systemd/journald.conf.d/x.conf~": "c"},
	} {
		root := t.TempDir()
		tree["usr/lib/systemd/systemd-journald"] = ""
		for name, text := range tree {
			file := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		c, err := systemdconf.Fact.Of(t.Context(), inventorytest.Folder(t, root), "journald.conf")
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, m := range header.FindAllStringSubmatch(string(oracle.Run(t, "systemd-analyze", "--root="+root,
			"cat-config", "systemd/journald.conf")), -1) {
			want = append(want, strings.TrimPrefix("/"+m[1], root+"/"))
		}
		if d := cmp.Diff(c.Files, want); d != "" || len(want) == 0 {
			t.Errorf("tree %d: %s", i, d)
		}
	}
}

func TestTreesAgainstCatConfig(t *testing.T) {
	for _, suite := range []string{"bullseye", "bookworm", "trixie"} {
		tree := oracle.Tree(t, suite)
		for _, name := range []string{"journald.conf", "logind.conf", "system.conf", "sleep.conf"} {
			c, err := systemdconf.Fact.Of(t.Context(), inventorytest.Folder(t, tree), name)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, m := range header.FindAllStringSubmatch(string(oracle.Chroot(t, tree, "systemd-analyze", "cat-config",
				"systemd/"+name)), -1) {
				want = append(want, m[1])
			}
			if d := cmp.Diff(c.Files, want); d != "" || len(want) == 0 {
				t.Errorf("%s, %s: %s", suite, name, d)
			}
		}
	}
}

var micro = regexp.MustCompile(`μs: (\d+)`)

func TestAgainstTimespan(t *testing.T) {
	oracle.Need(t, "systemd-analyze")
	for _, v := range []string{"90", "1h 30min", "1.5m", "1M", "1y 2months 3weeks 4days 5h 6m 7s 8ms 9us", "5 5",
		".5s", "5.", "-5", "x", "5 x", "1.2.3",
		"5minx", "5min3s", "5sec 3", "1 week2d", "3hr", "2µs", "5 s", "", "1e5", "0x10", "1 year", "1Min", "1D",
		"5 +5", "1min +30s", "1min+30s", "9\v0", "9 \v0", "1min\v30s", "5+5", "+ 5", "+5", "+.5", "\v.5", "5 .5", "1..5", "1 . 5", "1min -5", "5\v", "5s.5s", "4.35", "1.123456789"} {
		out, code := oracle.Code(t, "systemd-analyze", "timespan", v)
		d, ok := systemdconf.Span(v)
		if ok != (code == 0) {
			t.Errorf("%q: got %v, systemd-analyze ends with %d", v, ok, code)
		}
		if m := micro.FindSubmatch(out); ok && code == 0 &&
			(m == nil || fmt.Sprint(int64(d/time.Microsecond)) != string(m[1])) {
			t.Errorf("%q: got %v, want %s", v, d, out)
		}
	}
}
