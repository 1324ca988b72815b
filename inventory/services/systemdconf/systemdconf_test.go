package systemdconf_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

const (
	journald = "-- usr/lib/systemd/systemd-journald --\n"
	logind   = "-- usr/lib/systemd/systemd-logind --\n"
	timesync = "-- usr/lib/systemd/systemd-timesyncd --\n"
	v257     = "-- usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so --\n"
	v247     = "-- usr/lib/systemd/libsystemd-shared-247.so --\n"
)

func TestLookup(t *testing.T) {
	for name, c := range map[string]struct {
		fixture, file, key string
		want               string // value, source and line; empty where not ok
	}{
		"compiled":             {journald, "journald.conf", "Storage", "auto :0"},
		"in a comment":         {journald + "-- etc/systemd/journald.conf --\n[Journal]\n#Storage=none\n", "journald.conf", "Storage", "auto :0"},
		"main":                 {journald + "-- etc/systemd/journald.conf --\n[Journal]\nStorage=none\n", "journald.conf", "Storage", "none etc/systemd/journald.conf:2"},
		"byte order mark":      {journald + "-- etc/systemd/journald.conf --\n\ufeff[Journal]\r\nStorage=none", "journald.conf", "Storage", "none etc/systemd/journald.conf:2"},
		"the last":             {journald + "-- etc/systemd/journald.conf --\n[Journal]\nStorage=none\nStorage=volatile\n", "journald.conf", "Storage", "volatile etc/systemd/journald.conf:3"},
		"nonsense":             {journald + "-- etc/systemd/journald.conf --\n[Journal]\nStorage=none\nStorage=Persistent\n", "journald.conf", "Storage", "none etc/systemd/journald.conf:2"},
		"empty":                {journald + "-- etc/systemd/journald.conf --\n[Journal]\nStorage=persistent\nStorage=\n", "journald.conf", "Storage", ""},
		"other section":        {journald + "-- etc/systemd/journald.conf --\n[Journals]\nStorage=none\n", "journald.conf", "Storage", "auto :0"},
		"no section":           {journald + "-- etc/systemd/journald.conf --\nStorage=none\n", "journald.conf", "Storage", "auto :0"},
		"case of keys":         {journald + "-- etc/systemd/journald.conf --\n[Journal]\nstorage=none\n", "journald.conf", "Storage", "auto :0"},
		"drop-in of run":       {journald + "-- etc/systemd/journald.conf --\n[Journal]\nStorage=none\n-- run/systemd/journald.conf.d/a.conf --\n[Journal]\nStorage=volatile\n", "journald.conf", "Storage", "volatile run/systemd/journald.conf.d/a.conf:2"},
		"etc hides usr":        {journald + "-- etc/systemd/journald.conf.d/a.conf --\n-- usr/lib/systemd/journald.conf.d/a.conf --\n[Journal]\nStorage=volatile\n", "journald.conf", "Storage", "auto :0"},
		"masked":               {journald + "-- etc/systemd/journald.conf.d/a.conf link=/dev/null --\n-- usr/lib/systemd/journald.conf.d/a.conf --\n[Journal]\nStorage=volatile\n", "journald.conf", "Storage", "auto :0"},
		"dangling":             {journald + "-- etc/systemd/journald.conf.d/a.conf link=b --\n-- usr/lib/systemd/journald.conf.d/a.conf --\n[Journal]\nStorage=volatile\n", "journald.conf", "Storage", "auto :0"},
		"by name":              {journald + "-- etc/systemd/journald.conf.d/a.conf --\n[Journal]\nStorage=none\n-- usr/lib/systemd/journald.conf.d/b.conf --\n[Journal]\nStorage=volatile\n", "journald.conf", "Storage", "volatile usr/lib/systemd/journald.conf.d/b.conf:2"},
		"not .conf":            {journald + "-- etc/systemd/journald.conf.d/a.conf.bak --\n[Journal]\nStorage=none\n", "journald.conf", "Storage", "auto :0"},
		"vendor of 257":        {journald + v257 + "-- usr/lib/systemd/journald.conf --\n[Journal]\nStorage=none\n", "journald.conf", "Storage", "none usr/lib/systemd/journald.conf:2"},
		"vendor of 247":        {journald + v247 + "-- usr/lib/systemd/journald.conf --\n[Journal]\nStorage=none\n", "journald.conf", "Storage", "auto :0"},
		"vendor hidden":        {journald + v257 + "-- etc/systemd/journald.conf --\n-- usr/lib/systemd/journald.conf --\n[Journal]\nStorage=none\n", "journald.conf", "Storage", "auto :0"},
		"vendor masked":        {journald + v257 + "-- etc/systemd/journald.conf link=/dev/null --\n-- usr/lib/systemd/journald.conf --\n[Journal]\nStorage=none\n", "journald.conf", "Storage", "auto :0"},
		"a size":               {journald + "-- etc/systemd/journald.conf --\n[Journal]\nSystemMaxUse = 2G\n", "journald.conf", "SystemMaxUse", "2147483648 etc/systemd/journald.conf:2"},
		"a truth value":        {journald + "-- etc/systemd/journald.conf --\n[Journal]\nForwardToSyslog=TRUE\n", "journald.conf", "ForwardToSyslog", "yes etc/systemd/journald.conf:2"},
		"no truth value":       {journald + "-- etc/systemd/journald.conf --\n[Journal]\nForwardToSyslog=sure\n", "journald.conf", "ForwardToSyslog", ""},
		"a span":               {logind + "-- etc/systemd/logind.conf --\n[Login]\nStopIdleSessionSec=15 min 1s\n", "logind.conf", "StopIdleSessionSec", "901 etc/systemd/logind.conf:2"},
		"infinity":             {logind + "-- etc/systemd/logind.conf --\n[Login]\nStopIdleSessionSec=infinity\n", "logind.conf", "StopIdleSessionSec", "infinity etc/systemd/logind.conf:2"},
		"not known to 247":     {logind + v247 + "-- etc/systemd/logind.conf --\n[Login]\nStopIdleSessionSec=900\n", "logind.conf", "StopIdleSessionSec", "infinity :0"},
		"builds differ":        {logind, "logind.conf", "KillUserProcesses", ""},
		"a list":               {timesync + "-- etc/systemd/timesyncd.conf --\n[Time]\nNTP=a  b\nNTP=c\n", "timesyncd.conf", "NTP", "a b c etc/systemd/timesyncd.conf:3"},
		"a list, taken back":   {timesync + "-- etc/systemd/timesyncd.conf --\n[Time]\nNTP=a b\nNTP=\n-- etc/systemd/timesyncd.conf.d/x.conf --\n[Time]\nNTP=c\n", "timesyncd.conf", "NTP", "c etc/systemd/timesyncd.conf.d/x.conf:2"},
		"a list, emptied":      {timesync + "-- etc/systemd/timesyncd.conf --\n[Time]\nNTP=a b\nNTP=\n", "timesyncd.conf", "NTP", " etc/systemd/timesyncd.conf:3"},
		"a list, not set":      {timesync, "timesyncd.conf", "NTP", ""},
		"on a split usr":       {"-- lib/systemd/systemd-journald --\n-- lib/systemd/journald.conf.d/a.conf --\n[Journal]\nStorage=none\n", "journald.conf", "Storage", "none lib/systemd/journald.conf.d/a.conf:2"},
		"a line that goes on":  {timesync + "-- etc/systemd/timesyncd.conf --\n[Time]\nNTP=a \\\n b\n", "timesyncd.conf", "NTP", "a b etc/systemd/timesyncd.conf:2"},
		"a continuation ended": {timesync + "-- etc/systemd/timesyncd.conf --\n[Time]\nNTP=a \\", "timesyncd.conf", "NTP", "a etc/systemd/timesyncd.conf:2"},
	} {
		config, err := systemdconf.Fact.Of(t.Context(), inventorytest.System(t, c.fixture), c.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		section, known := systemdconf.Section(c.file, c.key)
		v, ok := config.Lookup(section, c.key)
		got := ""
		if ok {
			got = fmt.Sprintf("%s %s:%d", v.Value, v.Source, v.Line)
		}
		if got != c.want || !known {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		fixture string
		want    error
		says    string
	}{
		"no program":             {"-- etc/systemd/journald.conf --\n[Journal]\nStorage=none\n", inventory.ErrAbsent, "no systemd-journald"},
		"unreadable":             {journald + "-- etc/systemd/journald.conf error=EACCES --\n", nil, "etc/systemd/journald.conf"},
		"unreadable drop-in":     {journald + "-- etc/systemd/journald.conf.d/a.conf error=EIO --\n", nil, "a.conf"},
		"a folder as drop-in":    {journald + "-- etc/systemd/journald.conf.d/a.conf/b --\n", nil, "a.conf"},
		"broken section":         {journald + "-- etc/systemd/journald.conf --\n[Journal]\n[Journal\n", nil, "etc/systemd/journald.conf:2"},
		"vendor, version hidden": {journald + "-- usr/lib/systemd/journald.conf --\n", inventory.ErrUnavailable, "256"},
	} {
		_, err := systemdconf.Fact.Of(t.Context(), inventorytest.System(t, c.fixture), "journald.conf")
		if err == nil || c.want != nil && !errors.Is(err, c.want) || c.want == nil &&
			errors.Is(err, inventory.ErrAbsent) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := systemdconf.Fact.Of(t.Context(), inventorytest.System(t, journald), "x.conf"); err == nil {
		t.Error("x.conf: got no error")
	}
}

func TestFiles(t *testing.T) {
	c, err := systemdconf.Fact.Of(t.Context(), inventorytest.System(t, journald+
		"-- usr/lib/systemd/journald.conf.d/syslog.conf --\n-- etc/systemd/journald.conf.d/10.conf --\n-- etc/systemd/journald.conf --\n"), "journald.conf")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"etc/systemd/journald.conf", "etc/systemd/journald.conf.d/10.conf",
		"usr/lib/systemd/journald.conf.d/syslog.conf"}
	if d := cmp.Diff(c.Files, want); d != "" {
		t.Error(d)
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[string]time.Duration{"90": 90 * time.Second, "1h 30min": 90 * time.Minute,
		"1.5m": 90 * time.Second,
		"1M":   2629800 * time.Second, "5 5": 10 * time.Second, ".5s": 500 * time.Millisecond,
		"": -1, "5.": -1, "-5": -1, "x": -1, "5 x": -1, "infinity": -1, "1.2.3": -1, "9999y": -1} {
		got, ok := systemdconf.Span(v)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("span %q: got %v, %v", v, got, ok)
		}
	}
	for v, want := range map[string]int64{"0": 0, "64K": 65536, "1G 500M": 1<<30 + 500<<20, "1.5K": 1536, "7B": 7,
		"": -1, "1K 1K": -1, "1k": -1, "KB": -1, "1KB": -1, ".5K": -1, "99999999E": -1, "-1": -1} {
		got, ok := systemdconf.Size(v)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("size %q: got %v, %v", v, got, ok)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"1h 30min", "1G 5M", "µs", "\x00", "\xef\xbb\xbf1", "1\r\n", strings.Repeat("1", 1<<20)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := systemdconf.Span(s); ok && d < 0 {
			t.Fatalf("%q: %v", s, d)
		}
		if n, ok := systemdconf.Size(s); ok && n < 0 {
			t.Fatalf("%q: %v", s, n)
		}
	})
}

func ExampleSpan() {
	d, ok := systemdconf.Span("2min 30s")
	fmt.Println(d, ok)
	// Output: 2m30s true
}
