package logrotate_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/logrotate"
)

const text = `# general
weekly
rotate 4
/var/log/a /var/log/b
/var/log/c
{
	daily
	rotate=7
	maxage 5
}
"/var/log/q r" { monthly
	rotate 12
}
/var/log/s {
	size 10M
	rotate 3
}
/var/log/t { rotate 2
	postrotate
		rotate 99
		/bin/true }
	endscript
}
/var/log/u {
	rotate -1
	yearly
}
rotate 9
/var/log/v { }
/var/log/w {
	maxsize 5M
	hourly
}
/var/log/x {
	unknown 5
	size 1k
	daily
}
/var/log/y{
	rotate 0
}
/var/log/v { rotate 1
}
`

func show(c *logrotate.Config) string {
	var all []string
	for _, l := range c.Logs {
		days, forever, ok := l.Kept()
		all = append(all, fmt.Sprintf("%s %d %t %t", strings.Join(l.Patterns, " "), days, forever, ok))
	}
	return strings.Join(all, "\n")
}

func TestParse(t *testing.T) {
	c, err := logrotate.Parse([]byte(text))
	want := `/var/log/a /var/log/b /var/log/c 5 false true
/var/log/q r 360 false true
/var/log/s 0 false false
/var/log/t 14 false true
/var/log/u 0 true true
/var/log/v 63 false true
/var/log/w 0 false false
/var/log/x 9 false true
/var/log/y 0 false true
/var/log/v 7 false true`
	if err != nil || show(c) != want {
		t.Errorf("got %v\n%s", err, show(c))
	}
	if l, ok := c.Lookup("/var/log/v"); !ok || l.Rotate != 9 || l.Line != 29 {
		t.Errorf("got %+v", l)
	}
	for _, bad := range []string{"rotate x\n", "/x {\n", "/x { rotate 3 }\n", "\"/x {\n", "/x {\npostrotate\n", "; x\n", "\xef\xbb\xbfdaily\n", "/x {\nmaxage soon\n}\n"} {
		if c, err := logrotate.Parse([]byte(bad)); err == nil || c != nil {
			t.Errorf("%q: got %v", bad, c)
		}
	}
}

var rotating = regexp.MustCompile(`(?s)rotating pattern: (.*?)\s+(after 1 days|weekly|monthly|yearly|hourly|\d+ bytes) (?:\((-?\d+|no old logs will be kept) ?(?:rotations)?\))?`)

// logrotate -d must print the same periods and counts for each log.
func TestAgainstLogrotate(t *testing.T) {
	oracle.Need(t, "logrotate", "sh")
	file := filepath.Join(t.TempDir(), "logrotate.conf")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out, _ := oracle.Code(t, "sh", "-c", "logrotate -d -s "+file+".state "+file+" 2>&1")
	c, err := logrotate.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	period := map[string]float64{"after 1 days": 1, "weekly": 7, "monthly": 30, "yearly": 365, "hourly": 1. / 24}
	all := rotating.FindAllStringSubmatch(string(out), -1)
	if len(all) < 8 {
		t.Fatalf("%d logs in %s", len(all), out)
	}
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m[1]] {
			continue // logrotate finds no log for the second block of a name
		}
		seen[m[1]] = true
		l, ok := c.Lookup(strings.Trim(strings.Fields(m[1])[0], `"`))
		if strings.HasPrefix(m[1], `"/var/log/q`) {
			l, ok = c.Lookup("/var/log/q r")
		}
		if !ok || l.Days != period[m[2]] || m[3] != "" && m[3] != "no old logs will be kept" && fmt.Sprint(l.Rotate) != m[3] {
			t.Errorf("got %+v, want %q", l, m)
		}
	}
}

func TestFact(t *testing.T) {
	const program = "-- usr/sbin/logrotate --\n"
	for name, c := range map[string]struct {
		fixture, want string
		is            error
	}{
		"Debian":            {program + "-- etc/logrotate.conf --\nweekly\nrotate 4\ninclude /etc/logrotate.d\n-- etc/logrotate.d/apt --\n/var/log/apt/term.log {\n rotate 12\n monthly\n}\n-- etc/logrotate.d/a.dpkg-old --\n/x {\n}\n-- etc/logrotate.d/folder/x --\n/y { }\n", "/var/log/apt/term.log 360 false true", nil},
		"goes on":           {program + "-- etc/logrotate.conf --\nweekly\ninclude /etc/logrotate.d\n/z { }\n-- etc/logrotate.d/.a --\nrotate 3\n", "/z 21 false true", nil},
		"taboo":             {program + "-- etc/logrotate.conf --\ntabooext + .off\ninclude /etc/logrotate.d\n-- etc/logrotate.d/a.off --\n/a { }\n", "", nil},
		"include gone":      {program + "-- etc/logrotate.conf --\ninclude /etc/logrotate.d\n", "etc/logrotate.d", nil},
		"include of itself": {program + "-- etc/logrotate.conf --\ninclude /etc/logrotate.conf\n", "too many", inventory.ErrLimit},
		"mistake":           {program + "-- etc/logrotate.conf --\ninclude /etc/logrotate.d\n-- etc/logrotate.d/a --\n/a {\nrotate x\n}\n", "etc/logrotate.d/a:2", nil},
		"unreadable":        {program + "-- etc/logrotate.conf --\ninclude /etc/logrotate.d\n-- etc/logrotate.d/a error=EACCES --\n", "logrotate.d/a", nil},
		"not installed":     {"-- etc/logrotate.conf --\n", "no logrotate", inventory.ErrAbsent},
	} {
		config, err := logrotate.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if err != nil {
			if c.want == "" || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) || errors.Is(err, inventory.ErrAbsent) != (c.is == inventory.ErrAbsent) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := show(config); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{text, "\xef\xbb\xbfdaily", "/x {\r\n}\r\n", "rotate 1\nrotate 2", "\x00", strings.Repeat("/x {\n}\n", 1000), strings.Repeat("{", 1<<20)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := logrotate.Parse(b)
		if (c == nil) != (err != nil) {
			t.Fatal(c, err)
		}
		if c != nil {
			for _, l := range c.Logs {
				if l.Line < 1 {
					t.Fatalf("%+v", l)
				}
			}
		}
	})
}

func ExampleParse() {
	c, err := logrotate.Parse([]byte("weekly\nrotate 4\n/var/log/syslog { }\n"))
	days, _, _ := c.Logs[0].Kept()
	fmt.Println(days, err)
	// Output: 28 <nil>
}
